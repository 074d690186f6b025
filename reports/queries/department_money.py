"""Money on the dashboard of a unit: the month's shipments and receipts, the debt and who owes it.

Counted over the clients of the unit and of those below it that the person may see.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from heapq import nlargest
from typing import Any

from django.db.models import F, QuerySet, Sum

from crm.accounts.models import OrgUnit, OrgUnitKind, User
from crm.money import percent
from crm.work.registry import setting
from deals.models import Shipment
from reports.queries.month_money import DAY, Change, Days, Flow, Spans, flow, spans_of
from reports.queries.receivables.ageing import NOTHING, Ageing, ageing, open_invoices
from reports.queries.receivables.grouping import Figure, Name, grouped, keyed, names_of, total
from reports.queries.receivables.turnover import billed_alone

TOP = 5
CLIENT_UNIT = "client__org_unit__in"
OVERDUE = "coalesce(sum(q.value) FILTER (WHERE q.due < %s), 0)"


@dataclass(frozen=True)
class Debt:
    """What is owed against a full month's shipments and the norm (KPI-2)."""

    as_of: date
    total: Change
    overdue: Change
    sales: Decimal
    sales_of: Days
    norm_percent: Decimal

    @property
    def percent(self) -> Decimal | None:
        """The debt to the month's shipments; None without shipments."""
        return percent(self.total.now, self.sales) if self.sales > 0 else None

    @property
    def overdue_percent(self) -> Decimal | None:
        """The overdue to the month's shipments; None without shipments."""
        return percent(self.overdue.now, self.sales) if self.sales > 0 else None

    @property
    def is_above_norm(self) -> bool:
        return self.percent is not None and self.percent > self.norm_percent


@dataclass(frozen=True)
class MonthMoney:
    """The cards and the course of shipments by day, this month's and the last one's."""

    spans: Spans
    flow: Flow
    debt: Debt
    by_day: dict[date, Decimal]


@dataclass(frozen=True)
class Debtor:
    """One of those who owe most."""

    client_id: int
    name: Name
    total: Decimal
    overdue: Decimal


@dataclass(frozen=True)
class Debts:
    """The debt by age and by manager (of the company by sector), the greatest debtors."""

    ageing: Ageing
    names: dict[tuple[object, ...], Name]
    debtors: list[Debtor]


def units_inside(unit: OrgUnit, units: list[OrgUnit]) -> list[int]:
    """The unit and those below it, of the ones that the person may open."""
    return [one.pk for one in units if one.path.startswith(unit.path)]


def month_money(user: User, inside: Collection[int], month: date, *, today: date) -> MonthMoney:
    """What the units' clients bought, paid and owe: six queries."""
    spans = spans_of(month, today)
    by_day = _by_day(user, inside, spans)
    return MonthMoney(
        spans=spans,
        flow=flow(user, spans, {CLIENT_UNIT: inside}),
        debt=_debt(user, inside, spans, by_day, today),
        by_day=by_day,
    )


def last_day_of(spans: Spans, today: date) -> date:
    """The day whose evening the debt is told of; never one to come."""
    return min(spans.now.last, today)


def debts(user: User, unit: OrgUnit, inside: Collection[int], month: date, *, today: date) -> Debts:
    """The debt at the end of the month, or as it is now."""
    as_of = last_day_of(spans_of(month, today), today)
    by = "unit" if unit.kind == OrgUnitKind.COMPANY else "manager"
    found = ageing(
        user, as_of=as_of, today=today, by=by, where={"unit": unit.pk}, with_advances=False
    )
    return Debts(
        ageing=found,
        names=names_of(by, [row.key for row in found.rows]),
        debtors=_greatest(user, inside, as_of, today),
    )


def _by_day(user: User, inside: Collection[int], spans: Spans) -> dict[date, Decimal]:
    """Net shipments of each day from the first of the last month on."""
    rows = Shipment.objects.visible_to(user).counted().filter(**{CLIENT_UNIT: inside})
    rows = rows.in_period(spans.before.first, spans.now.last)
    return dict(rows.order_by().values_list("posted_on").annotate(net=Sum("amount")))


def _debt(
    user: User, inside: Collection[int], spans: Spans, by_day: dict[date, Decimal], today: date
) -> Debt:
    as_of = last_day_of(spans, today)
    now, late_now = _owed(user, inside, as_of, today)
    before, late_before = _owed(user, inside, min(spans.before.last, today), today)
    base = Days(spans.before.first, spans.month - DAY) if spans.is_running else spans.now
    alone = billed_alone(user, base.first, base.last).filter(**{CLIENT_UNIT: inside})
    shipped = sum((net for day, net in by_day.items() if base.first <= day <= base.last), NOTHING)
    return Debt(
        as_of=as_of,
        total=Change(now, before),
        overdue=Change(late_now, late_before),
        sales=shipped + (alone.aggregate(sum=Sum("amount"))["sum"] or NOTHING),
        sales_of=base,
        norm_percent=setting("receivables.norm_percent"),
    )


def _owed(user: User, inside: Collection[int], as_of: date, today: date) -> tuple[Decimal, Decimal]:
    """The debt and the part of it that is overdue at the end of the day."""
    found = grouped(_open(user, inside, as_of, today, "all"), "all", _sums(as_of))
    whole, late = found.get((), [NOTHING, NOTHING])
    return whole, late


def _greatest(user: User, inside: Collection[int], as_of: date, today: date) -> list[Debtor]:
    found = grouped(_open(user, inside, as_of, today, "client"), "client", _sums(as_of))
    top = nlargest(TOP, found.items(), key=lambda one: (one[1][0], -one[0][0]))
    names = names_of("client", [key for key, _figures in top])
    return [Debtor(key[0], names[key], whole, late) for key, (whole, late) in top]


def _open(user: User, inside: Collection[int], as_of: date, today: date, by: str) -> QuerySet[Any]:
    rows = open_invoices(user, as_of=as_of, today=today).filter(**{CLIENT_UNIT: inside})
    amount = "open_amount" if as_of >= today else "open_then"
    return keyed(rows, by, value=F(amount), due=F("due_on"))


def _sums(as_of: date) -> dict[str, Figure]:
    return {"total": total(), "overdue": Figure(OVERDUE, (as_of,))}
