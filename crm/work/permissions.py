"""Who may change settings and the calendar (C.9)."""

from crm.accounts.models import Role, User
from crm.work.registry import Declaration


def can_change_setting(user: User, declared: Declaration) -> bool:
    """The roles named by the declaration."""
    return user.is_active and user.role in declared.changed_by


def can_see_settings(user: User) -> bool:
    """Heads and directors read the policy; the administrator changes it."""
    return user.is_active and user.role in {
        Role.ADMIN,
        Role.DIRECTOR,
        Role.GENERAL_DIRECTOR,
        Role.DEPARTMENT_HEAD,
    }


def can_edit_calendar(user: User) -> bool:
    """The administrator."""
    return user.is_active and user.role == Role.ADMIN


def can_see_periodic(user: User) -> bool:
    """The administrator watches the background."""
    return user.is_active and user.role == Role.ADMIN
