"""Money spread over invoices as the tests want it: named invoices need no purpose that says so."""

from django.db import transaction

from crm.history import verb
from deals.actions.allocations import (
    add_allocations,
    check_spreadable,
    left_of,
    lock_open_invoices,
    settle_state,
)
from deals.actions.promises import settle_promises
from deals.models import Payment
from deals.receipts.spreading import spread


@transaction.atomic
def allocate_payment(payment_id, *, by, named=()):
    """Spread what is left of a payment, named invoices first; returns the advance left, roubles."""
    payment = Payment.objects.select_for_update(of=("self",)).get(pk=payment_id)
    check_spreadable(payment)
    invoices = lock_open_invoices([payment.client_id]).get(payment.client_id, [])
    parts, _left = spread(left_of(payment), invoices, named=named)
    with verb("payment.allocated", by=by):
        add_allocations(parts, payment=payment, by=by)
        settle_state(payment)
    settle_promises(today=payment.paid_on, client_ids=[payment.client_id])
    return left_of(payment)
