"""Payment discipline by client, manager or unit (DISC-1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import F

from crm.accounts.models import User
from deals.models import Allocation
from deals.receivables.discipline import Discipline
from reports.queries.receivables.grouping import Figure, Key, grouped, keyed, total


@dataclass(frozen=True)
class DisciplineRow:
    """How a group pays."""

    key: Key
    discipline: Discipline
    payments: int
    worst_days: int


def discipline(user: User, first: date, last: date, *, by: str = "client") -> list[DisciplineRow]:
    """Money that came from the first to the last day against its due days, the latest first."""
    rows = Allocation.objects.visible_to(user).of_money(first, last)
    chosen = keyed(
        rows, by, "invoice__", value=F("amount"), paid=F("on_day"), due=F("invoice__due_on")
    )
    figures = {
        "sum": total(),
        "on_time": Figure("coalesce(sum(q.value) FILTER (WHERE q.paid <= q.due), 0)"),
        "late": Figure("coalesce(sum(q.value * greatest(q.paid - q.due, 0)), 0)"),
        "payments": Figure("count(*)"),
        "worst": Figure("coalesce(greatest(max(q.paid - q.due), 0), 0)"),
    }
    found = [
        DisciplineRow(key, Discipline(*values[:3]), values[3], values[4])
        for key, values in grouped(chosen, by, figures).items()
        if values[0]
    ]
    return sorted(
        found, key=lambda row: (-(row.discipline.weighted_delay or 0), -row.discipline.paid)
    )
