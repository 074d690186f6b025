"""Retro bonuses: premiums for volume agreed on a contract and accrued by period (DL-15)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models import Client
from crm.history import track
from deals.models.contracts import Contract
from deals.models.schemes import DaysIncluded
from deals.querysets import RetroAccrualQuerySet, RetroAgreementQuerySet


class RetroBase(models.TextChoices):
    """Of what the bonus is counted, without VAT."""

    SHIPMENTS_NET = "shipments_net", _("Shipments less returns")
    PAID_NET = "paid_net", _("Paid shipments")


class RetroPeriod(models.TextChoices):
    """How often it is counted; calendar periods."""

    MONTH = "month", _("Month")
    QUARTER = "quarter", _("Quarter")
    YEAR = "year", _("Year")


class RetroMode(models.TextChoices):
    """How tiers are applied (RETRO-1)."""

    FLAT = "flat", pgettext_lazy("tiers", "Flat")
    PROGRESSIVE = "progressive", pgettext_lazy("tiers", "Progressive")


class RetroState(models.TextChoices):
    """An agreement; what is returned for rework is a draft again."""

    DRAFT = "draft", _("Draft")
    ON_APPROVAL = "on_approval", _("Being approved")
    ACTIVE = "active", _("In force")
    REJECTED = "rejected", pgettext_lazy("retro agreement", "Rejected")
    DISCARDED = "discarded", pgettext_lazy("retro agreement", "Given up")
    EXPIRED = "expired", pgettext_lazy("retro agreement", "Expired")
    TERMINATED = "terminated", pgettext_lazy("retro agreement", "Ended early")


RETRO_MOVES: dict[str, set[str]] = {
    RetroState.DRAFT: {RetroState.ON_APPROVAL, RetroState.DISCARDED},
    RetroState.ON_APPROVAL: {RetroState.ACTIVE, RetroState.DRAFT, RetroState.REJECTED},
    RetroState.ACTIVE: {RetroState.EXPIRED, RetroState.TERMINATED},
    RetroState.REJECTED: set(),
    RetroState.DISCARDED: set(),
    RetroState.EXPIRED: set(),
    RetroState.TERMINATED: set(),
}


class AccrualState(models.TextChoices):
    """C.5 no. 30."""

    CALCULATED = "calculated", pgettext_lazy("retro bonus", "Calculated")
    CHECKED = "checked", _("Checked by accounting")
    APPROVED = "approved", pgettext_lazy("retro bonus", "Approved")
    OFFSET = "offset", _("Set off against the debt")
    PAID = "paid", pgettext_lazy("retro bonus", "Paid out")
    CLOSED = "closed", pgettext_lazy("retro bonus", "Closed")
    RECALCULATED = "recalculated", pgettext_lazy("retro bonus", "Recalculated")


_AGAIN = {AccrualState.RECALCULATED}
# A check closes at once what there is nothing to give of.
ACCRUAL_MOVES: dict[str, set[str]] = {
    AccrualState.CALCULATED: {AccrualState.CHECKED, *_AGAIN},
    AccrualState.RECALCULATED: {AccrualState.CHECKED, *_AGAIN},
    AccrualState.CHECKED: {AccrualState.APPROVED, AccrualState.CLOSED, *_AGAIN},
    AccrualState.APPROVED: {AccrualState.OFFSET, AccrualState.PAID, *_AGAIN},
    AccrualState.OFFSET: {AccrualState.CLOSED, *_AGAIN},
    AccrualState.PAID: {AccrualState.CLOSED, *_AGAIN},
    AccrualState.CLOSED: {*_AGAIN},
}
_WAS_APPROVED = Q(state__in=["active", "expired", "terminated"])
_ENDED = Q(ended_on__isnull=False, ended_by__isnull=False) & ~Q(end_reason="")


@track()
class RetroBonusAgreement(models.Model):
    """What a client is given afterwards for the volume under one contract, from day to day."""

    client = models.ForeignKey(
        Client, models.PROTECT, related_name="retro_agreements", verbose_name=_("client")
    )
    contract = models.ForeignKey(
        Contract, models.PROTECT, related_name="retro_agreements", verbose_name=_("contract")
    )
    base = models.CharField(
        _("base"), max_length=13, choices=RetroBase.choices, default=RetroBase.SHIPMENTS_NET
    )
    period = models.CharField(
        _("period"), max_length=7, choices=RetroPeriod.choices, default=RetroPeriod.QUARTER
    )
    mode = models.CharField(
        _("tier scale"), max_length=11, choices=RetroMode.choices, default=RetroMode.FLAT
    )
    # 381-FZ, article 9: bonus and services together are bounded.
    is_food = models.BooleanField(_("food"), default=False)
    services_pct = models.DecimalField(
        _("payment for services, %"), max_digits=5, decimal_places=2, default=0
    )
    conditions = models.TextField(_("conditions"), blank=True)
    valid_from = models.DateField(_("from"))
    # The last day; null: as long as the contract.
    valid_to = models.DateField(_("to, included"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=11, choices=RetroState.choices, default=RetroState.DRAFT
    )
    # Who wrote it last: only they send it, and never decide it.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="retro_agreements"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    # The first day on which it holds no more.
    ended_on = models.DateField(_("ended early on"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    end_reason = models.CharField(_("why ended"), max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = RetroAgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("retro bonus agreement")
        verbose_name_plural = _("retro bonus agreements")
        ordering = ("-valid_from", "-pk")
        constraints: ClassVar = [
            ExclusionConstraint(
                name="retro_one_a_day",
                expressions=[
                    ("contract", RangeOperators.EQUAL),
                    (DaysIncluded("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=["active", "expired"]),
            ),
            models.UniqueConstraint(
                fields=["contract"],
                condition=Q(state__in=["draft", "on_approval"]),
                name="retro_one_open_per_contract",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="retro_period_in_order",
            ),
            models.CheckConstraint(
                condition=Q(services_pct__gte=0, services_pct__lte=100),
                name="retro_services_of_hundred",
            ),
            models.CheckConstraint(
                condition=(_WAS_APPROVED & Q(approved_by__isnull=False, approved_at__isnull=False))
                | (~_WAS_APPROVED & Q(approved_by=None, approved_at=None)),
                name="retro_approved_has_approver",
            ),
            models.CheckConstraint(
                condition=(Q(state="terminated") & _ENDED)
                | (~Q(state="terminated") & Q(ended_on=None, ended_by=None, end_reason="")),
                name="retro_ended_early_has_reason",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "valid_to"], name="retro_by_state")]

    def __str__(self) -> str:
        return _now("Retro bonus under contract %(number)s") % {"number": self.contract.number}

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("deals:retro_detail", args=[self.pk])

    @property
    def last_day(self) -> date | None:
        """The last day that counts: agreed, or before it was ended."""
        if self.ended_on is None:
            return self.valid_to
        before = self.ended_on - timedelta(days=1)
        return min(before, self.valid_to or before)


@track(part_of="agreement")
class RetroBonusTier(models.Model):
    """From this base of a period on, roubles without VAT, this percent."""

    agreement = models.ForeignKey(RetroBonusAgreement, models.CASCADE, related_name="tiers")
    from_volume = models.DecimalField(_("from"), max_digits=15, decimal_places=2)
    pct = models.DecimalField(_("bonus, %"), max_digits=5, decimal_places=2)

    history_named: ClassVar = ("from_volume",)
    history_shown: ClassVar = ("pct",)

    class Meta:
        verbose_name = _("tier of a retro bonus")
        verbose_name_plural = _("tiers of retro bonuses")
        ordering = ("agreement", "from_volume")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agreement", "from_volume"], name="retro_tier_once"),
            models.CheckConstraint(
                condition=Q(from_volume__gte=0, pct__gte=0, pct__lte=100),
                name="retro_tier_in_bounds",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_volume} – {self.pct} %"


@track()
class RetroBonusAccrual(models.Model):
    """The bonus of one agreement for one period, roubles without VAT.

    `given_amount` is what was set off or paid of it; a recalculation may leave a rest to give, or
    to hold back.
    """

    agreement = models.ForeignKey(
        RetroBonusAgreement, models.PROTECT, related_name="accruals", verbose_name=_("agreement")
    )
    client = models.ForeignKey(
        Client, models.PROTECT, related_name="retro_accruals", verbose_name=_("client")
    )
    period_start = models.DateField(_("period from"))
    period_end = models.DateField(_("period to"))
    base = models.DecimalField(_("base without VAT"), max_digits=15, decimal_places=2)
    rate = models.DecimalField(_("rate, %"), max_digits=5, decimal_places=2)
    amount = models.DecimalField(_("bonus"), max_digits=15, decimal_places=2)
    is_capped = models.BooleanField(_("capped by law"), default=False)
    state = models.CharField(
        _("state"), max_length=12, choices=AccrualState.choices, default=AccrualState.CALCULATED
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    given_amount = models.DecimalField(
        _("settled"), max_digits=15, decimal_places=2, default=Decimal(0)
    )
    given_on = models.DateField(_("settled on"), null=True, blank=True)
    document = models.CharField(_("document"), max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = RetroAccrualQuerySet.as_manager()

    class Meta:
        verbose_name = _("accrued retro bonus")
        verbose_name_plural = _("accrued retro bonuses")
        ordering = ("-period_start", "-pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agreement", "period_start"], name="retro_accrual_once_a_period"
            ),
            models.CheckConstraint(
                condition=Q(period_end__gte=F("period_start")), name="retro_accrual_days_in_order"
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0, rate__gte=0, given_amount__gte=0),
                name="retro_accrual_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["calculated", "recalculated"], checked_by=None, checked_at=None
                )
                | Q(checked_by__isnull=False, checked_at__isnull=False)
                & ~Q(state__in=["calculated", "recalculated"]),
                name="retro_accrual_checked_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "offset", "paid"])
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="retro_accrual_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["offset", "paid"])
                | (Q(given_on__isnull=False, given_amount=F("amount")) & ~Q(document="")),
                name="retro_accrual_given_by_document",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(given_amount=F("amount")),
                name="retro_accrual_closed_is_given",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["client", "state"], name="retro_accrual_of_client"),
            models.Index(fields=["period_start", "id"], name="retro_accrual_by_period"),
        ]

    def __str__(self) -> str:
        return _now("Retro bonus for %(first)s – %(last)s") % {
            "first": f"{self.period_start:%d.%m.%Y}",
            "last": f"{self.period_end:%d.%m.%Y}",
        }

    def get_absolute_url(self) -> str:
        """The page of its agreement, where it stands."""
        return reverse("deals:retro_detail", args=[self.agreement_id]) + "#accruals"

    @property
    def to_give(self) -> Decimal:
        """Roubles not given yet; negative: to be held back."""
        return self.amount - self.given_amount
