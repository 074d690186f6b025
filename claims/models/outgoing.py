"""Claims against customers: from an overdue debt to the court (CM-06, C.5 no. 22)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.querysets.outgoing import OutgoingClaimQuerySet, OutgoingLineQuerySet
from clients.models import Client, Counterparty
from crm.history import track
from crm.said import SaidField
from deals.models import DayType, Invoice, StopShipping


class OutgoingState(models.TextChoices):
    """C.5 no. 22; what happens in court is the state of the lawsuit."""

    DRAFT = "draft", pgettext_lazy("outgoing claim", "Draft")
    REQUESTED = "requested", _("Asked of the head")
    LEGAL_REVIEW = "legal_review", _("With the lawyer")
    SENT = "sent", pgettext_lazy("outgoing claim", "Sent")
    ANSWERED = "answered", _("Answered")
    TERM_EXPIRED = "term_expired", _("No answer on time")
    SATISFIED = "satisfied", pgettext_lazy("outgoing claim", "Satisfied")
    IN_COURT = "in_court", _("Lawsuit")
    CLOSED = "closed", pgettext_lazy("outgoing claim", "Closed")
    CANCELLED = "cancelled", pgettext_lazy("outgoing claim", "Cancelled")


OUTGOING_MOVES: dict[str, set[str]] = {
    OutgoingState.DRAFT: {
        OutgoingState.REQUESTED,
        OutgoingState.LEGAL_REVIEW,
        OutgoingState.CANCELLED,
    },
    OutgoingState.REQUESTED: {
        OutgoingState.LEGAL_REVIEW,
        OutgoingState.DRAFT,
        OutgoingState.CANCELLED,
    },
    OutgoingState.LEGAL_REVIEW: {
        OutgoingState.SENT,
        OutgoingState.DRAFT,
        OutgoingState.CANCELLED,
    },
    OutgoingState.SENT: {
        OutgoingState.ANSWERED,
        OutgoingState.TERM_EXPIRED,
        OutgoingState.SATISFIED,
        OutgoingState.IN_COURT,
        OutgoingState.CLOSED,
    },
    OutgoingState.ANSWERED: {
        OutgoingState.SATISFIED,
        OutgoingState.IN_COURT,
        OutgoingState.CLOSED,
    },
    OutgoingState.TERM_EXPIRED: {
        OutgoingState.ANSWERED,
        OutgoingState.SATISFIED,
        OutgoingState.IN_COURT,
        OutgoingState.CLOSED,
    },
    OutgoingState.IN_COURT: {OutgoingState.CLOSED},
    OutgoingState.SATISFIED: set(),
    OutgoingState.CLOSED: set(),
    OutgoingState.CANCELLED: set(),
}
UNSENT = ("draft", "requested", "legal_review")
WAITING = ("sent", "answered", "term_expired")  # with the client, not in court
ENDED = ("satisfied", "closed", "cancelled")


class SentBy(models.TextChoices):
    """Ways of sending that leave proof (APK art. 4 p. 5)."""

    POST = "post", _("Registered post with a list of contents")
    EDI = "edi", _("Electronic exchange of documents")


class AnswerKind(models.TextChoices):
    AGREES = "agrees", _("Agrees to pay")
    PARTLY = "partly", _("Agrees in part")
    REFUSES = "refuses", pgettext_lazy("answer to a claim", "Rejects")


class AccrualKind(models.TextChoices):
    """For one breach either the one or the other (Civil Code art. 395 p. 4)."""

    PENALTY = "penalty", _("Penalty of the contract")
    INTEREST = "interest", _("Interest (art. 395)")
    NONE = "none", _("Debt only")


@track()
class OutgoingClaim(models.Model):
    """A claim to one client over overdue invoices, roubles with VAT.

    Sums and `calculation` are those of `calculated_to`: what was sent stays as it was sent. What is
    left of it by now follows from the invoices.
    """

    number = models.CharField(_("number"), max_length=20, unique=True)
    client = models.ForeignKey(
        Client, models.PROTECT, related_name="outgoing_claims", verbose_name=_("client")
    )
    counterparty = models.ForeignKey(
        Counterparty,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("debtor"),
    )
    state = models.CharField(
        _("state"),
        max_length=12,
        choices=OutgoingState.choices,
        default=OutgoingState.DRAFT,
    )
    with_accrual = models.BooleanField(_("with penalty or interest"), default=True)
    calculated_to = models.DateField(_("counted to"))
    principal = models.DecimalField(_("debt"), max_digits=15, decimal_places=2)
    penalty = models.DecimalField(_("penalty"), max_digits=15, decimal_places=2, default=0)
    interest = models.DecimalField(_("interest"), max_digits=15, decimal_places=2, default=0)
    total = models.GeneratedField(
        expression=F("principal") + F("penalty") + F("interest"),
        output_field=models.DecimalField(_("claimed"), max_digits=15, decimal_places=2),
        db_persist=True,
    )
    # Each invoice and segment as it was counted; see claims.outgoing.sheets.
    calculation = models.JSONField(default=dict)
    note = models.TextField(_("note"), blank=True)
    # The term for the answer, from the contract (PRE-1).
    term_days = models.PositiveSmallIntegerField(_("deadline for the answer"))
    term_day_type = models.CharField(
        _("counted in"), max_length=8, choices=DayType.choices, default=DayType.CALENDAR
    )

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="outgoing_claims",
        verbose_name=_("author"),
    )
    initiated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    initiated_at = models.DateTimeField(_("handed to the lawyer"), null=True, blank=True)
    lawyer_note = models.CharField(_("words of the lawyer"), max_length=500, blank=True)

    sent_on = models.DateField(_("sent on"), null=True, blank=True)
    sent_by = models.CharField(_("sent by"), max_length=4, choices=SentBy.choices, blank=True)
    proof = models.CharField(_("number of the proof"), max_length=100, blank=True)
    lawyer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("lawyer"),
    )
    response_due = models.DateField(_("answer by"), null=True, blank=True)
    lawsuit_from = models.DateField(_("lawsuit from"), null=True, blank=True)

    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    answer_kind = models.CharField(
        _("answer"), max_length=8, choices=AnswerKind.choices, blank=True
    )
    answer = models.TextField(_("words of the answer"), blank=True)
    # The debtor has acknowledged the debt in writing: limitation begins anew (Civil Code 203).
    acknowledged = models.BooleanField(_("the debt is acknowledged"), default=False)

    # Penalty and interest are no invoices: what came for them is noted by hand.
    accrual_paid = models.DecimalField(
        _("paid of penalty and interest"), max_digits=15, decimal_places=2, default=0
    )
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    end_reason = SaidField(_("how it ended"), max_length=500, blank=True)
    stop = models.ForeignKey(
        StopShipping,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="outgoing_claims",
        verbose_name=_("shipping stop"),
    )
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = OutgoingClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim against a client")
        verbose_name_plural = _("claims against clients")
        ordering = ("-pk",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(principal__gt=0, penalty__gte=0, interest__gte=0),
                name="outgoing_sums_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(accrual_paid__gte=0, accrual_paid__lte=F("penalty") + F("interest")),
                name="outgoing_accrual_not_paid_beyond",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "requested", "cancelled"])
                | Q(initiated_by__isnull=False, initiated_at__isnull=False),
                name="outgoing_review_was_initiated",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state__in=[*UNSENT, "cancelled"], sent_on=None, proof="", sent_by="")
                    & Q(response_due=None, lawsuit_from=None)
                )
                | (
                    ~Q(state__in=[*UNSENT, "cancelled"])
                    & Q(sent_on__isnull=False, lawyer__isnull=False)
                    & Q(response_due__isnull=False, lawsuit_from__isnull=False)
                    & ~Q(proof="")
                    & ~Q(sent_by="")
                    & Q(response_due__gte=F("sent_on"), lawsuit_from__gt=F("response_due"))
                ),
                name="outgoing_sent_has_proof",
            ),
            models.CheckConstraint(
                condition=Q(answered_on=None, answer_kind="", acknowledged=False)
                | (
                    Q(answered_on__isnull=False, sent_on__isnull=False)
                    & Q(answered_on__gte=F("sent_on"))
                    & ~Q(answer_kind="")
                ),
                name="outgoing_answer_has_its_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | Q(answered_on__isnull=False),
                name="outgoing_answered_has_answer",
            ),
            models.CheckConstraint(
                condition=(Q(state__in=ENDED, ended_on__isnull=False) & ~Q(end_reason=""))
                | (~Q(state__in=ENDED) & Q(ended_on=None, end_reason="")),
                name="outgoing_ended_has_day_and_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "-id"], name="outgoing_of_client"),
            models.Index(
                fields=["response_due", "id"],
                condition=Q(state__in=WAITING),
                name="outgoing_waiting",
            ),
            models.Index(
                fields=["state", "-id"], condition=~Q(state__in=ENDED), name="outgoing_open"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("claims:outgoing_detail", args=[self.pk])

    @property
    def accrual(self) -> object:
        """Penalty and interest together."""
        return self.penalty + self.interest

    @property
    def is_open(self) -> bool:
        """Neither satisfied nor given up."""
        return self.state not in ENDED


@track(exclude=("position", "is_held"), part_of="claim")
class OutgoingLine(models.Model):
    """One invoice of a claim: what was owed on the day of the calculation, and what it adds."""

    claim = models.ForeignKey(OutgoingClaim, models.CASCADE, related_name="lines")
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="outgoing_lines")
    position = models.PositiveSmallIntegerField()
    principal = models.DecimalField(_("debt"), max_digits=15, decimal_places=2)
    kind = models.CharField(
        _("kind"), max_length=8, choices=AccrualKind.choices, default=AccrualKind.NONE
    )
    accrual = models.DecimalField(_("accrued"), max_digits=15, decimal_places=2, default=0)
    # An invoice stands in one claim at a time; given free when the claim ends.
    is_held = models.BooleanField(default=True)

    history_named: ClassVar = ("invoice",)
    history_shown: ClassVar = ("principal", "accrual")
    objects = OutgoingLineQuerySet.as_manager()

    class Meta:
        ordering = ("position",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim", "position"], name="outgoing_line_place"),
            models.UniqueConstraint(
                fields=["invoice"],
                condition=Q(is_held=True),
                name="outgoing_invoice_in_one_claim",
            ),
            models.CheckConstraint(
                condition=Q(principal__gt=0, accrual__gte=0), name="outgoing_line_not_negative"
            ),
            models.CheckConstraint(
                condition=~Q(kind="none") | Q(accrual=0), name="outgoing_line_accrual_has_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.invoice_id}"
