"""Rights on payments and on files with money (C.9: import bank/1C)."""

from crm.accounts.models import Role, User
from crm.accounts.scope import scope_of
from deals.models import Payment, PaymentKind, PaymentState


def can_handle_payments(user: User) -> bool:
    """The accounting matches, spreads, ignores and reverses payments (C.5 no. 15)."""
    return user.is_active and user.role == Role.ACCOUNTANT


def can_import_money(user: User) -> bool:
    """The accounting and the administrator bring in files of the bank and of 1C (C.9)."""
    return user.is_active and user.role in {Role.ACCOUNTANT, Role.ADMIN}


def payment_actions(user: User, payment: Payment) -> frozenset[str]:
    """What the person may do with the payment in its state; buttons of the page."""
    if not can_handle_payments(user):
        return frozenset()
    known = payment.client_id is not None
    possible = {
        "match": payment.is_incoming and payment.may_become(PaymentState.MATCHED) and not known,
        "refund": not payment.is_incoming and not known and payment.state != PaymentState.REVERSED,
        "spread": payment.pays_invoices and payment.free_amount > 0,
        "free": payment.pays_invoices and payment.allocated_amount > 0,
        "unmatch": known and payment.state in {PaymentState.MATCHED, PaymentState.ALLOCATED},
        "ignore": payment.may_become(PaymentState.IGNORED),
        "own_transfer": payment.may_become(PaymentState.IGNORED)
        and payment.kind != PaymentKind.OWN_TRANSFER,
        "restore": payment.state == PaymentState.IGNORED,
        "reverse": payment.may_become(PaymentState.REVERSED),
    }
    return frozenset(name for name, allowed in possible.items() if allowed)


def can_see_statements(user: User) -> bool:
    """Our accounts and their statements: the accounting and those who see all clients (C.9)."""
    scope = scope_of(user)
    sees = scope.everything or user.role == Role.ADMIN
    return user.is_active and sees and not scope.limited_fields


def can_edit_own_accounts(user: User) -> bool:
    """Whoever brings in statements says which accounts are ours."""
    return can_import_money(user)
