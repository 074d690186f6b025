"""What the accounting does with one payment (C.5 no. 15): whose it is, put aside, taken back.

Every action locks the payment, compares the version of the page and looks the move up in
`PAYMENT_MOVES`. Spreading over invoices: `deals.actions.allocations`.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from clients.models import Client
from crm.accounts.models import User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from deals import permissions
from deals.actions.allocations import check_spreadable, left_of, lock_invoices, settle_state
from deals.actions.bulk_spreading import Money, plan_spreading, write_spreading
from deals.models import (
    Allocation,
    MatchedBy,
    OwnAccount,
    PayerAccount,
    Payment,
    PaymentKind,
    PaymentState,
)


@transaction.atomic
def match_by_hand(
    payment_id: int, client_id: int, *, by: User, version: int, remember: bool = False
) -> Payment:
    """The accounting says whose money it is; it is spread at once as the purpose says, then FIFO.

    Outgoing money becomes a refund. With `remember` the next money from this account is the
    client's by itself. Raises RuleViolation unless the payment waits for its client.
    """
    payment = lock_payment(payment_id, by=by, version=version)
    with verb("payment.matched", by=by):
        _give_to(payment, client_id, by)
    if remember:
        _remember(payment, by)
    if payment.is_incoming:
        spread_rest(payment, by=by)
    return payment


@transaction.atomic
def unmatch_payment(payment_id: int, *, by: User, version: int) -> Payment:
    """The client was wrong: the payment leaves its invoices and waits for its client again."""
    payment = lock_payment(payment_id, by=by, version=version)
    if payment.client_id is None:
        raise _not_now()
    with verb("payment.unmatched", by=by):
        take_off_invoices(payment)
        _move(payment, PaymentState.UNMATCHED)
        if not payment.is_incoming:
            payment.kind = PaymentKind.OTHER
        _clear_client(payment)
        _save(payment, "kind")
    return payment


@transaction.atomic
def ignore_payment(payment_id: int, *, by: User, version: int, reason: str) -> Payment:
    """The money is no client's: a loan, a tax returned, a mistake of the bank."""
    payment = lock_payment(payment_id, by=by, version=version)
    with verb("payment.ignored", by=by):
        _put_aside(payment, _required(reason))
        _save(payment, "reason")
    return payment


@transaction.atomic
def mark_own_transfer(payment_id: int, *, by: User, version: int) -> Payment:
    """The money went from one of our accounts to another."""
    payment = lock_payment(payment_id, by=by, version=version)
    with verb("payment.own_transfer", by=by):
        _put_aside(payment, str(PaymentKind.OWN_TRANSFER.label))
        payment.kind = PaymentKind.OWN_TRANSFER
        _save(payment, "kind", "reason")
    return payment


@transaction.atomic
def restore_payment(payment_id: int, *, by: User, version: int) -> Payment:
    """An ignored payment waits for its client again."""
    payment = lock_payment(payment_id, by=by, version=version)
    if payment.state != PaymentState.IGNORED:
        raise _not_now()
    with verb("payment.restored", by=by):
        _restore(payment)
        _save(payment, "kind", "reason")
    return payment


@transaction.atomic
def mark_refund(payment_id: int, client_id: int, *, by: User, version: int) -> Payment:
    """Outgoing money was given back to a client."""
    payment = lock_payment(payment_id, by=by, version=version)
    if payment.is_incoming:
        raise RuleViolation(_("Only outgoing money is a refund."))
    with verb("payment.refund", by=by):
        if payment.state == PaymentState.IGNORED:
            _restore(payment)
        _give_to(payment, client_id, by)
    return payment


@transaction.atomic
def reverse_payment(payment_id: int, *, by: User, version: int, reason: str) -> Payment:
    """The payment never was: it leaves its invoices and the books; nothing brings it back."""
    payment = lock_payment(payment_id, by=by, version=version)
    with verb("payment.reversed", by=by):
        payment.reason = _required(reason)
        take_off_invoices(payment)
        _move(payment, PaymentState.REVERSED)
        _save(payment, "reason")
    return payment


@transaction.atomic
def spread_payment(payment_id: int, *, by: User, version: int) -> Payment:
    """Spread what is left by the rule: named invoices, then the earliest due."""
    payment = lock_payment(payment_id, by=by, version=version)
    check_spreadable(payment)
    spread_rest(payment, by=by, touch=True)
    return payment


