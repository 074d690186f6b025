"""Drawing up a cost budget, keeping its rows whole, beginning a correction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from crm.accounts.models import OrgUnit, User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from reports.actions import revisions
from reports.models import Budget, BudgetItem, BudgetLine, Expense
from reports.permissions import costs as permissions

EMPTY, LAST_BUDGET, LAST_FACT = "empty", "budget", "fact"
BATCH = 2000
Key = tuple[int, int, int]  # unit, item, number of the month
Amounts = dict[Key, Decimal]


@transaction.atomic
def draw_up_budget(unit_id: int, year: int, source: str, *, by: User, today: date) -> Budget:
    """A draft of the department's year: a line of every unit, item and month.

    `source` fills it with nothing, the budget of the year before or what was paid in it. Raises
    RuleViolation for a year too far away and where there is a budget already.
    """
    # Of two who draw it up at once the second waits, and then finds it.
    unit = OrgUnit.objects.visible_to(by).select_for_update(no_key=True).get(pk=unit_id)
    if not permissions.can_draw_up_budget(by, unit):
        raise PermissionDenied
    if not today.year - 1 <= year <= today.year + 1:
        text = _("A budget is of the last year, this one or the next.")
        raise RuleViolation(text, field="year")
    if Budget.objects.filter(org_unit=unit, year=year).exists():
        raise RuleViolation(_("There is a budget of this year: correct it."), field="year")
    with verb("budget.drawn_up", by=by):
        budget: Budget = Budget.objects.create(org_unit=unit, year=year, created_by=by)
        _add_lines(budget, _amounts(unit, year - 1, source))
    return budget


@transaction.atomic
def add_missing_lines(budget_id: int, *, by: User, version: int) -> int:
    """Lines of items and sectors that came later; how many."""
    budget = lock_budget(budget_id, by, version)
    if not permissions.heads_budget(by, budget):
        raise PermissionDenied
    if not budget.is_editable:
        raise RuleViolation(_("The budget has been sent; its lines do not change any more."))
    with verb("budget.lines_added", by=by):
        return _add_lines(budget, {})


@transaction.atomic
def correct_budget(budget_id: int, *, by: User, version: int, comment: str) -> Budget:
    """Begin the next revision of a budget in force, with its lines; the old one holds until the
    director approves the new one. RuleViolation while another revision is being made."""
    budget = lock_budget(budget_id, by, version)
    if not permissions.can_correct_budget(by, budget):
        raise PermissionDenied
    with verb("budget.corrected", by=by):
        made: Budget = revisions.next_revision(budget, by=by, comment=comment)
        lines = budget.lines.all()
        _add_lines(made, {(x.org_unit_id, x.item_id, x.month.month): x.amount for x in lines})
    return made


def lock_budget(budget_id: int, by: User, version: int | None = None) -> Budget:
    """A visible budget, locked until the end of the transaction."""
    rows = Budget.objects.visible_to(by).select_for_update(of=("self",))
    budget: Budget = rows.select_related("org_unit").get(pk=budget_id)
    if version is not None and budget.version != version:
        raise StaleVersion(of=budget)
    return budget


def _add_lines(budget: Budget, amounts: Amounts) -> int:
    """What is missing of units in use × items in use × months, and whatever has an amount."""
    known = set(budget.lines.values_list("org_unit", "item", "month__month"))
    units = OrgUnit.objects.open().subtree_of([budget.org_unit_id])
    items = list(BudgetItem.objects.in_use().values_list("pk", flat=True))
    keys = {(unit, item) for unit in units.values_list("pk", flat=True) for item in items}
    keys |= {(unit, item) for unit, item, _month in amounts}
    rows = [
        BudgetLine(
            budget=budget,
            org_unit_id=unit,
            item_id=item,
            month=date(budget.year, month, 1),
            amount=amounts.get((unit, item, month), Decimal(0)),
        )
        for unit, item in sorted(keys)
        for month in range(1, 13)
        if (unit, item, month) not in known
    ]
    BudgetLine.objects.bulk_create(rows, batch_size=BATCH)
    return len(rows)


def _amounts(unit: OrgUnit, year: int, source: str) -> Amounts:
    """What the year before gives."""
    if source == LAST_BUDGET:
        lines = BudgetLine.objects.in_force(year).filter(budget__org_unit=unit)
        return _summed(lines.values_list("org_unit", "item", "month", "amount"))
    if source == LAST_FACT:
        units = OrgUnit.objects.subtree_of([unit.pk]).values("pk")
        spent = Expense.objects.counted().of_units(units).filter(spent_on__year=year)
        months = spent.order_by().annotate(m=TruncMonth("spent_on"))
        return _summed(months.values_list("org_unit", "item", "m").annotate(sum=Sum("amount")))
    return {}


def _summed(rows: Iterable[tuple[int, int, date, Decimal]]) -> Amounts:
    return {(unit, item, month.month): amount for unit, item, month, amount in rows}
