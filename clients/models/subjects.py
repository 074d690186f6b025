"""Requests of people about their personal data, and acts of its destruction (CL-19, D.13)."""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models.people import ContactPerson
from clients.querysets.subjects import DestructionActQuerySet, SubjectRequestQuerySet
from crm.history import track


class SubjectRequestKind(models.TextChoices):
    ACCESS = "access", _("What is stored about me")
    RECTIFY = "rectify", _("Correct my data")
    BLOCK = "block", _("Stop processing my data")
    DESTROY = "destroy", _("Destroy my data")
    WITHDRAW = "withdraw", _("Consent withdrawn")


class SubjectRequestState(models.TextChoices):
    OPEN = "open", pgettext_lazy("request of a person", "To be answered")
    ANSWERED = "answered", pgettext_lazy("request of a person", "Answered")
    REFUSED = "refused", pgettext_lazy("request of a person", "Rejected on a legal ground")


class SubjectChannel(models.TextChoices):
    PAPER = "paper", _("On paper")
    EMAIL = "email", _("By e-mail")
    PERSONAL = "personal", pgettext_lazy("request of a person", "In person")


SUBJECT_MOVES: dict[str, set[str]] = {
    SubjectRequestState.OPEN: {SubjectRequestState.ANSWERED, SubjectRequestState.REFUSED},
    SubjectRequestState.ANSWERED: set(),
    SubjectRequestState.REFUSED: set(),
}
WISHES_AN_END = (SubjectRequestKind.DESTROY, SubjectRequestKind.WITHDRAW)


def _user(label: Any, **options: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=label, **options
    )


@track()
class SubjectRequest(models.Model):
    """What a person asks about the own data, until when it is answered, and the answer."""

    number = models.CharField(_("number"), max_length=30, unique=True)
    person = models.ForeignKey(
        ContactPerson,
        models.PROTECT,
        related_name="subject_requests",
        verbose_name=_("contact person"),
    )
    kind = models.CharField(_("what is asked"), max_length=8, choices=SubjectRequestKind.choices)
    channel = models.CharField(_("how"), max_length=8, choices=SubjectChannel.choices)
    received_on = models.DateField(_("received on"))
    due_on = models.DateField(_("to be answered by"))
    extended_because = models.CharField(_("why the term was extended"), max_length=300, blank=True)
    note = models.TextField(_("words of the person"), max_length=2000, blank=True)
    state = models.CharField(
        _("state"),
        max_length=8,
        choices=SubjectRequestState.choices,
        default=SubjectRequestState.OPEN,
    )
    answer = models.TextField(_("answer"), max_length=4000, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    answered_by = _user(_("answered by"), null=True, blank=True)
    registered_by = _user(_("registered by"))
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = SubjectRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request of a person")
        verbose_name_plural = _("requests of people")
        ordering = ("-received_on", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="open", answer="", answered_on=None, answered_by=None)
                | (
                    Q(state__in=["answered", "refused"])
                    & Q(answered_on__isnull=False, answered_by__isnull=False)
                    & ~Q(answer="")
                ),
                name="subject_request_answered_whole",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("received_on")), name="subject_request_due_later"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_on"], condition=Q(state="open"), name="subject_request_open")
        ]

    def __str__(self) -> str:
        return f"{self.number}, {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return reverse("clients:subject_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == SubjectRequestState.OPEN

    def is_overdue(self, today: date) -> bool:
        """The last day of the answer has gone by."""
        return self.is_open and self.due_on < today


class DestructionGround(models.TextChoices):
    DEMAND = "demand", _("Demand of the person")
    CONSENT = "consent", _("Consent withdrawn")
    PURPOSE = "purpose", _("The purpose is achieved, the term of storing is over")


class DestructionState(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("act of destruction", "To be decided")
    APPROVED = "approved", pgettext_lazy("act of destruction", "Being carried out")
    DONE = "done", pgettext_lazy("act of destruction", "Destroyed")
    DECLINED = "declined", pgettext_lazy("act of destruction", "Declined")


DESTRUCTION_MOVES: dict[str, set[str]] = {
    DestructionState.PROPOSED: {DestructionState.APPROVED, DestructionState.DECLINED},
    DestructionState.APPROVED: {DestructionState.DONE, DestructionState.DECLINED},
    DestructionState.DONE: set(),
    DestructionState.DECLINED: set(),
}


@track()
class DestructionAct(models.Model):
    """Proposed by one person, approved by another, carried out by the clock; kept three years.

    `extract` says table by table how many rows lost the data, `kept` what stays by law. The act
    itself names the person by number only (order 179 of the regulator allows an identifier).
    """

    number = models.CharField(_("number"), max_length=30, unique=True)
    person = models.ForeignKey(
        ContactPerson,
        models.PROTECT,
        related_name="destruction_acts",
        verbose_name=_("contact person"),
    )
    request = models.ForeignKey(
        SubjectRequest,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="acts",
        verbose_name=_("request of a person"),
    )
    ground = models.CharField(_("ground"), max_length=8, choices=DestructionGround.choices)
    reason = models.TextField(_("reason"), max_length=1000)
    state = models.CharField(
        _("state"),
        max_length=8,
        choices=DestructionState.choices,
        default=DestructionState.PROPOSED,
    )
    proposed_by = _user(_("proposed by"))
    created_at = models.DateTimeField(_("proposed at"), auto_now_add=True)
    decided_by = _user(_("decided by"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    comment = models.CharField(_("comment"), max_length=500, blank=True)
    executed_at = models.DateTimeField(_("destroyed at"), null=True, blank=True)
    extract = models.JSONField(default=list)
    kept = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)

    objects = DestructionActQuerySet.as_manager()

    class Meta:
        verbose_name = _("act of destruction")
        verbose_name_plural = _("acts of destruction")
        ordering = ("-created_at", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state__in=["proposed", "approved"]),
                name="destruction_one_open",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                name="destruction_by_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by=None, decided_at=None)
                | (~Q(state="proposed") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="destruction_decided_whole",
            ),
            models.CheckConstraint(
                condition=Q(state="done", executed_at__isnull=False)
                | (~Q(state="done") & Q(executed_at=None)),
                name="destruction_done_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(comment=""),
                name="destruction_declined_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("clients:destruction_detail", args=[self.pk])
