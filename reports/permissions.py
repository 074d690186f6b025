"""Who may open which report (C.9)."""

from crm.accounts.models import Role, User

CHIEFS = {Role.SECTOR_HEAD, Role.DEPARTMENT_HEAD, Role.DIRECTOR, Role.GENERAL_DIRECTOR}


def can_see_department(user: User) -> bool:
    """Heads see their units, the directors all of them."""
    return user.is_active and user.role in CHIEFS
