"""What posting and reversing a shipment does to the order that it names."""

from __future__ import annotations

from decimal import Decimal

from crm.accounts.models import User
from crm.history import verb
from deals.actions.allocations import add_allocations, free_payment, settle_state
from deals.actions.order_moves import count_shipped, refuse_shipping
from deals.actions.orders import locked_order
from deals.models import (
    Allocation,
    AllocationKind,
    Invoice,
    OrderState,
    Payment,
    Shipment,
)
from deals.receipts.spreading import Part


def lock_order_of(document: Shipment, *, reversing: bool = False) -> None:
    """Lock the client and the order before the books change: its reserve becomes a debt.

    Raises RuleViolation where goods go out by an order that is not confirmed.
    """
    if document.order_id is None:
        return
    _client, order = locked_order(document.order_id, by=None)
    if not reversing:
        refuse_shipping(order)


def follow_order_of(document: Shipment, *, by: User | None) -> None:
    """Bring the order in step with its shipments; its prepayment pays for what has gone."""
    if document.order_id is None:
        return
    order = count_shipped(document.order_id, by=by)
    prepayments = Invoice.objects.filter(order=order, cancelled_on=None).order_by("pk")
    for invoice_id in prepayments.values_list("pk", flat=True):
        use_prepayment(invoice_id, document, by=by, withdraw=order.state == OrderState.SHIPPED)


def use_prepayment(
    prepayment_id: int, document: Shipment, *, by: User | None, withdraw: bool
) -> None:
    """Move money from the pre-payment invoice to the invoice of the shipment.

    With `withdraw` the pre-payment invoice goes when nothing pays it any more.
    """
    invoice = Invoice.objects.filter(shipment=document).first()
    rows = Allocation.objects.filter(invoice=prepayment_id, payment__isnull=False)
    left = invoice.open_amount if invoice else Decimal(0)
    for payment_id, amount in rows.order_by("payment_id").values_list("payment_id", "amount"):
        if invoice is None or left <= 0:
            break
        taken = min(left, amount)
        _move_money(payment_id, prepayment_id, {invoice.pk: taken, prepayment_id: amount - taken})
        left -= taken
    if withdraw and not rows.exists():
        _withdraw(prepayment_id, document, by)


def _move_money(payment_id: int, prepayment_id: int, amounts: dict[int, Decimal]) -> None:
    """Take the payment off the pre-payment invoice and spread it so; by the rule, by nobody."""
    free_payment(payment_id, by=None, invoice_id=prepayment_id)
    payment = Payment.objects.select_for_update(of=("self",)).get(pk=payment_id)
    parts = [Part(pk, part, AllocationKind.DESIGNATED) for pk, part in amounts.items() if part]
    with verb("payment.allocated", by=None):
        add_allocations(parts, payment=payment, by=None)
        settle_state(payment)


def _withdraw(prepayment_id: int, document: Shipment, by: User | None) -> None:
    prepayment = Invoice.objects.select_for_update(of=("self",)).get(pk=prepayment_id)
    prepayment.cancelled_on = document.posted_on
    prepayment.version += 1
    with verb("invoice.used", by=by):
        prepayment.save(update_fields=["cancelled_on", "version"])
