"""Payments change by thousands: one statement leaves an event of each that changed."""

from datetime import date
from decimal import Decimal

from django.urls import reverse

from crm.history import verb
from deals.models import Allocation, Payment
from tests.cast import signed_in
from tests.factories import clients, deals

DAY = date(2026, 11, 2)


def test_each_payment_that_changed_has_an_event_with_its_author(cast):
    client = clients.client(cast.manager)
    payments = [deals.payment(client) for _number in range(3)]
    with verb("payment.allocated", by=cast.accountant):
        Payment.objects.filter(pk__in=[p.pk for p in payments[:2]]).update(reason="x")
    found = [[e.pgh_label for e in p.events.order_by("pgh_id")] for p in payments]
    assert found == [["insert", "update"], ["insert", "update"], ["insert"]]
    event = payments[1].events.get(pgh_label="update")
    assert (event.reason, event.pgh_context["user"]) == ("x", cast.accountant.pk)


def test_what_the_triggers_add_up_is_no_event(cast):
    client = clients.client(cast.manager)
    payment, invoice = deals.payment(client), deals.invoice(client)
    Allocation.objects.create(
        payment=payment, invoice=invoice, amount=Decimal(10), kind="fifo", on_day=DAY
    )
    payment.refresh_from_db()
    assert payment.allocated_amount == 10
    assert [event.pgh_label for event in payment.events.all()] == ["insert"]


def test_what_was_taken_off_an_invoice_stays_in_the_history(cast):
    client = clients.client(cast.manager)
    payment, invoice = deals.payment(client, number="901"), deals.invoice(client, number="РТ-7")
    with verb("payment.allocated", by=cast.accountant):
        spread = Allocation.objects.create(
            payment=payment, invoice=invoice, amount=Decimal(10), kind="fifo", on_day=DAY
        )
    with verb("payment.freed", by=cast.accountant):
        spread.delete()
    page = signed_in(cast.accountant).get(reverse("deals:payment_history", args=[payment.pk]))
    shown = page.content.decode()
    assert "РТ-7" in shown
    assert f"№ 901 от {payment.paid_on:%d.%m.%Y}" in shown
