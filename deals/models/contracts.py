"""Contracts with clients: from the draft through visas and both signatures to their end (DL-06)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.history import track
from deals.querysets.contracts import ContractQuerySet


class DayType(models.TextChoices):
    """How a deferral is counted (D.6): «банковских дней» are working days."""

    CALENDAR = "calendar", _("calendar days")
    WORKING = "working", _("working days")


class ContractKind(models.TextChoices):
    """Kinds of L394 and L510."""

    SUPPLY = "supply", _("Supply")
    SALE = "sale", _("Sale and purchase")
    SERVICES = "services", _("Services")
    MARKETING = "marketing", _("Marketing")
    ADVERTISING = "advertising", _("Advertising materials")


class ContractState(models.TextChoices):
    """C.5 no. 10."""

    DRAFT = "draft", _("Draft")
    ON_APPROVAL = "on_approval", _("Being approved")
    RETURNED = "returned", _("Returned for rework")
    APPROVED = "approved", _("Approved, to be signed")
    SIGNED_BY_US = "signed_by_us", _("Signed by us")
    ACTIVE = "active", _("In force")
    EXPIRED = "expired", _("Expired")
    TERMINATED = "terminated", _("Terminated")
    CANCELLED = "cancelled", _("Not concluded")


CONTRACT_MOVES: dict[str, set[str]] = {
    ContractState.DRAFT: {ContractState.ON_APPROVAL, ContractState.CANCELLED},
    ContractState.ON_APPROVAL: {
        ContractState.APPROVED,
        ContractState.RETURNED,
        ContractState.DRAFT,
        ContractState.CANCELLED,
    },
    ContractState.RETURNED: {ContractState.ON_APPROVAL, ContractState.CANCELLED},
    ContractState.APPROVED: {
        ContractState.SIGNED_BY_US,
        ContractState.RETURNED,
        ContractState.CANCELLED,
    },
    ContractState.SIGNED_BY_US: {ContractState.ACTIVE, ContractState.CANCELLED},
    ContractState.ACTIVE: {ContractState.EXPIRED, ContractState.TERMINATED},
    ContractState.EXPIRED: set(),
    ContractState.TERMINATED: set(),
    ContractState.CANCELLED: set(),
}
IN_NEGOTIATION = ("draft", "on_approval", "returned", "approved", "signed_by_us")
WAS_IN_FORCE = ("active", "expired", "terminated")


@track()
class Contract(models.Model):
    """Number, terms, signatures and state; an addendum is a contract with a `parent`.

    What 1C names without its papers is in force and `is_imported`.
    """

    number = models.CharField(_("number"), max_length=100)
    client = models.ForeignKey(
        "clients.Client", models.PROTECT, related_name="contracts", verbose_name=_("client")
    )
    counterparty = models.ForeignKey(
        "clients.Counterparty",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contracts",
        verbose_name=_("counterparty"),
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="addenda",
        verbose_name=_("addendum to"),
    )
    # An accepted proposal that the client was promised this contract by, once.
    proposal = models.ForeignKey(
        "deals.Proposal",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contracts",
        verbose_name=_("proposal"),
    )
    kind = models.CharField(
        _("kind"), max_length=12, choices=ContractKind.choices, default=ContractKind.SUPPLY
    )
    is_standard = models.BooleanField(_("standard text"), default=True)
    subject = models.CharField(_("subject"), max_length=500, blank=True)
    # Roubles with VAT over the whole term; null: without a limit.
    amount = models.DecimalField(
        _("amount"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    auto_renew = models.BooleanField(_("renews automatically"), default=False)
    # Null: the terms of the client's category hold.
    deferral_days = models.PositiveSmallIntegerField(_("deferral"), null=True, blank=True)
    deferral_day_type = models.CharField(
        _("counted in"), max_length=8, choices=DayType.choices, default=DayType.CALENDAR
    )
    # Null: the law (article 395 of the Civil Code).
    penalty_pct_day = models.DecimalField(
        _("penalty a day, %"), max_digits=6, decimal_places=4, null=True, blank=True
    )
    penalty_cap_pct = models.DecimalField(
        _("penalty at most, %"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    claim_response_days = models.PositiveSmallIntegerField(_("answer to a claim"), default=30)
    claim_day_type = models.CharField(
        _("answer counted in"),
        max_length=8,
        choices=DayType.choices,
        default=DayType.CALENDAR,
    )
    # An act that stays unanswered so long counts as agreed; null: never.
    deemed_agreed_days = models.PositiveSmallIntegerField(
        _("act deemed agreed after, days"), null=True, blank=True
    )
    # Null: as the setting says; a longer notice than that holds for the client (PRICE-1).
    price_notice_days = models.PositiveSmallIntegerField(
        _("notice of new prices, days"), null=True, blank=True
    )
    note = models.TextField(_("note"), blank=True)

    state = models.CharField(
        _("state"), max_length=12, choices=ContractState.choices, default=ContractState.DRAFT
    )
    is_imported = models.BooleanField(_("from the books"), default=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contracts_written",
        verbose_name=_("author"),
    )
    # Who talks to the client now; a fiasco hands it up (L216).
    negotiator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contracts_negotiated",
        verbose_name=_("negotiator"),
    )
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    signed_by_us_on = models.DateField(_("signed by us on"), null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contracts_signed",
        verbose_name=_("signed by"),
    )
    authority = models.ForeignKey(
        "deals.PowerOfAttorney",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contracts",
        verbose_name=_("power of attorney"),
    )
    signed_by_client_on = models.DateField(_("signed by the client on"), null=True, blank=True)
    client_signatory = models.CharField(_("signed for the client by"), max_length=200, blank=True)
    client_authority = models.CharField(_("acting by"), max_length=200, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    end_reason = models.CharField(_("why it ended"), max_length=500, blank=True)

    external_id = models.CharField(_("external id"), max_length=100, blank=True)
    archived_at = models.DateTimeField(_("in the archive since"), null=True, blank=True)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True)
    version = models.PositiveIntegerField(default=1)

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        ordering = ("number", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["client", "number"], name="contract_number_once"),
            models.UniqueConstraint(
                fields=["proposal"],
                condition=~Q(state="cancelled"),
                name="contract_one_per_proposal",
            ),
            models.UniqueConstraint(
                "external_id", condition=~Q(external_id=""), name="contract_external_id_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(signed_on=None) | Q(ends_on__gte=F("signed_on")),
                name="contract_ends_after_its_start",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                name="contract_period_not_backwards",
            ),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gt=0), name="contract_amount_positive"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=WAS_IN_FORCE)
                | Q(is_imported=True)
                | Q(signed_by_us_on__isnull=False, signed_by_client_on__isnull=False),
                name="contract_in_force_has_both_signatures",
            ),
            models.CheckConstraint(
                condition=Q(signed_by_us_on=None, signed_by=None)
                | Q(signed_by_us_on__isnull=False, signed_by__isnull=False),
                name="contract_our_signature_has_its_person",
            ),
            models.CheckConstraint(
                condition=~Q(state="signed_by_us") | Q(signed_by_us_on__isnull=False),
                name="contract_signed_by_us_has_its_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["terminated", "cancelled"]) | ~Q(end_reason=""),
                name="contract_end_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(parent=F("pk")), name="contract_is_no_addendum_to_itself"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["number", "id"], name="contract_by_number"),
            models.Index(fields=["ends_on", "id"], name="contract_by_end"),
            models.Index(
                fields=["ends_on"],
                include=["client", "id"],
                condition=Q(state="active"),
                name="contract_active_by_end",
            ),
            models.Index(
                fields=["client", "ends_on"],
                condition=Q(state="active", parent=None, auto_renew=False),
                name="contract_last_of_client",
            ),
            models.Index(
                fields=["client", "ended_on"],
                condition=Q(state__in=["expired", "terminated"], parent=None),
                name="contract_ended",
            ),
            models.Index(
                fields=["state", "-id"],
                condition=Q(state__in=IN_NEGOTIATION),
                name="contract_in_negotiation",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("deals:contract_detail", args=[self.pk])

    @property
    def is_in_negotiation(self) -> bool:
        """Not concluded yet, and not given up."""
        return self.state in IN_NEGOTIATION
