"""The page «Budget»: plan and fact by item of a unit and months, an item opened by month, the year.

Everything asked for stands in the address.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.dates import MONTHS, MONTHS_3
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import OrgUnit, User
from crm.lists.state import Problem
from crm.shell.templatetags.formats import month_name
from crm.work.registry import setting
from reports.formulas.budgets import Execution
from reports.models import Budget, BudgetItem
from reports.parameters import month_end
from reports.permissions import costs as permissions
from reports.queries.budgets import Costs, costs_of

SO_FAR, YEAR = "so_far", "year"
QUARTERS = {f"q{n}": (3 * n - 2, 3 * n) for n in range(1, 5)}
MONTH_CODES = {f"{n:02d}": (n, n) for n in range(1, 13)}
SPANS = frozenset({SO_FAR, YEAR, *QUARTERS, *MONTH_CODES})
TONES: dict[str, str | Promise] = {
    "danger": gettext_lazy("over-run"),
    "warning": gettext_lazy("nearly spent"),
}
ICONS = {"danger": "alert-triangle", "warning": "alert-circle"}


@dataclass(frozen=True)
class Asked:
    """Who asks for what."""

    user: User
    today: date
    year: int
    span: str
    unit: OrgUnit | None
    units: list[OrgUnit]
    opened: int | None = None
    by_month: bool = False
    problems: tuple[Problem, ...] = ()

    @property
    def months(self) -> tuple[int, int]:
        """Numbers of the first and the last month."""
        known = {YEAR: (1, 12), **QUARTERS, **MONTH_CODES}
        if self.by_month:
            return 1, 12
        if self.span in known:
            return known[self.span]
        return 1, self.today.month if self.year == self.today.year else 12

    @property
    def first(self) -> date:
        return date(self.year, self.months[0], 1)

    @property
    def last(self) -> date:
        return month_end(date(self.year, self.months[1], 1))

    @property
    def inside(self) -> list[int] | None:
        """Units whose costs are added up; None: everything that is seen."""
        if self.unit is None:
            return None
        return [one.pk for one in self.units if one.path.startswith(self.unit.path)]

    def url(self, **changes: Any) -> str:
        """The address with something else."""
        given = {
            "year": self.year,
            "months": self.span,
            "unit": self.unit.pk if self.unit else None,
            "open": self.opened,
            "view": "months" if self.by_month else None,
        } | changes
        query = urlencode({key: value for key, value in given.items() if value})
        return f"{reverse('reports:budget')}?{query}"


@dataclass(frozen=True)
class Line:
    """A row of the table: an item, one of its months or the total."""

    name: str
    sums: Execution
    tone: str
    fact_url: str
    approved_url: str
    url: str = ""
    level: str = "item"
    is_open: bool = False

    @property
    def tone_text(self) -> str:
        return str(TONES[self.tone]) if self.tone else ""

    @property
    def icon(self) -> str:
        return ICONS.get(self.tone, "")


@dataclass(frozen=True)
class YearRow:
    """A row of the year: twelve months and the whole."""

    name: str
    cells: list[Line]
    total: Line


class BudgetPage:
    """One unit and year for one person."""

    def __init__(self, asked: Asked) -> None:
        self.asked, self.unit, self.year = asked, asked.unit, asked.year
        self.warn = setting("budget.warn_percent")

    @cached_property
    def costs(self) -> Costs:
        asked = self.asked
        return costs_of(asked.user, asked.first, asked.last, asked.inside)

    @property
    def title(self) -> str:
        return self.unit.name if self.unit else self.asked.user.short_name

    @cached_property
    def items(self) -> list[BudgetItem]:
        """Items with a plan or a fact, and those in use."""
        met = {cell.item_id for cell, one in self.costs.cells.items() if not one.is_empty}
        rows = BudgetItem.objects.all()
        return [one for one in rows if one.archived_at is None or one.pk in met]

    @cached_property
    def lines(self) -> list[Line]:
        """Items with what they cost; the opened one is followed by its months."""
        sums = self.costs.by(lambda cell: cell.item_id)
        made: list[Line] = []
        for item in self.items:
            found = sums.get(item.pk, Execution())
            is_open = item.pk == self.asked.opened
            url = self.asked.url(open=None if is_open else item.pk)
            made.append(self._line(str(item), found, item.pk, url=url, is_open=is_open))
            if is_open:
                made += self._months(item.pk)
        return made

    def _months(self, item_id: int) -> list[Line]:
        sums = self.costs.by(lambda cell: (cell.item_id, cell.month))
        first, last = self.asked.months
        return [
            self._line(
                month_name(date(self.year, month, 1)),
                sums.get((item_id, month), Execution()),
                item_id,
                month=month,
                level="month",
            )
            for month in range(first, last + 1)
        ]

    @cached_property
    def total(self) -> Line:
        """The whole."""
        return self._line(_("Total"), self.costs.sum(), None, level="total")

    @cached_property
    def year_rows(self) -> list[YearRow]:
        """Items by month."""
        by_cell = self.costs.by(lambda cell: (cell.item_id, cell.month))
        by_item = self.costs.by(lambda cell: cell.item_id)
        rows = [
            YearRow(
                str(item),
                [
                    self._cell(by_cell.get((item.pk, month), Execution()), item.pk, month)
                    for month in range(1, 13)
                ],
                self._line("", by_item.get(item.pk, Execution()), item.pk),
            )
            for item in self.items
        ]
        by_month = self.costs.by(lambda cell: cell.month)
        months = [
            self._cell(by_month.get(month, Execution()), None, month) for month in range(1, 13)
        ]
        return [*rows, YearRow(_("Total"), months, self.total)]

    def _cell(self, sums: Execution, item: int | None, month: int) -> Line:
        return self._line(str(MONTHS_3[month]), sums, item, month=month)

    @property
    def month_names(self) -> list[str]:
        return [str(MONTHS_3[number]) for number in range(1, 13)]

    def _line(
        self, name: str, sums: Execution, item: int | None, *, month: int = 0, **more: Any
    ) -> Line:
        first, last = self.asked.first, self.asked.last
        if month:
            first = date(self.year, month, 1)
            last = month_end(first)
        where = {"item": item, "unit": self.unit.pk if self.unit else None}
        days = {"spent_from": first, "spent_to": last}
        return Line(
            name,
            sums,
            sums.tone(self.warn),
            expenses_url(state="paid", **where, **days) if sums.fact else "",
            expenses_url(state="approved", **where, **days) if sums.approved else "",
            **more,
        )

    @property
    def spans(self) -> list[dict[str, Any]]:
        """Months to choose from."""
        names: dict[str, Any] = {SO_FAR: _("Since the new year"), YEAR: _("The whole year")}
        names |= {code: _("Quarter %(n)s") % {"n": code[1]} for code in QUARTERS}
        names |= {code: str(MONTHS[first]) for code, (first, _last) in MONTH_CODES.items()}
        return [
            {"code": code, "label": label, "on": code == self.asked.span}
            for code, label in names.items()
        ]

    @property
    def by_items_url(self) -> str:
        return self.asked.url(view=None)

    @property
    def by_months_url(self) -> str:
        return self.asked.url(view="months", open=None)

    @property
    def report_url(self) -> str:
        """The same as a report, for files and paper."""
        asked = self.asked
        params = {"from": asked.first, "to": asked.last, "unit": self.unit.pk if self.unit else ""}
        query = urlencode({key: value for key, value in params.items() if value})
        return f"{reverse('reports:report', args=['budget'])}?{query}"

    @cached_property
    def budgets(self) -> list[Budget]:
        """Budgets of the year: what holds and what is being made."""
        rows = Budget.objects.visible_to(self.asked.user).filter(year=self.year)
        found = rows.exclude(state="superseded").for_list().order_by("org_unit__path", "revision")
        if self.unit is None:
            return list(found)
        ids = {*self.unit.path_ids, *(self.asked.inside or ())}
        return [one for one in found if one.org_unit_id in ids]

    @property
    def may_draw_up(self) -> bool:
        return permissions.draws_up_budgets(self.asked.user)


def expenses_url(**filters: Any) -> str:
    """The register with the rows behind a figure."""
    given = {key: value for key, value in filters.items() if value not in (None, "")}
    return f"{reverse('reports:expense_list')}?{urlencode(given)}"
