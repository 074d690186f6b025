"""The client's own statement compared with an act, and the protocol of differences (DL-12)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.files.models import Attachment
from crm.history import track
from deals.models.acts import ActLine, ActLink, ReconciliationAct
from deals.querysets import ClientStatementQuerySet, DiscrepancyQuerySet


class DiscrepancyKind(models.TextChoices):
    MISSING_WITH_US = "missing_with_us", _("Missing in our books")
    MISSING_WITH_THEM = "missing_with_them", _("Missing in their books")
    DIFFERENT_AMOUNT = "different_amount", _("Different amount")
    OBJECTION = "objection", _("Objection in words")


class DiscrepancyState(models.TextChoices):
    """C.5 no. 18."""

    OPEN = "open", pgettext_lazy("difference", "Open")
    INVESTIGATING = "investigating", _("Being looked into")
    OURS_WRONG = "ours_wrong", _("Our books are wrong")
    THEIRS_WRONG = "theirs_wrong", _("Their books are wrong")
    CORRECTED = "corrected", _("Corrected")
    CLOSED = "closed", pgettext_lazy("difference", "Closed")


DISCREPANCY_MOVES: dict[str, set[str]] = {
    DiscrepancyState.OPEN: {
        DiscrepancyState.INVESTIGATING,
        DiscrepancyState.OURS_WRONG,
        DiscrepancyState.THEIRS_WRONG,
    },
    DiscrepancyState.INVESTIGATING: {
        DiscrepancyState.OURS_WRONG,
        DiscrepancyState.THEIRS_WRONG,
    },
    DiscrepancyState.OURS_WRONG: {DiscrepancyState.CORRECTED, DiscrepancyState.INVESTIGATING},
    DiscrepancyState.THEIRS_WRONG: {DiscrepancyState.CORRECTED, DiscrepancyState.INVESTIGATING},
    DiscrepancyState.CORRECTED: {DiscrepancyState.CLOSED},
    DiscrepancyState.CLOSED: set(),
}
FOUND_OUT = ("ours_wrong", "theirs_wrong", "corrected", "closed")


class StatementState(models.TextChoices):
    """What came by a personal link waits to be compared; what is no statement was refused."""

    WAITING = "waiting", _("Being compared")
    COMPARED = "compared", _("Compared")
    REFUSED = "refused", _("Not compared")


@track(exclude=("tries",))
class ClientStatement(models.Model):
    """What the client's file said and how it compared with a revision of the act."""

    act = models.ForeignKey(ReconciliationAct, models.PROTECT, related_name="statements")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    file_name = models.CharField(_("file"), max_length=255)
    revision = models.PositiveSmallIntegerField()
    # By which the client has sent it; none where one of us has compared it.
    link = models.ForeignKey(
        ActLink, models.PROTECT, null=True, blank=True, related_name="statements"
    )
    state = models.CharField(
        _("state"), max_length=8, choices=StatementState.choices, default=StatementState.COMPARED
    )
    refusal = models.CharField(_("why not compared"), max_length=300, blank=True)
    # How often its comparing was begun: one that ends its process is refused.
    tries = models.PositiveSmallIntegerField(default=0)
    # Theirs as read: balances, turnovers, lines; then the verdicts by line.
    read = models.JSONField(default=dict)
    verdicts = models.JSONField(default=dict)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ClientStatementQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="refused") ^ Q(refusal=""), name="statement_refused_says_why"
            ),
            models.CheckConstraint(
                condition=Q(state="compared") | Q(link__isnull=False, added_by=None),
                name="statement_waits_by_its_link",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], condition=Q(state="waiting"), name="statement_waiting"),
        ]

    def __str__(self) -> str:
        return self.file_name


@track()
class Discrepancy(models.Model):
    """One difference between our act and the client's books, roubles with VAT.

    Amounts are signed as our debit: positive raises what the client owes.
    """

    act = models.ForeignKey(ReconciliationAct, models.PROTECT, related_name="discrepancies")
    statement = models.ForeignKey(
        ClientStatement, models.PROTECT, null=True, blank=True, related_name="discrepancies"
    )
    kind = models.CharField(_("kind"), max_length=17, choices=DiscrepancyKind.choices)
    state = models.CharField(
        _("state"), max_length=13, choices=DiscrepancyState.choices, default="open"
    )
    our_line = models.ForeignKey(
        ActLine, models.SET_NULL, null=True, blank=True, related_name="discrepancies"
    )
    day = models.DateField(_("date"), null=True, blank=True)
    text = models.CharField(_("document"), max_length=500)
    our_amount = models.DecimalField(
        _("our books"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    their_amount = models.DecimalField(
        _("their books"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    # A code with its parameters: what the comparison proposes to look at.
    suggestion = models.JSONField(default=dict, blank=True)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="discrepancies",
        verbose_name=_("responsible"),
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    resolution = models.CharField(_("findings in detail"), max_length=1000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = DiscrepancyQuerySet.as_manager()

    class Meta:
        verbose_name = _("difference")
        verbose_name_plural = _("differences")
        ordering = ("act_id", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state__in=FOUND_OUT) | ~Q(resolution=""),
                name="discrepancy_found_out_says_what",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False)
                | (~Q(state="closed") & Q(closed_at=None)),
                name="discrepancy_closed_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(kind="objection")
                | Q(our_amount__isnull=False)
                | Q(their_amount__isnull=False),
                name="discrepancy_has_an_amount",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["responsible", "due_on"],
                condition=~Q(state__in=["corrected", "closed"]),
                name="discrepancy_to_do",
            ),
        ]

    def __str__(self) -> str:
        return self.text
