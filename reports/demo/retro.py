"""Retro bonuses of the demo: agreements on their way and in force, accruals in every state."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from clients.models import Client
from crm.accounts.models import User
from crm.approvals.actions import decide
from crm.approvals.models import Approval
from crm.approvals.signers import turn_of
from crm.calendar import month_start
from crm.money import round_half_up
from deals.actions import retro
from deals.actions import retro_accruals as accruals
from deals.actions.contracts import draft_contract
from deals.bonuses.retro import Tier, period_of
from deals.bonuses.retro_base import base_of
from deals.models import Contract, ContractState, RetroBonusAccrual, RetroBonusAgreement
from reports.demo.contracts import TERMS
from reports.demo.people import Staff

MONTHS_BACK = 15
PURPOSE = "Рамочный договор поставки сети"
CONDITIONS = (
    "Нет просрочки дольше 10 дней на последний день периода; наш ассортимент на полках всех"
    " магазинов сети."
)
# Period, mode, base, food, services, percents of the tiers, how far it goes.
AGREEMENTS: tuple[tuple[str, str, str, bool, str, tuple[str, ...], str], ...] = (
    ("quarter", "flat", "shipments_net", True, "1.5", ("1", "2", "3"), "approve"),
    ("quarter", "progressive", "shipments_net", False, "2", ("2", "4", "6"), "approve"),
    ("month", "flat", "paid_net", False, "0", ("1.5", "2.5"), "approve"),
    ("year", "flat", "shipments_net", False, "0", ("3", "5"), "approve"),
    ("quarter", "flat", "shipments_net", False, "0", ("1", "2"), "end"),
    ("quarter", "flat", "shipments_net", True, "2", ("1", "2", "3"), "waits"),
    ("month", "progressive", "shipments_net", False, "1", ("2", "3"), "sent"),
    ("quarter", "flat", "paid_net", False, "0", ("2",), "draft"),
    ("quarter", "flat", "shipments_net", False, "3", ("4", "8"), "reject"),
)
# Of the agreements in force, the oldest period first; what is left waits to be checked.
FATES = ("closed", "offset", "paid", "approved", "checked")
NO = "Ставка выше маржи ассортимента"
SHARES = (Decimal("0.3"), Decimal("0.7"), Decimal("1.4"))


def add_retro(staff: Staff, today: date) -> None:
    """Agreements of chains and of the largest clients of two managers, with their accruals."""
    signers = {login: staff.by_login[login] for login in ("accountant", "director")}
    for number, contract in enumerate(_contracts(staff, today)):
        if number < len(AGREEMENTS):
            _agreement(contract, AGREEMENTS[number], today)
    accruals.accrue_bonuses(today=today)
    for agreement in RetroBonusAgreement.objects.was_in_force().for_list().order_by("pk"):
        assert agreement.client.manager is not None
        head = staff.head_of(agreement.client.manager)
        _walk_all(agreement, signers["accountant"], signers["director"], head, today)
    _late(today)


def _walk_all(
    agreement: RetroBonusAgreement, accountant: User, director: User, head: User, today: date
) -> None:
    """What there is nothing to give of is checked and closed, the others stop at their fates."""
    rows = list(agreement.accruals.order_by("period_start"))
    earned = iter(FATES)
    for row in rows:
        fate = next(earned, "") if row.amount else "checked"
        if fate:
            _walk(row, fate, accountant, director, head, today)


def _contracts(staff: Staff, today: date) -> list[Contract]:
    """Framework contracts of chains, then contracts in force of clients of the best categories."""
    managers = [staff.by_login["manager"], staff.by_login["manager2"]]
    starts = month_start(today, -MONTHS_BACK)
    chains = Client.objects.filter(kind="chain", archived_at=None, manager__isnull=False)
    chains = chains.annotate(bought=Count("children__shipments")).filter(bought__gte=10)
    best = chains.select_related("manager").order_by("-bought", "pk")[:2]
    made = [_framework(chain, starts, today) for chain in best]
    rows = Contract.objects.in_force().main().filter(client__manager__in=managers)
    rows = rows.filter(client__category__in=["A", "B"], starts_on__lte=today - timedelta(days=200))
    lasting = Q(ends_on=None) | Q(auto_renew=True) | Q(ends_on__gte=today + timedelta(days=62))
    rows = rows.filter(lasting, client__shipments__isnull=False).select_related("client__manager")
    others = rows.order_by("client__category", "client_id", "pk").distinct()
    return [*made, *others[: len(AGREEMENTS)]]


def _framework(chain: Client, starts: date, today: date) -> Contract:
    """Signed by both long ago, without an end."""
    assert chain.manager is not None
    values = TERMS | {
        "subject": PURPOSE, "counterparty": None, "is_standard": False, "amount": None,
        "starts_on": starts, "ends_on": None, "deferral_days": 40, "deemed_agreed_days": None,
        "price_notice_days": None,
    }  # fmt: skip
    key = UUID(int=(0xEE << 64) + chain.pk)
    made = draft_contract(chain.pk, by=chain.manager, today=today, key=key, **values)
    days = dict.fromkeys(("signed_on", "signed_by_us_on", "signed_by_client_on"), starts)
    Contract.objects.filter(pk=made.pk).update(
        state=ContractState.ACTIVE, signed_by=chain.manager, **days
    )
    made.refresh_from_db()
    return made


def _agreement(contract: Contract, plan: Any, today: date) -> None:
    period, mode, base, food, services, rates, fate = plan
    by = contract.client.manager
    assert by is not None
    first = max(month_start(today, -MONTHS_BACK), contract.starts_on or today)
    if fate in {"waits", "sent", "draft", "reject"}:
        first = max(month_start(today, 1), first)
    last = None
    if contract.ends_on and not contract.auto_renew:
        last = max(contract.ends_on, first)
    values = retro.RetroValues(
        valid_from=first, valid_to=last, base=base, period=period, mode=mode, is_food=food,
        services_pct=Decimal(services), conditions=CONDITIONS,
        tiers=_tiers(contract, base, period, rates, today),
    )  # fmt: skip
    made = retro.draft_retro(contract.pk, by=by, values=values)
    if fate == "draft":
        return
    day = min(first, today)
    retro.submit_retro(made.pk, by=by, version=made.version, today=day)
    steps = {"sent": 0, "waits": 2, "reject": 3}.get(fate, 3)
    for step in range(steps):
        last_one = step == steps - 1 and fate == "reject"
        _decide(made, "reject" if last_one else "approve", day)
    if fate == "end":
        known = RetroBonusAgreement.objects.get(pk=made.pk)
        ends = max(month_start(today, -1), first + timedelta(days=1))
        retro.end_retro(
            known.pk, by=_head_of(known), version=known.version, today=ends,
            reason="Сеть перешла на прямые поставки производителя",
        )  # fmt: skip


def _tiers(
    contract: Contract, base: str, period: str, rates: tuple[str, ...], today: date
) -> list[Tier]:
    """Around what the last whole period gave, to ten thousands: some tiers are reached."""
    first = period_of(today, period).first
    before = period_of(first - timedelta(days=1), period)
    probe = RetroBonusAgreement(client=contract.client, contract=contract, base=base)
    usual = max(base_of(probe, before.first, before.last), Decimal(100_000))
    pairs = zip(SHARES, rates, strict=False)
    return [Tier(round_half_up(usual * share, -4), Decimal(rate)) for share, rate in pairs]


def _decide(record: Any, decision: str, day: date) -> None:
    """Whoever's turn it is decides on the day."""
    approval = Approval.objects.of(record).running().with_steps().get()
    decide(
        approval.pk,
        by=turn_of(approval, day)[0][0],
        decision=decision,
        comment=NO if decision == "reject" else "",
        version=approval.version,
        target_version=approval.target_version,
        today=day,
    )


