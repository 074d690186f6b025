"""Rights on the exchange with 1C."""

from crm.accounts.models import Role, User
from deals.permissions.payments import can_import_money


def can_manage_exchange(user: User) -> bool:
    """The administrator gives keys to programs and takes them back."""
    return user.is_active and user.role == Role.ADMIN


def can_act_in_exchange(user: User) -> bool:
    """A program works as a person who may bring such files in by hand, and only while they may."""
    return can_import_money(user) and not user.must_change_password
