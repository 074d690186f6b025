"""Rights on price agreements with producers (DL-02): purchasing and marketing keep them."""

from crm.accounts.models import Role, User
from deals.permissions.documents import can_see_money

KEEPERS = frozenset({Role.PURCHASING, Role.MARKETER})


def can_keep_producers(user: User) -> bool:
    """Enter, change and take out agreements, and answer for them."""
    return user.is_active and user.role in KEEPERS


def can_see_producers(user: User) -> bool:
    """Whoever sells by them or decides about prices, and their keepers: no figure of a client."""
    return can_see_money(user) or can_keep_producers(user)