@transaction.atomic
def take_off(payment_id: int, *, by: User, version: int, invoice_id: int | None = None) -> Payment:
    """Take the payment off one invoice, or off all of them; the money is an advance then."""
    payment = lock_payment(payment_id, by=by, version=version)
    check_spreadable(payment)
    with verb("payment.freed", by=by):
        take_off_invoices(payment, invoice_id)
        settle_state(payment, touch=True)
    return payment


@transaction.atomic
def forget_payer(account_id: int, *, by: User) -> PayerAccount:
    """Money from the account is not the client's by itself any more."""
    if not permissions.can_handle_payments(by):
        raise PermissionDenied
    account: PayerAccount = PayerAccount.objects.visible_to(by).get(pk=account_id)
    with verb("payer.forgotten", by=by):
        account.delete()
    return account


def lock_payment(payment_id: int, *, by: User, version: int) -> Payment:
    """A visible payment under a lock, as the page showed it.

    Raises PermissionDenied for everybody but the accounting, StaleVersion when somebody was faster.
    """
    rows = Payment.objects.visible_to(by).select_for_update(of=("self",))
    payment: Payment = rows.get(pk=payment_id)
    if not permissions.can_handle_payments(by):
        raise PermissionDenied
    if payment.version != version:
        raise StaleVersion(of=payment)
    return payment


def spread_rest(payment: Payment, *, by: User, touch: bool = False) -> None:
    """Spread what is left of a locked payment of a known client, less what was given back."""
    assert payment.client_id is not None
    left, again = left_of(payment), payment.allocated_amount > 0
    facts = (payment.pk, payment.client_id, left, payment.paid_on, payment.purpose, again)
    planned = plan_spreading([Money(*facts)])
    with verb("payment.allocated", by=by):
        write_spreading(planned, by=by)
        settle_state(payment, touch=touch)


def take_off_invoices(payment: Payment, invoice_id: int | None = None) -> None:
    """Delete allocations of a locked payment, their invoices locked by key; sums follow."""
    rows = Allocation.objects.filter(payment=payment)
    if invoice_id is not None:
        rows = rows.filter(invoice=invoice_id)
    lock_invoices(rows.values_list("invoice_id", flat=True))
    if rows.delete()[0] and payment.state == PaymentState.ALLOCATED:
        _move(payment, PaymentState.MATCHED)
        payment.save(update_fields=["state"])
    payment.refresh_from_db(fields=["allocated_amount", "free_amount"])


def _give_to(payment: Payment, client_id: int, by: User) -> None:
    """The payment is the client's."""
    client = Client.objects.visible_to(by).filter(pk=client_id).first()
    if client is None:
        raise RuleViolation(_("Choose a client from the list."), field="client")
    if payment.client_id is not None:
        raise _not_now()
    _move(payment, PaymentState.MATCHED)
    payment.client, payment.matched_by = client, MatchedBy.HAND
    payment.kind = PaymentKind.CUSTOMER if payment.is_incoming else PaymentKind.REFUND
    _save(payment, "client", "contract", "matched_by", "kind", "reason")


def _put_aside(payment: Payment, reason: str) -> None:
    take_off_invoices(payment)
    _move(payment, PaymentState.IGNORED)
    payment.reason = reason
    _clear_client(payment)


def _restore(payment: Payment) -> None:
    _move(payment, PaymentState.UNMATCHED)
    payment.kind = PaymentKind.CUSTOMER if payment.is_incoming else PaymentKind.OTHER
    payment.reason = ""


def _clear_client(payment: Payment) -> None:
    payment.client = payment.contract = None
    payment.matched_by = ""


def _remember(payment: Payment, by: User) -> None:
    """Keep whose the payer's account is; a former owner gives way."""
    assert payment.client is not None
    account = payment.party_account
    if not account:
        raise RuleViolation(_("The payment has no account to remember."), field="remember")
    if OwnAccount.objects.filter(account=account).exists():
        raise RuleViolation(_("This account is our own."), field="remember")
    with verb("payer.remembered", by=by):
        PayerAccount.objects.update_or_create(
            account=account,
            defaults={
                "client": payment.client,
                "payer_name": payment.party_name,
                "created_by": by,
            },
        )


def _move(payment: Payment, state: PaymentState) -> None:
    if not payment.may_become(state):
        raise _not_now()
    payment.state = state


def _save(payment: Payment, *fields: str) -> None:
    payment.version += 1
    always = ["state", "client", "contract", "matched_by", "version"]
    payment.save(update_fields=[*dict.fromkeys([*always, *fields])])


def _required(reason: str) -> str:
    if not reason.strip():
        raise RuleViolation(_("Say why."), field="reason")
    return reason.strip()


def _not_now() -> RuleViolation:
    return RuleViolation(_("The payment is not in a state for this."))
