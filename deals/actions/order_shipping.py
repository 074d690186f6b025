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
    open_ones = Invoice.objects.filter(order=order, cancelled_on=None).order_by("pk")
    prepayments = list(open_ones.values_list("pk", flat=True))
    for invoice_id in prepayments:
        use_prepayment(invoice_id, document)
    if order.state == OrderState.SHIPPED:
        for invoice_id in prepayments:
            _withdraw(invoice_id, document, by)


def use_prepayment(prepayment_id: int, document: Shipment) -> None:
    """Move money from the pre-payment invoice to the invoice of the shipment."""
    invoice = Invoice.objects.filter(shipment=document).first()
    left = invoice.open_amount if invoice else Decimal(0)
    paying = Allocation.objects.filter(invoice=prepayment_id, payment__isnull=False)
    for payment_id in list(paying.order_by("payment_id").values_list("payment_id", flat=True)):
        if invoice is None or left <= 0:
            break
        left -= _move_money(payment_id, prepayment_id, invoice.pk, left)


def _move_money(payment_id: int, prepayment_id: int, invoice_id: int, most: Decimal) -> Decimal:
    """Take the payment off the pre-payment invoice for the other one; by the rule, by nobody.

    Returns how much was moved, roubles: nothing where somebody has taken it off meanwhile.
    """
    payment = Payment.objects.select_for_update(of=("self",)).get(pk=payment_id)
    stands = Allocation.objects.filter(payment=payment, invoice=prepayment_id).first()
    if stands is None:
        return Decimal(0)
    taken = min(most, stands.amount)
    free_payment(payment_id, by=None, invoice_id=prepayment_id)
    amounts = {invoice_id: taken, prepayment_id: stands.amount - taken}
    parts = [Part(pk, part, AllocationKind.DESIGNATED) for pk, part in amounts.items() if part]
    with verb("payment.allocated", by=None):
        add_allocations(parts, payment=payment, by=None)
        settle_state(payment)
    return taken


def _withdraw(prepayment_id: int, document: Shipment, by: User | None) -> None:
    """The order has gone: the pre-payment invoice goes too, unless something pays it still."""
    prepayment = Invoice.objects.select_for_update(of=("self",)).get(pk=prepayment_id)
    if prepayment.cancelled_on is not None or prepayment.allocations.exists():
        return
    prepayment.cancelled_on = document.posted_on
    prepayment.version += 1
    with verb("invoice.used", by=by):
        prepayment.save(update_fields=["cancelled_on", "version"])
