"""Rights on control (C.9): sector heads check their own sector, heads their department, directors
anybody in sales; nobody oneself or one's superior."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from crm.accounts.models import DIRECTORS, SALES, OrgUnit, Role, User
from crm.accounts.scope import scope_of, units_below
from crm.assignments.permissions import people_for
from reports.models import CheckState, SpotCheck

CHECKED = SALES


def can_see_control(user: User) -> bool:
    """Pages of control: whoever is checked or checks."""
    return user.is_active and user.role in CHECKED | DIRECTORS


def can_check(user: User) -> bool:
    """Plan and hold checks."""
    if not user.is_active:
        return False
    return user.role in DIRECTORS or bool(units_below(user))


def people_to_check(user: User) -> QuerySet[User]:
    """Whose work the person may check: subordinates in sales to whom work may be assigned."""
    rows = people_for(user, "assignment").filter(role__in=CHECKED).exclude(pk=user.pk)
    if not can_check(user):
        return rows.none()
    if user.role in DIRECTORS:
        return rows
    return rows.filter(org_unit__in=units_below(user)).exclude(
        pk__in=scope_of(user).substituted_ids
    )


def can_edit_points(user: User) -> bool:
    """Questions and norms: heads of departments and directors."""
    return user.is_active and user.role in DIRECTORS | {Role.DEPARTMENT_HEAD}


def holds(user: User, check: SpotCheck) -> bool:
    """The checker alone marks rows and ends the check."""
    return user.is_active and user.pk == check.checker_id


def can_start(user: User, check: SpotCheck) -> bool:
    """Begin it, or call it off."""
    return check.state == CheckState.PLANNED and holds(user, check)


def can_mark(user: User, check: SpotCheck) -> bool:
    """Say what was found, and complete it."""
    return check.state == CheckState.IN_PROGRESS and holds(user, check)


def covered(check: SpotCheck) -> QuerySet[User]:
    """Whose rows the check is about: the checked, of a head also everybody below."""
    units = OrgUnit.objects.headed_by(check.checked).values("pk")
    people = Q(pk=check.checked_id) | Q(org_unit__in=units)
    return User.objects.filter(people).exclude(pk=check.checker_id)
