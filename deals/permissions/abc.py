"""Rights on the ABC analysis (CL-07, ABC-4)."""

from crm.accounts.models import Role, User
from deals.permissions.documents import can_see_money

RUNNERS = frozenset({Role.DIRECTOR, Role.DEPARTMENT_HEAD})
READERS = RUNNERS | {Role.GENERAL_DIRECTOR, Role.SECTOR_HEAD}


def can_see_abc(user: User) -> bool:
    """Heads see their clients in the analysis, directors all of them."""
    return user.role in READERS and can_see_money(user)


def can_run_abc(user: User) -> bool:
    """The director and heads of departments calculate it and choose what is proposed."""
    return user.is_active and user.role in RUNNERS
