"""Plan and fact of costs by unit, item and month (BUDGET-1): two queries for a year."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from django.db.models import Q, Sum
from django.db.models.functions import ExtractMonth, ExtractYear

from crm.accounts.models import User
from reports.formulas.budgets import NOTHING, Execution
from reports.models import BudgetLine, Expense

K = TypeVar("K")


@dataclass(frozen=True)
class Cell:
    """Where money is planned and spent."""

    unit_id: int
    item_id: int
    year: int
    month: int


@dataclass(frozen=True)
class Costs:
    """Cells of a period; sums over any of them."""

    cells: dict[Cell, Execution] = field(default_factory=dict)

    def sum(self, wanted: Callable[[Cell], bool] = lambda cell: True) -> Execution:
        """Of the cells that are wanted."""
        found = (one for cell, one in self.cells.items() if wanted(cell))
        return sum(found, Execution())

    def by(self, key: Callable[[Cell], K]) -> dict[K, Execution]:
        """Sums of groups of cells."""
        found: dict[K, Execution] = {}
        for cell, one in self.cells.items():
            name = key(cell)
            found[name] = found.get(name, Execution()) + one
        return found


def costs_of(user: User, first: date, last: date, unit_ids: Collection[int] | None = None) -> Costs:
    """What the person sees of the months from the first day to the last, of these units.

    The plan is of the budgets that hold, the fact what was paid, by the day it was spent.
    """
    plans = BudgetLine.objects.visible_to(user).filter(
        budget__state="approved", month__range=(first.replace(day=1), last)
    )
    spent = Expense.objects.visible_to(user).filter(
        state__in=["approved", "paid"], spent_on__range=(first, last)
    )
    if unit_ids is not None:
        plans, spent = plans.filter(org_unit__in=unit_ids), spent.filter(org_unit__in=unit_ids)
    return Costs(_added(_planned(plans), _spent(spent)))


def _planned(rows: Any) -> Iterable[tuple[Cell, Execution]]:
    found = rows.order_by().values_list("org_unit", "item", "month").annotate(sum=Sum("amount"))
    for unit, item, month, amount in found:
        yield Cell(unit, item, month.year, month.month), Execution(plan=amount)


def _spent(rows: Any) -> Iterable[tuple[Cell, Execution]]:
    months = rows.order_by().annotate(y=ExtractYear("spent_on"), m=ExtractMonth("spent_on"))
    found = months.values_list("org_unit", "item", "y", "m").annotate(
        fact=Sum("amount", filter=Q(state="paid")),
        approved=Sum("amount", filter=Q(state="approved")),
    )
    for unit, item, year, month, fact, approved in found:
        yield (
            Cell(unit, item, year, month),
            Execution(NOTHING, fact or NOTHING, approved or NOTHING),
        )


def _added(*parts: Iterable[tuple[Cell, Execution]]) -> dict[Cell, Execution]:
    cells: dict[Cell, Execution] = {}
    for part in parts:
        for cell, one in part:
            cells[cell] = cells.get(cell, Execution()) + one
    return cells
