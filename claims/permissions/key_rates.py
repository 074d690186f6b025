"""Rights on key rates: no secret; kept by those who count with them."""

from crm.accounts.models import Role, User
from deals.permissions import can_see_money

KEEPERS = frozenset({Role.LAWYER, Role.ACCOUNTANT, Role.ADMIN})


def can_edit_key_rates(user: User) -> bool:
    """The lawyer, the accounting and the administrator."""
    return user.is_active and user.role in KEEPERS


def can_see_key_rates(user: User) -> bool:
    """Those who see money, and who keeps the rates."""
    return can_edit_key_rates(user) or can_see_money(user)
