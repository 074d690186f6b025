"""Sending a cost budget to the director; what becomes of it stands in `revisions`."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.approvals import actions as approvals
from crm.errors import RuleViolation
from reports.actions.budget_drafts import lock_budget
from reports.models import Budget
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
