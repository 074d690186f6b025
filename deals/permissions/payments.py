"""Rights on payments and on files with money (C.9: import bank/1C)."""

from crm.accounts.models import Role, User


def can_handle_payments(user: User) -> bool:
    """The accounting matches, spreads, ignores and reverses payments (C.5 no. 15)."""
    return user.is_active and user.role == Role.ACCOUNTANT


def can_import_money(user: User) -> bool:
    """The accounting and the administrator bring in files of the bank and of 1C (C.9)."""
    return user.is_active and user.role in {Role.ACCOUNTANT, Role.ADMIN}
