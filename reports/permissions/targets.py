"""Who sets target tasks, reports on them and accepts what was reported (C.5 no. 24)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crm.accounts.models import Role, User
from crm.accounts.scope import scope_of
from reports.permissions.facts import can_see_facts

if TYPE_CHECKING:
    from reports.models import TargetTask

SETTERS = {Role.DEPARTMENT_HEAD, Role.DIRECTOR}


def can_see_tasks(user: User) -> bool:
    """Owners see their tasks, heads those of their units, the directors all."""
    return can_see_facts(user)


def can_set_tasks(user: User) -> bool:
    """Department heads and the director set tasks."""
    return user.is_active and user.role in SETTERS


def can_set_tasks_of(user: User, owner: User) -> bool:
    """A head sets tasks of the people of the department, the director of everybody; nobody own."""
    if not can_set_tasks(user) or owner.pk == user.pk or not can_see_facts(owner):
        return False
    return user.role == Role.DIRECTOR or owner.org_unit_id in scope_of(user).unit_ids


def can_report_task(user: User, task: TargetTask) -> bool:
    """The owner tells what was done; of what is counted by itself, why it was returned."""
    by_clock = task.measure and task.state == "set"
    is_open = task.may_become("reported") and not by_clock
    return user.is_active and user.pk == task.owner_id and is_open


def can_judge_task(user: User, task: TargetTask) -> bool:
    """Who may set tasks of the owner accepts or returns; never the owner."""
    return can_set_tasks_of(user, task.owner) and task.may_become("accepted")
