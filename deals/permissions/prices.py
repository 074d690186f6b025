"""Rights on price lists (DL-02): heads of departments prepare them, the director decides."""

from crm.accounts.models import Role, User
from deals.permissions.documents import can_see_money

PREPARE = frozenset({Role.DEPARTMENT_HEAD, Role.DIRECTOR})


def can_see_prices(user: User) -> bool:
    """Whoever sees clients' money."""
    return can_see_money(user)


def can_edit_prices(user: User) -> bool:
    """Prepare a draft of a list and its prices."""
    return user.is_active and user.role in PREPARE


def can_import_prices(user: User) -> bool:
    """Fill a draft from a file: heads of departments, who have it approved by another."""
    return can_edit_prices(user) and user.role == Role.DEPARTMENT_HEAD


def can_approve_prices(user: User) -> bool:
    """The director alone lets a list hold (S4.2.13)."""
    return user.is_active and user.role == Role.DIRECTOR
