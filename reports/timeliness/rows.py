"""What stands behind a number: the rows of kinds with their days, the worst first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from clients.models import Client
from crm import calendar
from crm.accounts.models import User
from reports.parameters import Period
from reports.timeliness.figures import narrowed, termed_rows
from reports.timeliness.kind import Kind
from reports.timeliness.terms import AHEAD, KEPT, LATE, OVERDUE, days_late, standing_of

# The worst first.
ORDER = {OVERDUE: 0, LATE: 1, AHEAD: 2, KEPT: 3}


@dataclass(frozen=True)
class TermRow:
    """One row with its last day, when it was done and by how many working days it was late."""

    kind: Kind
    row: Any
    person_id: int | None
    unit_id: int | None
    due: date
    done: date | None
    standing: str
    late: int

    @property
    def client(self) -> Client | None:
        """Whom it is about."""
        return self.kind.client(self.row)

    @property
    def what(self) -> str:
        """What was to be done."""
        return self.kind.what(self.row)

    @property
    def url(self) -> str:
        """Its page."""
        return self.kind.url(self.row)


def term_rows(
    user: User | None,
    period: Period,
    kinds: Sequence[Kind],
    *,
    today: date,
    standing: str = "",
    units: Collection[int | None] | None = None,
    person: int | None = None,
) -> list[TermRow]:
    """Rows of the kinds due in the period, of one standing where it is named: a query a kind."""
    found: list[TermRow] = []
    for kind in kinds:
        rows = termed_rows(kind, user, period).select_related(*kind.related)
        rows = narrowed(rows, units, person)
        found += [one for one in map(reader(kind, today), rows) if standing in {"", one.standing}]
    return sorted(found, key=lambda one: (ORDER[one.standing], one.due, one.kind.order, one.row.pk))


def reader(kind: Kind, today: date) -> Any:
    """A function that reads a row of the kind as it stands today."""
    days = calendar.current()

    def read(row: Any) -> TermRow:
        due = kind.due_of(row.t_due, row.t_since)
        standing = standing_of(due, row.t_done, today)
        late = days_late(due, row.t_done, today, days)
        done = row.t_done
        return TermRow(kind, row, row.t_who, row.t_unit, due, done, standing, late)

    return read
