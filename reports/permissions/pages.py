"""Who may open which report (C.9)."""

from crm.accounts.models import Role, User

CHIEFS = {Role.SECTOR_HEAD, Role.DEPARTMENT_HEAD, Role.DIRECTOR, Role.GENERAL_DIRECTOR}


def can_see_accounting(user: User) -> bool:
    """The page is of the accounting alone: it is about their work."""
    return user.is_active and user.role == Role.ACCOUNTANT


def can_see_legal(user: User) -> bool:
    """The page is about the lawyer's own work."""
    return user.is_active and user.role == Role.LAWYER


def can_see_delivery(user: User) -> bool:
    """The page is about the work of the delivery."""
    return user.is_active and user.role == Role.LOGISTICS


def can_see_department(user: User) -> bool:
    """Heads see their units, the directors all of them."""
    return user.is_active and user.role in CHIEFS
