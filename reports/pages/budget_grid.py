"""The page of one budget: its way, and the grid of units, items and months."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from django.utils.dates import MONTHS_3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from crm.accounts.models import User
from crm.approvals.way import WayOfApproval
from crm.money import format_number
from reports.actions.budget_cells import shown_amount
from reports.formulas.budgets import NOTHING
from reports.models import Budget, BudgetItem, BudgetLine
from reports.permissions import costs as permissions

MONTHS = range(1, 13)


class GridLine(NamedTuple):
    """One month of a unit and an item: of records with theirs a page would read thousands."""

    pk: int
    month: date
    amount: Decimal
    unit_id: int
    unit: str
    item_id: int


@dataclass(frozen=True)
class GridRow:
    """A unit and an item."""

    unit: str
    item: str
    cells: SafeString
    total: Decimal


class BudgetGridPage(WayOfApproval):
    """One budget for one person."""

    def __init__(self, budget: Budget, user: User, today: date, unit: int | None) -> None:
        self.budget = self.target = budget
        self.user, self.today, self.asked_unit = user, today, unit

    @cached_property
    def lines(self) -> list[GridLine]:
        """The lines that the person sees, in the order of units and items."""
        rows = BudgetLine.objects.visible_to(self.user).filter(budget=self.budget)
        rows = rows.order_by("org_unit__path", "item__order", "item_id", "month")
        columns = ("pk", "month", "amount", "org_unit_id", "org_unit__name", "item_id")
        return list(map(GridLine._make, rows.values_list(*columns)))

    @cached_property
    def units(self) -> list[tuple[int, str]]:
        """Units to choose from."""
        return list(dict.fromkeys((x.unit_id, x.unit) for x in self.lines))

    @cached_property
    def shown(self) -> list[GridLine]:
        """Of the unit that was asked for."""
        return [x for x in self.lines if self.asked_unit in {None, x.unit_id}]

    @cached_property
    def rows(self) -> list[GridRow]:
        """Twelve cells each; what does not change shows only what is planned."""
        groups: dict[tuple[int, int], list[GridLine]] = {}
        for line in self.shown:
            groups.setdefault((line.unit_id, line.item_id), []).append(line)
        items = BudgetItem.objects.in_bulk({item for _unit, item in groups})
        labels = {month: escape(str(MONTHS_3[month])) for month in MONTHS}
        may_edit = self.may_edit
        return [
            _row(lines, str(items[item]), labels, may_edit=may_edit)
            for (_unit, item), lines in groups.items()
            if may_edit or any(line.amount for line in lines)
        ]

    @property
    def totals(self) -> list[tuple[str, str, str]]:
        """Names, labels and sums of the months."""
        sums = dict.fromkeys(MONTHS, NOTHING)
        for line in self.shown:
            sums[line.month.month] += line.amount
        return [(f"m{n:02d}", str(MONTHS_3[n]), format_number(sums[n], 2)) for n in MONTHS]

    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.shown), NOTHING)

    @cached_property
    def revisions(self) -> list[Budget]:
        """Other versions of the year."""
        rows = Budget.objects.visible_to(self.user).exclude(pk=self.budget.pk)
        rows = rows.filter(year=self.budget.year, org_unit=self.budget.org_unit_id)
        return list(rows.order_by("-revision"))

    @property
    def may_edit(self) -> bool:
        return permissions.can_edit_budget(self.user, self.budget)

    @property
    def may_correct(self) -> bool:
        return permissions.can_correct_budget(self.user, self.budget)


# Written here, because a template per cell is what costs.
_CELL = (
    '<td class="num plan-cell" data-label="%(label)s"><input class="form-control" type="text"'
    ' inputmode="decimal" data-cell="m%(month)02d" data-line="%(line)d" data-was="%(was)s"'
    ' value="%(text)s" aria-label="%(label)s: %(row)s"%(readonly)s></td>'
)


def _row(lines: list[GridLine], item: str, labels: Mapping[int, str], *, may_edit: bool) -> GridRow:
    """What is typed in each month, and what the script compares with."""
    unit = lines[0].unit
    row, readonly = escape(f"{unit}, {item}"), "" if may_edit else " readonly"
    cells = [
        _CELL
        % {
            "label": labels[line.month.month],
            "month": line.month.month,
            "line": line.pk,
            "was": shown_amount(line.amount),
            "text": format_number(line.amount, 2) if line.amount else "",
            "row": row,
            "readonly": readonly,
        }
        for line in lines
    ]
    total = sum((line.amount for line in lines), NOTHING)
    return GridRow(unit, item, mark_safe("".join(cells)), total)
