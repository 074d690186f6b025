"""What the page of receivables shows: every figure with the invoices behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.accounts.scope import scope_of
from deals.receivables.ageing import Interval
from reports.forms.receivables import Asked
from reports.pages import receivables_links as links
from reports.pages.kept import Kept, figures_of
from reports.pages.receivables_rows import Cell, Line, RowWriter
from reports.queries.receivables.ageing import Ageing, AgeingRow, ageing
from reports.queries.receivables.grouping import LABELS, Name, names_of

ROWS = 30
MONTHS = 6
LONG = frozenset({"client", "contract"})  # a row for each of thousands: too much to be kept


class ReceivablesPage:
    """The ageing table of one day and grouping."""

    def __init__(self, user: User, asked: Asked) -> None:
        self.asked = asked
        kept = _counted(user, asked)
        self.figures, self.counted_at = kept.figures, kept.at

    @property
    def shown(self) -> Sequence[AgeingRow]:
        first = (self.asked.page - 1) * ROWS
        return self.figures.rows[first : first + ROWS]

    @cached_property
    def lines(self) -> list[Line]:
        """The rows of this part of the table."""
        names = names_of(self.asked.by, [row.key for row in self.shown])
        return [self._line(row, names[row.key]) for row in self.shown]

    @cached_property
    def body(self) -> SafeString:
        """The rows of this part as HTML."""
        return self._writer.write(self.lines)

    @property
    def foot(self) -> SafeString:
        """The row of everything as HTML."""
        return self._writer.write([self.total])

    @cached_property
    def _writer(self) -> RowWriter:
        labels = [interval.label for interval in self.figures.intervals]
        return RowWriter(labels, self.total.row)

    @cached_property
    def total(self) -> Line:
        """Everything, not only the part that is shown."""
        return self._line(self.figures.total, Name(_("Total")))

    @property
    def heading(self) -> str:
        return str(LABELS[self.asked.by])

    @property
    def switches(self) -> list[tuple[str, str, bool]]:
        """The groupings with their addresses."""
        asked = self.asked
        return [(str(label), self._page(by), by == asked.by) for by, label in LABELS.items()]

    @property
    def days(self) -> list[tuple[date, str, bool]]:
        """Today and the last days of the months before it."""
        days = [self.asked.today, *month_ends(self.asked.today, MONTHS)]
        return [(day, self._page(self.asked.by, day=day), day == self.asked.as_of) for day in days]

    @property
    def narrowing(self) -> list[tuple[str, str]]:
        """What the table is narrowed to, each with the address without it."""
        chips = []
        for name, value in self.asked.where.items():
            rest = {key: other for key, other in self.asked.where.items() if key != name}
            key = (None, value) if name == "contract" else (value,)
            text = names_of(name, [key])[key].text
            chips.append((f"{LABELS[name]}: {text}", self._page(self.asked.by, where=rest)))
        return chips

    @property
    def earlier(self) -> str:
        """The part before this one."""
        page = self.asked.page
        return self._page(self.asked.by, page=page - 1) if page > 1 else ""

    @property
    def later(self) -> str:
        """The part after this one."""
        page = self.asked.page
        more = len(self.figures.rows) > page * ROWS
        return self._page(self.asked.by, page=page + 1) if more else ""

    @property
    def query(self) -> str:
        """The address of the figures that are loaded after the page."""
        return self._page(self.asked.by).partition("?")[2]

    @property
    def here(self) -> str:
        """The address without what was not understood."""
        return self._page(self.asked.by)

    def _page(self, by: str, *, day: date | None = None, where: Any = None, **more: Any) -> str:
        asked = self.asked
        chosen = asked.where if where is None else where
        return links.page(by, chosen, as_of=day or asked.as_of, today=asked.today, **more)

    def _line(self, row: AgeingRow, name: Name) -> Line:
        asked = self.asked
        where = {**asked.where, **links.where_of(asked.by, row.key)}
        documents = links.Documents(where, as_of=asked.as_of, today=asked.today)
        return Line(
            row=row,
            name=name,
            url=self._drill(row, where, documents),
            cells=[
                Cell(row.by_interval[code], documents.due(*days))
                for code, days in self._due_days.items()
            ],
            total=Cell(row.total, documents.due()),
            overdue=Cell(row.overdue, documents.due(None, asked.as_of - timedelta(days=1))),
        )

    @cached_property
    def _due_days(self) -> dict[str, tuple[date | None, date | None]]:
        return {one.code: one.due_days(self.asked.as_of) for one in self.figures.intervals}

    def _drill(self, row: AgeingRow, where: Mapping[str, Any], documents: links.Documents) -> str:
        """From a unit to its managers, from a manager to clients, from a client to invoices."""
        below = {"unit": "manager", "manager": "client", "territory": "client"}.get(self.asked.by)
        return self._page(below, where=where) if below and row.key else documents.due()


def _counted(user: User, asked: Asked) -> Kept[Ageing]:
    """The table; where it is costly and short, at most a minute old."""

    def count() -> Ageing:
        return ageing(user, as_of=asked.as_of, today=asked.today, by=asked.by, where=asked.where)

    if asked.by in LONG:
        return Kept(count(), None)
    where = tuple(sorted(asked.where.items(), key=str))
    key = ("ageing", scope_of(user).key, asked.as_of, asked.today, asked.by, where)
    return figures_of(key, count)


def month_ends(today: date, count: int) -> list[date]:
    """Last days of the months before this one, the latest first."""
    day, found = today, []
    for _number in range(count):
        day = day.replace(day=1) - timedelta(days=1)
        found.append(day)
    return found


def trend(user: User, asked: Asked) -> dict[str, Any]:
    """Stacked bars of ageing: ends of the months before the day, and the day itself."""
    days = [*reversed(month_ends(asked.as_of, MONTHS)), asked.as_of]
    reports = [
        ageing(user, as_of=day, today=asked.today, by="all", where=asked.where, with_advances=False)
        for day in days
    ]
    labels = [f"{day:%d.%m.%y}" for day in days]
    rows = [report.total for report in reports]
    return by_age(rows, labels, reports[0].intervals) | {"rows_title": _("As of")}


def by_age(
    rows: Sequence[AgeingRow], labels: Sequence[str], intervals: Sequence[Interval]
) -> dict[str, Any]:
    """A chart of stacked bars: the debt of each row by age."""
    return {
        "type": "bar",
        "unit": "money",
        "stacked": True,
        "labels": list(labels),
        "datasets": [
            {
                "label": interval.label,
                "data": [row.by_interval[interval.code] for row in rows],
                **_paint(place, len(intervals)),
            }
            for place, interval in enumerate(intervals)
        ],
    }


def _paint(place: int, count: int) -> dict[str, Any]:
    """Not due is green; the overdue grows from pale yellow to full red."""
    if place == 0:
        return {"tone": "success"}
    half = count // 2
    first, size = (1, half) if place <= half else (half + 1, count - half - 1)
    strength = 0.35 + 0.6 * (place - first + 1) / size
    return {"tone": "warning" if place <= half else "danger", "strength": strength}
