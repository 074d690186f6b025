"""The way of a cost budget: sent, approved, returned, superseded."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.approvals import actions as approvals
from crm.errors import RuleViolation
from crm.states import move
from reports.actions.budget_drafts import lock_budget
from reports.models import BUDGET_MOVES, Budget, BudgetState
from reports.permissions import costs as permissions

KIND = "budget"


@transaction.atomic
def send_budget(budget_id: int, *, by: User, version: int, today: date) -> Budget:
    """The head of the department sends it to the director; nothing changes from then on.

    RuleViolation for a budget in which nothing is planned.
    """
    budget = lock_budget(budget_id, by, version)
    if not permissions.heads_budget(by, budget):
        raise PermissionDenied
    if not budget.is_editable:
        raise RuleViolation(_("The budget has been sent; its lines do not change any more."))
    if not budget.lines.filter(amount__gt=0).exists():
        raise RuleViolation(_("Nothing is planned in this budget yet."))
    approvals.submit(
        budget, kind=KIND, by=by, title=str(budget), org_unit=budget.org_unit, today=today
    )
    return budget


def sent(budget: Budget, *, by: User) -> None:
    """draft or returned → on approval, in the transaction of the engine."""
    move(budget, BUDGET_MOVES, BudgetState.ON_APPROVAL, sent_by=by, sent_at=timezone.now())


def approved(budget: Budget, *, by: User) -> None:
    """on approval → approved; the former revision is superseded in the same transaction."""
    rows = Budget.objects.in_force().filter(year=budget.year, org_unit=budget.org_unit_id)
    for former in rows.select_for_update(of=("self",)):
        move(former, BUDGET_MOVES, BudgetState.SUPERSEDED)
    move(budget, BUDGET_MOVES, BudgetState.APPROVED, approved_by=by, approved_at=timezone.now())


def returned(budget: Budget, *, comment: str) -> None:
    """on approval → returned; the words stand with the reason of a correction."""
    words = "\n".join(filter(None, (budget.comment, comment)))
    move(budget, BUDGET_MOVES, BudgetState.RETURNED, comment=words[:500])


def withdrawn(budget: Budget) -> None:
    """on approval → draft: whoever sent it took it back."""
    move(budget, BUDGET_MOVES, BudgetState.DRAFT)
