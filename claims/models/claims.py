"""Claims of clients: what is wrong, by whose fault, what was decided (CM-01, L430, L454, L456)."""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.models.claim_words import (
    DECIDED_CLAIM,
    OPEN_CLAIM,
    UNSETTLED_CLAIM,
    ClaimChannel,
    ClaimDecision,
    ClaimKind,
    ClaimState,
    Compensation,
    GuiltyParty,
)
from claims.querysets import ClaimLineQuerySet, ClaimQuerySet, ClaimReasonQuerySet
from clients.models import Client, ContactPerson, Correspondence
from clients.models.contacts import Dictionary
from crm.history import track
from deals.models import Order, Product, Shipment, ShipmentLine


@track()
class ClaimReason(Dictionary):
    """What a claim is about (C.8); the customer may add reasons."""

    # Empty: of claims of both kinds.
    kind = models.CharField(_("of claims for"), max_length=7, choices=ClaimKind.choices, blank=True)
    # The purchasing department is told at once and not only of the decision (C.5 no. 19).
    tells_purchasing = models.BooleanField(_("purchasing is notified at once"), default=False)

    objects = ClaimReasonQuerySet.as_manager()

    class Meta(Dictionary.Meta):
        verbose_name = _("claim reason")
        verbose_name_plural = _("claim reasons")


