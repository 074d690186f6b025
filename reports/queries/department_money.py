"""The debt on the dashboard of a unit, and who owes it.

Counted over the clients of the unit and of those below it that the person may see.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from heapq import nlargest
from typing import Any

from django.db.models import F, QuerySet

from crm.accounts.models import OrgUnit, OrgUnitKind, User
from reports.queries.month_money import Change, Spans, spans_of
from reports.queries.receivables.ageing import NOTHING, Ageing, ageing, open_invoices
from reports.queries.receivables.grouping import Figure, Name, grouped, keyed, names_of, total

TOP = 5
CLIENT_UNIT = "client__org_unit__in"
OVERDUE = "coalesce(sum(q.value) FILTER (WHERE q.due < %s), 0)"


@dataclass(frozen=True)
class Debt:
    """What is owed at the end of the month, or now, against the month before."""

    spans: Spans
    as_of: date
    total: Change
    overdue: Change


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


def debt_of(user: User, inside: Collection[int], month: date, *, today: date) -> Debt:
    """What the units' clients owe, and what of it is overdue: two queries."""
    spans = spans_of(month, today)
    as_of = last_day_of(spans, today)
    now, late_now = _owed(user, inside, as_of, today)
    before, late_before = _owed(user, inside, min(spans.before.last, today), today)
    return Debt(spans, as_of, Change(now, before), Change(late_now, late_before))


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
