"""Who sees facts and may close a month (C.9)."""

from crm.accounts.models import Role, User
from reports.permissions.pages import CHIEFS


def can_see_facts(user: User) -> bool:
    """Managers see what they brought, heads their units, the directors everything."""
    return user.is_active and (user.role == Role.MANAGER or user.role in CHIEFS)


def can_close_month(user: User) -> bool:
    """The clock closes months; the director may do it too."""
    return user.is_active and user.role == Role.DIRECTOR
