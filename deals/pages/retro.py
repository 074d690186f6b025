"""What the page of a retro bonus shows; every part is read when it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from django.utils import timezone

from clients.models import Client
from crm.accounts.models import User
from crm.approvals.models import LimitLevel
from crm.approvals.way import WayOfApproval
from crm.money import format_percent
from deals import permissions
from deals.actions.retro import food_cap, food_room, tiers_of
from deals.actions.retro_accruals import count_bonus
from deals.bonuses.food_terms import FoodTerm, food_term
from deals.bonuses.retro import Bonus, Tier, next_tier, period_of
from deals.bonuses.retro_base import counts_nameless, without_contract
from deals.conditions.signature_limits import RETRO
from deals.models import Contract, RetroBonusAccrual, RetroBonusAgreement, RetroState
from deals.pages.terms import SignerLine

SHOWN = 10
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class RetroTerms:
    """Tiers in words of the law: how much of the bound is taken."""

    agreement: RetroBonusAgreement
    tiers: list[Tier]
    # Percent that the law leaves for the bonus; None: no food.
    room: Decimal | None

    @property
    def highest(self) -> Decimal:
        return max((tier.pct for tier in self.tiers), default=Decimal(0))

    @property
    def with_services(self) -> Decimal:
        return self.highest + self.agreement.services_pct

    @property
    def cap(self) -> Decimal:
        return food_cap()

    @cached_property
    def term(self) -> FoodTerm | None:
        """The deferral of the contract, where food goes under it (D.10)."""
        if not self.agreement.is_food:
            return None
        return food_term(self.agreement.client, self.agreement.contract, timezone.localdate())

    @property
    def is_unlawful(self) -> bool:
        """The bound was lowered after it had been agreed."""
        return self.room is not None and self.with_services > self.cap


def terms_of(agreement: RetroBonusAgreement) -> RetroTerms:
    """The tiers and the bound of the law."""
    return RetroTerms(agreement, tiers_of(agreement), food_room(agreement))


@dataclass(frozen=True)
class Calculation:
    """What days, or a base that was typed, earn; and how far the next tier is."""

    first: date
    last: date
    bonus: Bonus
    following: Tier | None
    # What the next tier would give when it is just reached.
    at_next: Bonus | None

    @property
    def left(self) -> Decimal:
        """Roubles without VAT to the next tier."""
        return self.following.from_volume - self.bonus.base if self.following else Decimal(0)


def calculate(
    agreement: RetroBonusAgreement, first: date, last: date, base: Decimal | None = None
) -> Calculation:
    """«Посчитать»: by the documents of the days, or by the base given."""
    bonus = count_bonus(agreement, first, last, base=base)
    following = next_tier(bonus.base, tiers_of(agreement))
    at_next = None
    if following is not None:
        at_next = count_bonus(agreement, first, last, base=following.from_volume)
    return Calculation(first, last, bonus, following, at_next)


def last_period(agreement: RetroBonusAgreement, today: date) -> Calculation:
    """The last whole period before today by the terms: what they would have cost."""
    first = period_of(today, agreement.period).first
    before = period_of(first - timedelta(days=1), agreement.period)
    return calculate(agreement, before.first, before.last)


@dataclass(frozen=True)
class AccrualRow:
    """One accrual with what the person may do about it."""

    accrual: RetroBonusAccrual
    user: User

    @property
    def may_check(self) -> bool:
        return permissions.can_check_accrual(self.user, self.accrual)

    @property
    def may_recount(self) -> bool:
        return permissions.can_recount_accrual(self.user, self.accrual)

    @property
    def may_approve(self) -> bool:
        return permissions.can_approve_accrual(self.user, self.accrual)

    @property
    def may_give(self) -> bool:
        return permissions.can_give_accrual(self.user, self.accrual)

    @property
    def may_close(self) -> bool:
        return permissions.can_close_accrual(self.user, self.accrual)


class RetroPage(WayOfApproval):
    """One visible agreement for one person."""

    def __init__(self, agreement: RetroBonusAgreement, user: User, today: date) -> None:
        self.agreement = self.target = agreement
        self.user, self.today = user, today

    @cached_property
    def terms(self) -> RetroTerms:
        return terms_of(self.agreement)

    @cached_property
    def accruals(self) -> list[AccrualRow]:
        """All periods, the latest first."""
        rows = self.agreement.accruals.select_related("client", "checked_by", "approved_by")
        return [AccrualRow(row, self.user) for row in rows]

    @cached_property
    def nameless(self) -> int:
        """Documents of a year that name no contract."""
        return without_contract(self.agreement, self.today - YEAR, self.today)

    @cached_property
    def counts_nameless(self) -> bool:
        """They count here, for there is no bonus under another contract."""
        return counts_nameless(self.agreement)

    @property
    def returned_with(self) -> str:
        """What the one who returned it has written."""
        draft = self.agreement.state == RetroState.DRAFT
        if not draft or self.approval is None or self.approval.state != "returned":
            return ""
        comments = [step.comment for step in self.approval.steps.all() if step.state == "returned"]
        return comments[-1] if comments else ""

    @property
    def sees_money(self) -> bool:
        """Contracts and documents are not for marketing."""
        return permissions.can_see_money(self.user)

    @property
    def may_edit(self) -> bool:
        return permissions.can_edit_retro(self.user, self.agreement)

    @property
    def may_submit(self) -> bool:
        return permissions.can_submit_retro(self.user, self.agreement)

    @property
    def may_end(self) -> bool:
        return permissions.can_end_retro(self.user, self.agreement)


@dataclass(frozen=True)
class RetroOfClient:
    """The part of the client card: what holds or is being prepared, then the latest others."""

    client: Client
    user: User
    contract: Contract | None = None

    @cached_property
    def rows(self) -> list[RetroBonusAgreement]:
        found = RetroBonusAgreement.objects.visible_to(self.user).filter(client=self.client)
        if self.contract is not None:
            found = found.filter(contract=self.contract)
        return list(found.exclude(state=RetroState.DISCARDED).for_list()[:SHOWN])

    @cached_property
    def owed(self) -> Decimal:
        """Accrued and not given yet; never netted with the debt."""
        rows = RetroBonusAccrual.objects.visible_to(self.user).filter(client=self.client)
        if self.contract is not None:
            rows = rows.filter(agreement__contract=self.contract)
        total: Decimal = rows.owed()
        return total

    @cached_property
    def contracts(self) -> list[Contract]:
        """Under which the person may write one now."""
        if self.contract is not None:
            found = [self.contract]
        else:
            rows = Contract.objects.visible_to(self.user).filter(client=self.client)
            found = list(rows.main().in_force().select_related("client")[:SHOWN])
        taken = {
            row.contract_id
            for row in self.rows
            if row.state in {"draft", "on_approval"} or (row.state == "active" and not row.valid_to)
        }
        return [
            one
            for one in found
            if one.pk not in taken and permissions.can_write_retro(self.user, one)
        ]


def retro_signers() -> list[SignerLine]:
    """Who decides about which rate, the smallest first; marketing and accounting see it before."""
    levels = LimitLevel.objects.filter(route__kind=RETRO, route__active=True)
    return [
        SignerLine(
            level.get_role_display(),
            "" if level.max_percent is None else format_percent(level.max_percent),
        )
        for level in sorted(levels, key=lambda one: (one.max_percent is None, one.max_percent))
    ]
