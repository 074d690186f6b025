"""Sums of one budget by item, beside what holds and what the year before cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import Sum

from crm.accounts.models import OrgUnit, User
from reports.formulas.budgets import NOTHING
from reports.models import Budget, BudgetItem, BudgetLine
from reports.queries.budgets import costs_of


@dataclass(frozen=True)
class ItemSums:
    """An item: this budget, the one that holds, the fact of the year before."""

    name: str
    amount: Decimal
    before: Decimal
    fact: Decimal

    @property
    def change(self) -> Decimal:
        """More or less than holds now."""
        return self.amount - self.before


class BudgetEvidence:
    """What the director reads before deciding."""

    def __init__(self, budget: Budget, user: User) -> None:
        self.budget, self.user = budget, user

    @cached_property
    def former(self) -> Budget | None:
        """The revision that this one would take the place of."""
        rows = Budget.objects.in_force().exclude(pk=self.budget.pk)
        return rows.filter(year=self.budget.year, org_unit=self.budget.org_unit_id).first()

    @cached_property
    def rows(self) -> list[ItemSums]:
        """Items with anything in any of the columns."""
        own, before, fact = self._sums(self.budget), self._sums(self.former), self._fact
        met = {*own, *before, *fact}
        return [
            ItemSums(
                str(item),
                own.get(item.pk, NOTHING),
                before.get(item.pk, NOTHING),
                fact.get(item.pk, NOTHING),
            )
            for item in BudgetItem.objects.all()
            if item.pk in met
        ]

    @property
    def total(self) -> ItemSums:
        rows = self.rows
        return ItemSums(
            "",
            sum((one.amount for one in rows), NOTHING),
            sum((one.before for one in rows), NOTHING),
            sum((one.fact for one in rows), NOTHING),
        )

    @property
    def year_before(self) -> int:
        return self.budget.year - 1

    def _sums(self, budget: Budget | None) -> dict[int, Decimal]:
        if budget is None:
            return {}
        rows = BudgetLine.objects.visible_to(self.user).filter(budget=budget, amount__gt=0)
        return dict(rows.order_by().values_list("item").annotate(sum=Sum("amount")))

    @cached_property
    def _fact(self) -> dict[int, Decimal]:
        year = self.year_before
        units = OrgUnit.objects.subtree_of([self.budget.org_unit_id]).values_list("pk", flat=True)
        found = costs_of(self.user, date(year, 1, 1), date(year, 12, 31), list(units))
        sums = found.by(lambda cell: cell.item_id)
        return {item: one.fact for item, one in sums.items() if one.fact}
