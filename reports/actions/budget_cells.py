"""Saving cells of a budget: all of a batch or nothing, and nobody overwrites unseen.

The same promise and the same answer as for plans (`plan_cells`): a cell comes with what was shown
when its editing began.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.errors import RuleViolation
from crm.history import verb
from crm.money import parse_money
from reports.actions.budget_drafts import lock_budget
from reports.actions.plan_cells import MOST_CELLS, Cell, Clash, Outcome, Refused
from reports.models import BudgetLine
from reports.permissions import costs as permissions


@transaction.atomic
def save_budget_cells(budget_id: int, cells: list[Cell], *, by: User) -> Outcome:
    """Save the cells under the lock of the budget.

    Raises RuleViolation for a budget that does not change any more, PermissionDenied for whoever
    does not head the department.
    """
    budget = lock_budget(budget_id, by)
    if not permissions.heads_budget(by, budget):
        raise PermissionDenied
    if not budget.is_editable:
        raise RuleViolation(_("The budget has been sent; its lines do not change any more."))
    if len(cells) > MOST_CELLS:
        raise RuleViolation(_("At most %(count)s cells at once.") % {"count": MOST_CELLS})
    ids = {cell.line_id for cell in cells}
    rows = budget.lines.filter(pk__in=ids).select_for_update(of=("self",))
    lines = {line.pk: line for line in rows.order_by("pk")}
    outcome, values = _judged(cells, lines)
    if not outcome.refused and not outcome.clashes:
        with verb("budget.edited", by=by):
            outcome.saved = _write(lines, values)
    return outcome


def shown_amount(amount: Decimal) -> str:
    """An amount as cells carry it: a plain number with a dot, nothing for nought."""
    return str(amount) if amount else ""


def read_amount(text: str) -> Decimal:
    """The amount of a typed cell, nought for an empty one; RuleViolation says what is wrong."""
    if not text.strip():
        return Decimal("0.00")
    try:
        amount = parse_money(text)
    except ValidationError as wrong:
        raise RuleViolation(" ".join(wrong.messages)) from wrong
    if amount < 0:
        raise RuleViolation(_("Not less than zero."))
    return amount


def _judged(
    cells: list[Cell], lines: dict[int, BudgetLine]
) -> tuple[Outcome, dict[int, tuple[BudgetLine, Decimal]]]:
    outcome, values = Outcome(), dict[int, tuple[BudgetLine, Decimal]]()
    clashing: list[Cell] = []
    for cell in cells:
        line = lines.get(cell.line_id)
        try:
            if line is None or cell.field != line.field:
                raise RuleViolation(_("There is no such cell."))
            amount = read_amount(cell.now)
        except RuleViolation as refusal:
            outcome.refused.append(Refused(cell.line_id, cell.field, str(refusal)))
            continue
        if line.amount != amount and shown_amount(line.amount) != cell.was:
            clashing.append(cell)
        values[line.pk] = (line, amount)
    outcome.clashes = _told(clashing, lines)
    return outcome, values


def _write(lines: dict[int, BudgetLine], values: dict[int, tuple[BudgetLine, Decimal]]) -> Any:
    """The lines of the batch as they stand now, those among them that did not change too."""
    changed = []
    for line, amount in values.values():
        if line.amount != amount:
            line.amount, line.version = amount, line.version + 1
            changed.append(line)
    BudgetLine.objects.bulk_update(changed, ["amount", "version"], batch_size=1000)
    return [lines[pk] for pk in values]


def _told(cells: list[Cell], lines: dict[int, BudgetLine]) -> list[Clash]:
    """Who changed each cell last, by the history of its line."""
    if not cells:
        return []
    found = _last_changes({cell.line_id for cell in cells})
    people = User.objects.in_bulk({by for by, _at in found.values() if by})
    clashes = []
    for cell in cells:
        by, at = found.get(cell.line_id, (None, None))
        who = str(people[by]) if by in people else ""
        theirs = shown_amount(lines[cell.line_id].amount)
        clashes.append(Clash(cell.line_id, cell.field, cell.was, theirs, who, at))
    return clashes


def _last_changes(line_ids: set[int]) -> dict[int, tuple[int | None, datetime]]:
    """The person and the moment of the last change of each line: a line is one cell."""
    events: Any = apps.get_model("reports", "BudgetLineEvent").objects
    rows = events.filter(pgh_obj__in=line_ids).order_by("pgh_id")
    return {
        event.pgh_obj_id: ((event.pgh_context or {}).get("user"), event.pgh_created_at)
        for event in rows
    }
