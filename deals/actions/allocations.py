"""Spreading payments and returns over invoices (C.5 no. 15, decision 8).

Locks in one order everywhere: payments and returns by key, then invoices by key.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from deals import permissions
from deals.models import (
    Allocation,
    AllocationKind,
    Invoice,
    InvoiceKind,
    Payment,
    PaymentState,
    Shipment,
)
from deals.receipts.spreading import OpenInvoice, Part, spread

_OF_OPEN = (
    "client", "kind", "contract__number", "pk", "number", "due_on", "issued_on", "open_amount",
)  # fmt: skip


@transaction.atomic
def apply_credit(shipment_id: int, *, by: User | None) -> Decimal:
    """Let a return lower invoices: the one of its original sale first, then the earliest due.

    Returns what is left of the credit, roubles; it stays the client's.
    """
    credit = Shipment.objects.select_for_update(of=("self",)).get(pk=shipment_id)
    if credit.amount >= 0 or credit.client_id is None:
        return Decimal(0)
    original = credit.reverses_id or credit.original_id
    named = list(
        Invoice.objects.filter(shipment=original).values_list("pk", flat=True) if original else ()
    )
    free = -credit.amount - credit.applied_amount
    parts, left = spread(free, _open_invoices(credit.client_id), named=named)
    with verb("return.applied", by=by):
        add_allocations(parts, credit=credit, by=by)
    return left


@transaction.atomic
def allocate_by_hand(
    payment_id: int,
    amounts: Iterable[tuple[int, Decimal]],
    *,
    by: User,
    version: int | None = None,
) -> Decimal:
    """Spread a payment as the accounting says: (invoice, roubles) pairs; returns the advance left.

    Raises RuleViolation when a part exceeds what is open or left; nothing is written then.
    """
    payment = Payment.objects.visible_to(by).select_for_update(of=("self",)).get(pk=payment_id)
    if not permissions.can_handle_payments(by):
        raise PermissionDenied
    if version is not None and payment.version != version:
        raise StaleVersion(of=payment)
    check_spreadable(payment)
    wanted = dict(amounts)
    invoices = {row.pk: row for row in _open_invoices(payment.client_id) if row.pk in wanted}
    for pk, amount in wanted.items():
        if pk not in invoices or not 0 < amount <= invoices[pk].open_amount:
            raise RuleViolation(_("An invoice cannot be paid beyond what is open on it."))
    if sum(wanted.values()) > left_of(payment):
        raise RuleViolation(_("The parts are more than what is left of the payment."))
    parts = [Part(pk, amount, AllocationKind.MANUAL) for pk, amount in wanted.items()]
    with verb("payment.allocated", by=by):
        add_allocations(parts, payment=payment, by=by)
        settle_state(payment, touch=True)
    return left_of(payment)


@transaction.atomic
def free_payment(payment_id: int, *, by: User | None, invoice_id: int | None = None) -> int:
    """Take allocations of a payment away, all of them or those of one invoice."""
    payment = Payment.objects.select_for_update(of=("self",)).get(pk=payment_id)
    rows = Allocation.objects.filter(payment=payment)
    if invoice_id is not None:
        rows = rows.filter(invoice=invoice_id)
    lock_invoices(rows.values_list("invoice_id", flat=True))
    with verb("payment.freed", by=by):
        count, _by_model = rows.delete()
        settle_state(payment)
    return count


def add_allocations(
    parts: Iterable[Part],
    *,
    by: User | None,
    payment: Payment | None = None,
    credit: Shipment | None = None,
) -> None:
    """Write parts of one locked source; a part for an invoice that has one already is added up."""
    source = payment or credit
    assert source is not None
    rows = {"payment": payment} if payment else {"credit": credit}
    day = payment.paid_on if payment else credit.posted_on  # type: ignore[union-attr]
    assert day is not None
    known = {a.invoice_id: a for a in Allocation.objects.filter(**rows)}
    made = []
    for part in parts:
        before = known.get(part.invoice_id)
        if before is not None:
            before.delete()
        made.append(
            Allocation(
                **rows,
                invoice_id=part.invoice_id,
                amount=part.amount + (before.amount if before else 0),
                kind=AllocationKind.RETURN if credit else part.kind,
                on_day=day,
                created_by=by,
            )
        )
    Allocation.objects.bulk_create(made)


def check_spreadable(payment: Payment) -> None:
    """Refuse what pays no invoices: transfers, refunds, payments out of the books."""
    if not payment.pays_invoices:
        raise RuleViolation(_("Only money of a known client is spread over invoices."))


def settle_state(payment: Payment, *, touch: bool = False) -> None:
    """Matched or allocated, as the allocations say; the caller has locked the payment.

    With `touch` the version grows in any case: pages that were shown before are stale.
    """
    payment.refresh_from_db(fields=["allocated_amount", "free_amount"])
    state = PaymentState.ALLOCATED if payment.free_amount == 0 else PaymentState.MATCHED
    if payment.client_id is not None and (touch or payment.state != state):
        payment.state = state
        payment.version += 1
        payment.save(update_fields=["state", "version"])


def left_of(payment: Payment) -> Decimal:
    """What is left of a locked payment to spread, roubles.

    Money given back is that of the earlier payments first, so whatever others spread meanwhile
    changes nothing about this one.
    """
    rows = Payment.objects.filter(pk=payment.pk).with_left()
    return Decimal(rows.values_list("left", flat=True).get())


def lock_payments(pks: Iterable[int]) -> list[int]:
    """Lock payments in the order of their keys; before any invoice."""
    known = list(pks)
    if not known:
        return []
    rows = Payment.objects.filter(pk__in=known).order_by("pk")
    return list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))


def lock_invoices(pks: Iterable[int]) -> None:
    """Lock invoices in the order of their keys."""
    rows = Invoice.objects.filter(pk__in=list(pks)).order_by("pk")
    list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))


def lock_open_invoices(client_ids: Collection[int | None]) -> dict[int, list[OpenInvoice]]:
    """What is open on the invoices of the clients, locked in the order of their keys."""
    rows = Invoice.objects.filter(client__in=client_ids, open_amount__gt=0).order_by("pk")
    found: dict[int, list[OpenInvoice]] = defaultdict(list)
    locked = rows.select_for_update(of=("self",)).values_list(*_OF_OPEN)
    for client, kind, contract, pk, number, due_on, issued_on, amount in locked:
        is_debt = kind == InvoiceKind.POSTPAY
        row = OpenInvoice(pk, number, due_on, issued_on, amount, is_debt, contract or "")
        found[client].append(row)
    return found


def _open_invoices(client_id: int | None) -> list[OpenInvoice]:
    return lock_open_invoices([client_id]).get(client_id or 0, [])
