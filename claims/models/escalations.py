"""Escalations: what one level could not settle, the next one must (CM-05, L216, L218, L266)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.models.claims import Claim
from claims.querysets import EscalationQuerySet
from clients.models import Client
from crm.history import track
from deals.models import Contract


class EscalationKind(models.TextChoices):
    CONTRACT = "contract", pgettext_lazy("escalation", "Conclusion of a contract")
    CONFLICT = "conflict", pgettext_lazy("escalation", "Conflict")
    CLAIM = "claim", pgettext_lazy("escalation", "Claim")
    RECEIVABLES = "receivables", pgettext_lazy("escalation", "Debt")


class EscalationLevel(models.TextChoices):
    SECTOR_HEAD = "sector_head", pgettext_lazy("level", "Sector head")
    DEPARTMENT_HEAD = "department_head", pgettext_lazy("level", "Department head")
    DIRECTOR = "director", pgettext_lazy("level", "Director")


class EscalationState(models.TextChoices):
    """C.5 no. 21; what a level could not settle ends as a fiasco and begins anew above it."""

    OPEN = "open", pgettext_lazy("escalation", "Handed up")
    IN_WORK = "in_work", pgettext_lazy("escalation", "In progress")
    RESOLVED = "resolved", pgettext_lazy("escalation", "Settled")
    FIASCO = "fiasco", pgettext_lazy("escalation", "Came to nothing")


ESCALATION_MOVES: dict[str, set[str]] = {
    EscalationState.OPEN: {
        EscalationState.IN_WORK,
        EscalationState.RESOLVED,
        EscalationState.FIASCO,
    },
    EscalationState.IN_WORK: {EscalationState.RESOLVED, EscalationState.FIASCO},
    EscalationState.RESOLVED: set(),
    EscalationState.FIASCO: set(),
}
OPEN_ESCALATION = (EscalationState.OPEN, EscalationState.IN_WORK)


@track()
class Escalation(models.Model):
    """One level's turn with a matter; the levels before it stand behind `parent`."""

    kind = models.CharField(_("kind"), max_length=11, choices=EscalationKind.choices)
    client = models.ForeignKey(
        Client, models.PROTECT, related_name="escalations", verbose_name=_("client")
    )
    claim = models.ForeignKey(
        Claim,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="escalations",
        verbose_name=_("claim"),
    )
    contract = models.ForeignKey(
        Contract,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="escalations",
        verbose_name=_("contract"),
    )
    level = models.CharField(_("level"), max_length=15, choices=EscalationLevel.choices)
    # The head does it in person and hands it to nobody (L216, L218).
    personally = models.BooleanField(_("in person"), default=False)
    subject = models.CharField(_("what it is about"), max_length=300)
    # What was tried before it came here.
    tried = models.TextField(_("what was tried"), max_length=4000, blank=True)
    # Null: the time of the level before it ran out.
    from_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="escalations_handed_up",
        verbose_name=_("handed up by"),
    )
    to_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="escalations",
        verbose_name=_("to be settled by"),
    )
    opened_on = models.DateField(_("handed up on"))
    due_on = models.DateField(_("to be settled by the day"))
    state = models.CharField(
        _("state"), max_length=8, choices=EscalationState.choices, default=EscalationState.OPEN
    )
    # How it was settled, or why it came to nothing.
    outcome = models.TextField(_("outcome"), max_length=4000, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    # The time ran out, and nobody said so.
    by_time = models.BooleanField(_("time ran out"), default=False)
    parent = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="above"
    )
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = EscalationQuerySet.as_manager()

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering = ("-opened_on", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind="claim", claim__isnull=False, contract=None)
                | Q(kind="contract", contract__isnull=False, claim=None)
                | Q(kind__in=["conflict", "receivables"], claim=None, contract=None),
                name="escalation_names_its_record",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("opened_on")), name="escalation_due_after_it_came"
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_ESCALATION, ended_on=None)
                | (~Q(state__in=OPEN_ESCALATION) & Q(ended_on__isnull=False)),
                name="escalation_ended_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN_ESCALATION) | ~Q(outcome="") | Q(by_time=True),
                name="escalation_ended_says_how",
            ),
            models.UniqueConstraint(
                fields=["claim"],
                condition=Q(state__in=OPEN_ESCALATION),
                name="escalation_of_claim_once",
            ),
            models.UniqueConstraint(
                fields=["contract"],
                condition=Q(state__in=OPEN_ESCALATION),
                name="escalation_of_contract_once",
            ),
            models.UniqueConstraint(
                fields=["client", "kind"],
                condition=Q(state__in=OPEN_ESCALATION, kind__in=["conflict", "receivables"]),
                name="escalation_of_client_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_on", "id"],
                condition=Q(state__in=OPEN_ESCALATION),
                name="escalation_to_settle",
            ),
            models.Index(fields=["opened_on", "id"], name="escalation_by_day"),
            models.Index(fields=["due_on", "id"], name="escalation_by_due"),
        ]

    def __str__(self) -> str:
        return _now("%(kind)s: %(subject)s") % {
            "kind": self.get_kind_display(),
            "subject": self.subject,
        }

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("claims:escalation_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """To be settled."""
        return self.state in OPEN_ESCALATION
