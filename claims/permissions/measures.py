"""Rights on corrective measures: heads plan and judge, whoever answers carries out."""

from claims.models import OPEN_MEASURE, CorrectiveMeasure, MeasureState
from crm.accounts.models import HEADS, OrgUnit, Role, User
from crm.accounts.scope import scope_of


def can_see_measures(user: User) -> bool:
    """Everybody may answer for one."""
    return user.is_active and scope_of(user).own is not None


def plans_measures(user: User) -> bool:
    """Heads for their units, the director for all."""
    return user.is_active and user.role in {*HEADS, Role.DIRECTOR}


def can_plan_measures(user: User, unit: OrgUnit) -> bool:
    """A measure for this unit."""
    return plans_measures(user) and _heads(user, unit.pk)


def can_carry_out(user: User, row: CorrectiveMeasure) -> bool:
    """Whoever answers for it, and the heads above, until it is checked."""
    alive = row.state in {*OPEN_MEASURE, MeasureState.DONE}
    return user.is_active and alive and (row.owner_id == user.pk or _judges(user, row))


def can_judge_measure(user: User, row: CorrectiveMeasure) -> bool:
    """The heads of the unit and the director, not whoever answers for it (four eyes)."""
    alive = row.state in {*OPEN_MEASURE, MeasureState.DONE}
    return alive and row.owner_id != user.pk and _judges(user, row)


def _judges(user: User, row: CorrectiveMeasure) -> bool:
    return plans_measures(user) and _heads(user, row.org_unit_id)


def _heads(user: User, unit_id: int) -> bool:
    return user.role == Role.DIRECTOR or unit_id in scope_of(user).unit_ids
