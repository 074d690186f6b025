"""The page of one budget: its way, and the grid of units, items and months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.utils.dates import MONTHS_3

from crm.accounts.models import User
from crm.approvals.way import WayOfApproval
from crm.money import format_number
from reports.actions.budget_cells import shown_amount
from reports.budget_math import NOTHING
from reports.models import Budget, BudgetLine
from reports.permissions import costs as permissions

MONTHS = range(1, 13)


@dataclass(frozen=True)
class GridCell:
    """One month of a row: what is typed and what the script compares with."""

    line_id: int
    name: str
    label: str
    text: str
    was: str


@dataclass(frozen=True)
class GridRow:
    """A unit and an item."""

    unit: str
    item: str
    cells: list[GridCell]
    total: Decimal

    @property
    def label(self) -> str:
        return f"{self.unit}, {self.item}"


class BudgetGridPage(WayOfApproval):
    """One budget for one person."""

    def __init__(self, budget: Budget, user: User, today: date, unit: int | None) -> None:
        self.budget = self.target = budget
        self.user, self.today, self.asked_unit = user, today, unit

    @cached_property
    def lines(self) -> list[BudgetLine]:
        """The lines that the person sees, in the order of units and items."""
        rows = BudgetLine.objects.visible_to(self.user).filter(budget=self.budget)
        rows = rows.select_related("org_unit", "item")
        return list(rows.order_by("org_unit__path", "item__order", "item_id", "month"))

    @property
    def units(self) -> list[tuple[int, str]]:
        """Units to choose from."""
        return list(dict.fromkeys((x.org_unit_id, x.org_unit.name) for x in self.lines))

    @cached_property
    def shown(self) -> list[BudgetLine]:
        """Of the unit that was asked for."""
        return [x for x in self.lines if self.asked_unit in {None, x.org_unit_id}]

    @cached_property
    def rows(self) -> list[GridRow]:
        """Twelve cells each; what does not change shows only what is planned."""
        groups: dict[tuple[int, int], list[BudgetLine]] = {}
        for line in self.shown:
            groups.setdefault((line.org_unit_id, line.item_id), []).append(line)
        return [
            GridRow(
                lines[0].org_unit.name,
                str(lines[0].item),
                [_cell(line) for line in lines],
                sum((line.amount for line in lines), NOTHING),
            )
            for lines in groups.values()
            if self.may_edit or any(line.amount for line in lines)
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


def _cell(line: BudgetLine) -> GridCell:
    text = format_number(line.amount, 2) if line.amount else ""
    label = str(MONTHS_3[line.month.month])
    return GridCell(line.pk, line.field, label, text, shown_amount(line.amount))