def _head_of(agreement: RetroBonusAgreement) -> User:
    return User.objects.get(pk=agreement.approved_by_id)


def _walk(
    row: RetroBonusAccrual, fate: str, accountant: User, director: User, head: User, today: date
) -> None:
    """Through the states up to its own, by those who may."""
    row = accruals.check_accrual(row.pk, by=accountant, version=row.version)
    if fate == "checked" or row.state == "closed":
        return
    by = director if row.amount > accruals.permissions.head_limit() else head
    row = accruals.approve_accrual(row.pk, by=by, version=row.version)
    if fate == "approved":
        return
    way = "paid" if fate == "paid" else "offset"
    on = min(row.period_end + timedelta(days=20), today)
    paper = "Платёжное поручение" if way == "paid" else "Акт зачёта"
    row = accruals.give_accrual(
        row.pk, by=accountant, version=row.version, way=way, on=on, today=today,
        document=f"{paper} № {row.pk}",
    )  # fmt: skip
    if fate == "closed":
        accruals.close_accrual(row.pk, by=accountant, version=row.version)


def _late(today: date) -> None:
    """One that a return of goods sold in its period has changed since."""
    since = today - timedelta(days=170)
    rows = RetroBonusAccrual.objects.filter(period_end__gte=since, amount__gt=0)
    row = rows.filter(state__in=["approved", "paid", "offset"]).order_by("-period_end").first()
    if row is None:
        return
    # As it was counted before the goods came back: the clock finds another base.
    before = accruals.count_bonus(
        row.agreement, row.period_start, row.period_end, base=row.base + Decimal(30_000)
    )
    given = before.amount if row.given_on else Decimal(0)
    RetroBonusAccrual.objects.filter(pk=row.pk).update(
        base=before.base, amount=before.amount, given_amount=given
    )
    accruals.recalculate(row.pk)
