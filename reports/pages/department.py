"""What the dashboard of a department shows: every figure with the link to its rows."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from html import escape
from typing import Any, NamedTuple

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from clients.models import ClientStatus
from crm.accounts.models import OrgUnit, OrgUnitKind
from crm.shell.templatetags.shell import heat_cell
from reports import links
from reports.days.months import Months
from reports.pages.plan_fact import periods
from reports.queries.department import CATEGORIES, Department, Row, WeekCell

WHOLE, TENTH = Decimal(1), Decimal("0.1")
STATUSES = (ClientStatus.CLIENT, ClientStatus.PROSPECT, ClientStatus.TRADING_HALL)


class Figure(NamedTuple):
    """A number and the rows behind it."""

    value: int
    url: str


@dataclass(frozen=True)
class Line:
    """A row of the tables with its links; the cells of its figures and weeks as marks.

    A page has hundreds of them, and a template would look up every part of each.
    """

    row: Row
    url: str
    total: Figure
    without_next: Figure
    silent: Figure
    cells: SafeString
    heat: SafeString
    plan_url: str
    done_url: str


class DepartmentPage:
    """The page of one unit and month."""

    def __init__(
        self,
        figures: Department,
        *,
        today: date,
        waiting: int,
        counted_at: datetime | None = None,
        months: Months | None = None,
    ) -> None:
        self.figures = figures
        self.counted_at = counted_at
        self.today = today
        self.waiting = waiting
        self.unit = figures.unit
        self.month = figures.month
        self.months = months or Months.of(self.month)
        headings = [
            *(_("Clients"), "A", "B", "C", _("No category"), _("No next contact"), _("Silent")),
            *(_("Plan"), _("Done"), _("Credited")),
        ]
        self._headings = [escape(heading) for heading in headings]
        self._heat_title = _("%(done)s done, %(share)s planned for the week")
        self.lines = [self._line(row) for row in figures.rows]
        self.total = self._line(figures.total)

    @property
    def by_unit(self) -> bool:
        """Rows are departments, not managers."""
        return self.unit.kind == OrgUnitKind.COMPANY

    @property
    def statuses(self) -> list[tuple[str, list[Figure], Figure]]:
        """Category × status: a line per status."""
        row, base = self.figures.total, self.figures.total.base
        table = []
        for status in STATUSES:
            cells = [
                Figure(
                    base.by_status.get((category, status), 0),
                    links.client_list(row, status=status, category=category or "none"),
                )
                for category in CATEGORIES
            ]
            whole = Figure(sum(c.value for c in cells), links.client_list(row, status=status))
            table.append((str(status.label), cells, whole))
        return table

    @property
    def query(self) -> str:
        """The unit and month in the address of what is loaded after the page."""
        return f"unit={self.unit.pk}&period={self.months.code}"

    @property
    def periods(self) -> list[dict[str, Any]]:
        """Relative periods, then the last months."""
        return periods(self.months, self.today)

    @property
    def parents(self) -> list[OrgUnit]:
        """Units above this one that the person may open."""
        return [
            u
            for u in self.figures.units
            if u.pk != self.unit.pk and self.unit.path.startswith(u.path)
        ]

    @property
    def children(self) -> list[OrgUnit]:
        """Units directly below."""
        return [u for u in self.figures.units if u.parent_id == self.unit.pk]

    @property
    def chart(self) -> dict[str, Any]:
        """Done and planned contacts by row."""
        return {
            "type": "bar",
            "labels": [line.row.name or _("No manager") for line in self.lines],
            "datasets": [
                {
                    "label": _("Plan"),
                    "data": [line.row.plan.planned for line in self.lines],
                    "tone": "neutral",
                },
                {"label": _("Credited"), "data": [line.row.plan.credited for line in self.lines]},
            ],
        }

    def _line(self, row: Row) -> Line:
        base, plan = row.base, row.plan
        total = Figure(base.total, links.client_list(row))
        without_next = Figure(base.without_next, links.client_list(row, without_next="1"))
        silent = Figure(base.silent, links.client_list(row, silent="1"))
        categories = [
            Figure(
                base.by_category.get(category, 0),
                links.client_list(row, category=category or "none"),
            )
            for category in CATEGORIES
        ]
        plan_url = links.plan_list(row, self.month)
        done_url = links.plan_contacts(row, self.month)
        figures = [
            *(total, *categories, without_next, silent),
            *(Figure(plan.planned, plan_url), Figure(plan.done, done_url)),
            Figure(plan.credited, plan_url),
        ]
        return Line(
            row=row,
            url=self._open(row),
            total=total,
            without_next=without_next,
            silent=silent,
            cells=mark_safe("\n".join(map(_cell, self._headings, figures))),
            heat=mark_safe("\n".join(self._heat(row, cell) for cell in self.figures.cells(row))),
            plan_url=plan_url,
            done_url=done_url,
        )

    def _heat(self, row: Row, cell: WeekCell) -> SafeString:
        """The share of a week in words, and what was counted; a dash before the week has come."""
        text = "–"
        if cell.week.has_come and cell.percent is not None:
            text = f"{cell.percent.quantize(WHOLE)}\u00a0%"
        share = cell.share.quantize(TENTH)
        title = self._heat_title % {"done": cell.done, "share": share}
        return heat_cell(cell.percent, text, links.contact_list(row, cell.week), title=title)

    def _open(self, row: Row) -> str:
        """Down to the unit's own dashboard, or to the manager's clients."""
        if row.manager is None and row.unit is not None and row.unit.pk != self.unit.pk:
            return f"?unit={row.unit.pk}&period={self.months.code}"
        return links.client_list(row)


def _cell(heading: str, figure: Figure) -> str:
    """A figure with its link; written here because a template per cell is what costs."""
    link = f'<a href="{escape(figure.url)}">{figure.value:d}</a>'
    return f'<td class="num" data-label="{heading}">{link}</td>'