@track(exclude=("idempotency_key",), in_bulk=True)
class Claim(models.Model):
    """A claim of a client; sums are roubles with VAT."""

    number = models.CharField(_("number"), max_length=40)
    client = models.ForeignKey(
        Client, models.PROTECT, related_name="claims", verbose_name=_("client"), db_index=False
    )
    person = models.ForeignKey(
        ContactPerson,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="claims",
        verbose_name=_("contact person"),
    )
    # The sale that is complained of; null: none in particular, or one that we do not know.
    shipment = models.ForeignKey(
        Shipment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="claims",
        verbose_name=_("shipment"),
    )
    order = models.ForeignKey(
        Order,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="claims",
        verbose_name=pgettext_lazy("of goods", "order"),
    )
    # The letter that it came by.
    letter = models.ForeignKey(
        Correspondence,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="claims",
        verbose_name=pgettext_lazy("of a client", "letter"),
    )
    # The day of the sale as the client or the file names it.
    sold_on = models.DateField(_("sold on"), null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=7, choices=ClaimKind.choices)
    reason = models.ForeignKey(
        ClaimReason, models.PROTECT, related_name="claims", verbose_name=_("reason")
    )
    channel = models.CharField(_("channel"), max_length=6, choices=ClaimChannel.choices)
    # Number and day that the client gave its letter.
    client_number = models.CharField(_("client's number"), max_length=100, blank=True)
    registered_on = models.DateField(_("registered on"))
    response_due = models.DateField(_("to be answered by"))
    claimed_amount = models.DecimalField(
        _("claimed"), max_digits=15, decimal_places=2, default=0, db_default=0
    )
    # The highest sum claimed before somebody lowered it who may not decide it: by it the limits go.
    lowered_from = models.DecimalField(
        _("lowered from"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    description = models.TextField(_("what happened"), max_length=4000, blank=True)
    state = models.CharField(
        _("state"), max_length=11, choices=ClaimState.choices, default=ClaimState.REGISTERED
    )
    # Who looks into it.
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="claims_to_review",
        verbose_name=_("looked into by"),
    )
    guilty_party = models.CharField(
        _("party at fault"), max_length=9, choices=GuiltyParty.choices, blank=True
    )
    guilty_person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="claims_by_fault",
        verbose_name=_("person at fault"),
    )
    findings = models.TextField(_("findings in detail"), max_length=4000, blank=True)
    decision = models.CharField(
        _("decision"), max_length=9, choices=ClaimDecision.choices, blank=True
    )
    satisfied_amount = models.DecimalField(
        _("satisfied"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The director who gave more than was claimed.
    beyond_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    compensation = models.CharField(
        _("compensation"), max_length=11, choices=Compensation.choices, blank=True
    )
    compensated_on = models.DateField(_("compensated on"), null=True, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    times_reopened = models.PositiveSmallIntegerField(default=0, db_default=0)
    # Why it was opened again, or why the client withdrew it.
    objection = models.CharField(_("objection"), max_length=1000, blank=True)
    purchasing_told_at = models.DateTimeField(null=True, blank=True)
    # Whose client it was when it came: the report by manager goes by this.
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="claims",
        verbose_name=_("manager"),
    )
    org_unit = models.ForeignKey(
        "accounts.OrgUnit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="claims",
        verbose_name=_("unit"),
    )
    # Finds an imported claim again; empty for typed ones.
    external_id = models.CharField(_("external id"), max_length=200, blank=True)
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ("-registered_on", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["number"], name="claim_number_once"),
            models.UniqueConstraint(
                "external_id", condition=~Q(external_id=""), name="claim_external_id_once"
            ),
            models.CheckConstraint(
                condition=Q(claimed_amount__gte=0), name="claim_amount_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(lowered_from=None) | Q(lowered_from__gt=F("claimed_amount")),
                name="claim_lowered_from_more",
            ),
            models.CheckConstraint(
                condition=Q(response_due__gte=F("registered_on")),
                name="claim_answered_after_it_came",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state__in=DECIDED_CLAIM, decided_on__isnull=False)
                    & Q(satisfied_amount__isnull=False)
                    & ~Q(decision="")
                    & ~Q(guilty_party="")
                )
                | (
                    ~Q(state__in=DECIDED_CLAIM)
                    & Q(decision="", decided_on=None, satisfied_amount=None, decided_by=None)
                ),
                name="claim_decided_has_decision",
            ),
            models.CheckConstraint(
                condition=Q(satisfied_amount=None)
                | Q(satisfied_amount__gte=0, satisfied_amount__lte=F("claimed_amount"))
                | Q(satisfied_amount__gte=0, beyond_by__isnull=False),
                name="claim_not_satisfied_beyond_claimed",
            ),
            models.CheckConstraint(
                condition=~Q(decision="rejected") | Q(satisfied_amount=0),
                name="claim_refused_gives_nothing",
            ),
            models.CheckConstraint(
                condition=~Q(state="compensated") | Q(compensated_on__isnull=False),
                name="claim_compensated_has_its_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(objection=""),
                name="claim_withdrawn_has_reason",
            ),
        ]
        indexes: ClassVar = [
            # With the sums of the register: those of a manager are of hundreds of clients.
            models.Index(
                fields=["client", "-registered_on"],
                include=["claimed_amount", "satisfied_amount"],
                name="claim_of_client",
            ),
            models.Index(fields=["registered_on", "id"], name="claim_by_day"),
            models.Index(
                fields=["response_due", "id"],
                include=["state", "client", "claimed_amount"],
                condition=Q(state__in=OPEN_CLAIM),
                name="claim_to_answer",
            ),
            # My day asks for the claims of hundreds of clients at once.
            models.Index(
                fields=["client", "response_due"],
                include=["registered_on"],
                condition=Q(state__in=OPEN_CLAIM),
                name="claim_open_of_client",
            ),
            models.Index(
                fields=["client", "decided_on"],
                include=["state", "decision", "compensation", "answered_on"],
                condition=Q(state__in=UNSETTLED_CLAIM),
                name="claim_to_settle",
            ),
            # Counts and sums of the register by fault, joined with clients of a category.
            models.Index(
                fields=["guilty_party", "client"],
                include=["claimed_amount", "satisfied_amount"],
                name="claim_by_fault",
            ),
            # The columns of the board: counts and cards without the rows.
            models.Index(
                fields=["state", "decided_on", "id"], include=["client"], name="claim_on_board"
            ),
            models.Index(fields=["state", "-registered_on", "-id"], name="claim_by_state"),
            models.Index(fields=["claimed_amount", "id"], name="claim_by_amount"),
            models.Index(
                Upper("client_number"),
                condition=~Q(client_number=""),
                name="claim_by_client_number",
            ),
            models.Index(
                fields=["decided_on", "id"],
                condition=Q(decided_on__isnull=False),
                name="claim_by_decision",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("claims:detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Nothing is decided yet."""
        return self.state in OPEN_CLAIM

    @property
    def amount_to_decide(self) -> Decimal:
        """The sum that says who decides: lowering it does not bring it within a lower limit."""
        return self.claimed_amount if self.lowered_from is None else self.lowered_from

    @property
    def is_owed(self) -> bool:
        """Satisfied, and the client has not got it yet."""
        given = self.decision in {ClaimDecision.SATISFIED, ClaimDecision.PARTIAL}
        return self.state == ClaimState.DECIDED and given and self.compensation != "none"

    @property
    def is_doubtful(self) -> bool:
        """It came before the sale that it complains of: flagged, not refused."""
        return self.sold_on is not None and self.registered_on < self.sold_on


@track(exclude=("position",), in_bulk=True, part_of="claim")
class ClaimLine(models.Model):
    """Goods that a claim complains of."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField(_("no."))
    # The line of the sale; null: the sale is not known, or names the goods otherwise.
    shipment_line = models.ForeignKey(
        ShipmentLine, models.PROTECT, null=True, blank=True, related_name="claim_lines"
    )
    product = models.ForeignKey(
        Product,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="claim_lines",
        verbose_name=_("product"),
    )
    name = models.CharField(_("name"), max_length=500, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=14, decimal_places=3)
    price = models.DecimalField(_("price"), max_digits=15, decimal_places=2, default=0)
    amount = models.DecimalField(_("amount"), max_digits=15, decimal_places=2, default=0)

    history_named: ClassVar = ("product", "name")
    history_shown: ClassVar = ("quantity", "price", "amount")
    objects = ClaimLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a claim")
        verbose_name_plural = _("lines of claims")
        ordering = ("claim", "position")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim", "position"], name="claim_line_position_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0), name="claim_line_quantity_positive"
            ),
            models.CheckConstraint(
                condition=Q(price__gte=0, amount__gte=0), name="claim_line_amount_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(product__isnull=False) | ~Q(name=""), name="claim_line_names_goods"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.name or self.product}"
