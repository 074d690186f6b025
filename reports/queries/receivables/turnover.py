"""Receivables against shipments: DSO (DSO-1), debt as a share of monthly shipments (KPI-2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F, QuerySet

from crm.accounts.models import OrgUnit, User
from crm.calendar import month_end
from crm.money import percent, round_half_up
from crm.work.registry import has_own, setting
from deals.models import Invoice, Shipment
from reports.queries.receivables.ageing import NOTHING, open_invoices
from reports.queries.receivables.grouping import Key, keyed, narrowed, totals
from reports.queries.receivables.held import Held, held

HUNDRED = Decimal(100)
Where = Mapping[str, Any] | None


def receivables_on(
    user: User, day: date, *, today: date, by: str = "all", where: Where = None
) -> dict[Key, Decimal]:
    """What clients owed at the end of the day, by group."""
    rows = narrowed(open_invoices(user, as_of=day, today=today), where or {})
    amount = "open_amount" if day >= today else "open_then"
    return totals(keyed(rows, by, value=F(amount)), by)


def net_sales(
    user: User, first: date, last: date, *, by: str = "all", where: Where = None
) -> dict[Key, Decimal]:
    """Net shipments from the first to the last day, by group.

    An imported invoice without its shipment stands for it.
    """
    shipped = Shipment.objects.visible_to(user).counted().in_period(first, last)
    shipped = shipped.filter(client__isnull=False)
    billed = billed_alone(user, first, last)
    summed: dict[Key, Decimal] = {}
    for rows in (narrowed(shipped, where or {}), narrowed(billed, where or {})):
        for key, amount in totals(keyed(rows, by, value=F("amount")), by).items():
            summed[key] = summed.get(key, NOTHING) + amount
    return summed


def billed_alone(user: User, first: date, last: date) -> QuerySet[Any]:
    """Imported invoices of the days that stand for their shipments."""
    rows: QuerySet[Any] = Invoice.objects.visible_to(user).debts().filter(shipment=None)
    return rows.filter(issued_on__gte=first, issued_on__lte=last)


@dataclass(frozen=True)
class Dso:
    """How many days of shipments are not paid for yet."""

    key: Key
    receivables: Decimal
    sales: Decimal
    days: int
    opening: Decimal | None = None
    closing: Decimal | None = None

    @property
    def dso(self) -> Decimal | None:
        """Receivables / net shipments × days, half up; None without shipments."""
        if self.sales <= 0:
            return None
        return round_half_up(self.receivables * self.days / self.sales)


def dso_of(key: Key, opening: Decimal, closing: Decimal, sales: Decimal, days: int) -> Dso:
    """DSO-1: the average of opening and closing receivables over the calendar days."""
    return Dso(key, (opening + closing) / 2, sales, days, opening, closing)


def dso(user: User, first: date, last: date, *, today: date, by: str = "all") -> list[Dso]:
    """DSO of the period by group, the slowest first."""
    opening = receivables_on(user, first - timedelta(days=1), today=today, by=by)
    closing = receivables_on(user, last, today=today, by=by)
    sales = net_sales(user, first, last, by=by)
    days = (last - first).days + 1
    rows = [
        dso_of(
            key,
            opening.get(key, NOTHING),
            closing.get(key, NOTHING),
            sales.get(key, NOTHING),
            days,
        )
        for key in {**closing, **opening, **sales}
    ]
    return _slowest_first(rows)


def trailing_dso(
    user: User,
    as_of: date,
    *,
    today: date,
    days: int = 90,
    by: str = "all",
    where: Where = None,
) -> list[Dso]:
    """Receivables at the end of the day against the shipments of the last so many days."""
    closing = receivables_on(user, as_of, today=today, by=by, where=where)
    sales = net_sales(user, as_of - timedelta(days=days - 1), as_of, by=by, where=where)
    rows = [
        Dso(
            key,
            closing.get(key, NOTHING),
            sales.get(key, NOTHING),
            days,
            closing=closing.get(key, NOTHING),
        )
        for key in {**closing, **sales}
    ]
    return _slowest_first(rows)


def whole_dso(user: User, as_of: date, *, today: date, where: Where = None) -> Dso:
    """The trailing DSO of everything that is asked for."""
    rows = trailing_dso(user, as_of, today=today, where=where)
    return rows[0] if rows else Dso((), NOTHING, NOTHING, 90)


def _slowest_first(rows: list[Dso]) -> list[Dso]:
    return sorted(rows, key=lambda row: (-(row.dso or NOTHING), -row.receivables, str(row.key)))


@dataclass(frozen=True)
class DebtShare:
    """Receivables at the end of a month as a share of its net shipments, and the norm (KPI-2)."""

    key: Key
    receivables: Decimal
    sales: Decimal
    norm_percent: Decimal

    @property
    def percent(self) -> Decimal | None:
        """None without shipments."""
        return percent(self.receivables, self.sales) if self.sales > 0 else None

    @property
    def norm_amount(self) -> Decimal:
        """So much may be owed by the norm."""
        return round_half_up(max(self.sales, NOTHING) * self.norm_percent / HUNDRED)

    @property
    def excess(self) -> Decimal:
        """What is owed above the norm."""
        return max(NOTHING, self.receivables - self.norm_amount)


def debt_share(
    user: User, month: date, *, today: date, by: str = "all", where: Where = None
) -> list[DebtShare]:
    """Debt against the shipments of the month, by group, the greatest excess first.

    In the running month both are as of today. Who answered then is credited (`held`); by contract,
    which the rollups do not know, the documents themselves are read.
    """
    wanted = where or {}
    if by == "contract" or "contract" in wanted:
        rows = _of_contracts(user, month, today=today, by=by, where=wanted)
    else:
        found = held(user, month, today=today, by=by, where=wanted)
        norm_of = norms(found, wanted)
        rows = [DebtShare(one.key, one.owed, one.sales, norm_of(one)) for one in found]
    return sorted(rows, key=lambda row: (-row.excess, -row.receivables, str(row.key)))


def _of_contracts(
    user: User, month: date, *, today: date, by: str, where: Mapping[str, Any]
) -> list[DebtShare]:
    last = month_end(month.year, month.month)
    owed = receivables_on(user, min(last, today), today=today, by=by, where=where)
    sales = net_sales(user, month.replace(day=1), last, by=by, where=where)
    norm = setting("receivables.norm_percent")
    return [
        DebtShare(key, owed.get(key, NOTHING), sales.get(key, NOTHING), norm)
        for key in {**owed, **sales}
    ]


def norms(found: Sequence[Held], where: Mapping[str, Any]) -> Callable[[Held], Decimal]:
    """The norm of a group: that of its department; of departments that differ the company's.

    One query, none where nobody has changed the norm for a department.
    """
    usual: Decimal = setting("receivables.norm_percent")
    if not has_own("receivables.norm_percent"):
        return lambda one: usual
    asked = [where["unit"]] if where.get("unit") else list(where.get("units") or ())
    units = OrgUnit.objects.in_bulk({*asked, *(one.unit_id for one in found if one.unit_id)})

    def norm(one: Held) -> Decimal:
        of = [one.unit_id] if one.unit_id else asked
        known = {setting("receivables.norm_percent", unit=units[pk]) for pk in of if pk in units}
        return known.pop() if len(known) == 1 else usual

    return norm


def share_and_before(
    user: User, month: date, *, today: date, where: Where = None
) -> tuple[DebtShare, DebtShare]:
    """KPI-2 of the month and of the one before it, of everything asked for, as `debt_share`."""
    ended = month.replace(day=1) - timedelta(days=1)
    shares = [
        debt_share(user, one, today=today, where=where) for one in (month, ended.replace(day=1))
    ]
    now, before = (found[0] if found else _nothing(where) for found in shares)
    return now, before


def _nothing(where: Where) -> DebtShare:
    empty = Held((), NOTHING, NOTHING, NOTHING)
    return DebtShare((), NOTHING, NOTHING, norms([], where or {})(empty))


def last_month_share(user: User, as_of: date, *, today: date, where: Where = None) -> DebtShare:
    """KPI-2 of the last month that was full on the day."""
    month = (as_of + timedelta(days=1)).replace(day=1) - timedelta(days=1)
    rows = debt_share(user, month, today=today, where=where)
    return rows[0] if rows else _nothing(where)
