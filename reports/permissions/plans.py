"""Rights on monthly plans (C.9: fill own lines, submit the sector, send the department, approve).

What a person may do as a substitute follows from the scope: units and managers of those who are
away are in it.
"""

from __future__ import annotations

from crm.accounts.models import SALES, OrgUnit, OrgUnitKind, Role, User
from crm.accounts.scope import scope_of
from reports.models import (
    EDITABLE,
    IN_FORCE,
    OPEN_PART,
    MonthlyPlan,
    PartState,
    PlanExplanation,
    PlanLine,
    PlanPart,
    PlanState,
)

FILLERS = SALES
SPREADERS = FILLERS | {Role.DIRECTOR}
OVERSEERS = frozenset({Role.DIRECTOR, Role.GENERAL_DIRECTOR, Role.ACCOUNTANT, Role.LAWYER})


def can_see_plans(user: User) -> bool:
    """Those who sell, and those who see all clients with their money."""
    return user.is_active and user.role in FILLERS | OVERSEERS


def heads_unit(user: User, unit_id: int) -> bool:
    """The unit is headed by the person, or by somebody whom the person substitutes."""
    return user.is_active and user.role in FILLERS and unit_id in scope_of(user).unit_ids


def can_edit_line(user: User, plan: MonthlyPlan, part: PlanPart) -> bool:
    """A manager in what is not handed in, the sector's head until it is submitted, the
    department's head until the plan is sent."""
    if plan.state not in EDITABLE or not user.is_active or user.role not in FILLERS:
        return False
    scope = scope_of(user)
    if plan.org_unit_id in scope.unit_ids:
        return True
    if part.org_unit_id in scope.unit_ids:
        return part.state != PartState.SUBMITTED
    return part.manager_id in scope.manager_ids and part.state in OPEN_PART


def can_fill_part(user: User, plan: MonthlyPlan, part: PlanPart) -> bool:
    """The manager says that the lines are filled; nobody else says it instead."""
    own = part.manager_id in scope_of(user).manager_ids
    return user.is_active and own and plan.state in EDITABLE and part.state in OPEN_PART


def can_submit_part(user: User, plan: MonthlyPlan, part: PlanPart) -> bool:
    """Heads of the sector and of the department submit its managers' lines."""
    alive = plan.state in EDITABLE and part.state != PartState.SUBMITTED
    return alive and heads_unit(user, part.org_unit_id)


def can_return_part(user: User, plan: MonthlyPlan, part: PlanPart) -> bool:
    """What is filled goes back to the manager by the sector's head, what is submitted by the
    department's head."""
    if plan.state not in EDITABLE or part.state in OPEN_PART:
        return False
    above = plan.org_unit_id if part.state == PartState.SUBMITTED else part.org_unit_id
    return heads_unit(user, above)


def can_send_plan(user: User, plan: MonthlyPlan) -> bool:
    """The head of the department sends the whole to the director."""
    ready = plan.state in {PlanState.SUBMITTED, PlanState.RETURNED}
    return ready and heads_unit(user, plan.org_unit_id)


def can_correct_plan(user: User, plan: MonthlyPlan) -> bool:
    """The head of the department begins a new revision of what is in force."""
    return plan.state in IN_FORCE and heads_unit(user, plan.org_unit_id)


def can_draw_up_plan(user: User, unit: OrgUnit) -> bool:
    """The head of the department, before or after the clock does."""
    return unit.kind != OrgUnitKind.COMPANY and heads_unit(user, unit.pk)


def can_set_target(user: User, plan: MonthlyPlan, unit_id: int | None) -> bool:
    """Top-down sums: the director and the head of the department for any level, the head of a
    sector for its managers; `unit_id` is the unit the sum is divided in, None the department."""
    if plan.state not in EDITABLE or not user.is_active:
        return False
    if user.role == Role.DIRECTOR or heads_unit(user, plan.org_unit_id):
        return True
    return unit_id is not None and heads_unit(user, unit_id)


def sets_targets(user: User, plan: MonthlyPlan) -> bool:
    """Of some level of the plan: what opens the dialog."""
    if can_set_target(user, plan, None):
        return True
    return plan.state in EDITABLE and user.is_active and user.role == Role.SECTOR_HEAD


def can_explain(user: User, plan: MonthlyPlan, line: PlanLine | None, manager_id: int) -> bool:
    """The manager answers for own lines, heads for those of their units."""
    if plan.state not in IN_FORCE or not user.is_active or user.role not in FILLERS:
        return False
    scope = scope_of(user)
    if manager_id in scope.manager_ids or plan.org_unit_id in scope.unit_ids:
        return True
    return line is not None and line.org_unit_id in scope.unit_ids


def can_judge_explanation(user: User, row: PlanExplanation) -> bool:
    """A head above whoever wrote it, or the director; never the author (four eyes)."""
    if row.written_by_id == user.pk or not user.is_active:
        return False
    return user.role == Role.DIRECTOR or heads_unit(user, row.org_unit_id)
