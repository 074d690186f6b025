"""Documents, prices, prepayments under two people at once: the second sees what the first did.

Each pair runs by `overtaken`: the first stays uncommitted until the second waits for it.
"""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction

from crm.errors import RuleViolation, StaleVersion
from deals.actions import documents
from deals.actions.order_moves import ship_order
from deals.actions.order_shipping import use_prepayment
from deals.actions.payments import take_off
from deals.actions.posting import cancel_draft, post_shipment, reverse_shipment
from deals.actions.prices import approve_price_list
from deals.actions.pricing_policy import PolicyText, write_policy
from deals.models import (
    Allocation,
    Invoice,
    Payment,
    PriceList,
    PricingPolicy,
    Shipment,
    ShipmentKind,
)
from deals.receipts.matching import match_payments
from tests.approvals.racing import failures, overtaken, race
from tests.cast import assemble, fresh
from tests.factories import clients, deals, orders
from tests.factories.spreading import allocate_payment

D = Decimal
TODAY = orders.TODAY


@pytest.fixture
def cast(committed_db):
    """The cast in a database of its own, because threads commit."""
    return assemble()


@pytest.fixture
def acme(cast):
    return clients.client(cast.manager)


def test_of_two_who_change_a_document_or_its_invoice_the_second_is_told(cast, acme):
    head = documents.Head(ShipmentKind.SALE, acme, None, None, TODAY)

    def edit(document, name):
        line = documents.Line(None, name, D(1), D(5))
        return lambda: documents.edit_document(
            document.pk, by=fresh(cast.accountant), version=1, head=head, lines=[line]
        )

    edited = deals.draft(acme)
    told = overtaken(edit(edited, "Чай"), edit(edited, "Кофе"))
    assert isinstance(told, StaleVersion), told
    assert edited.lines.get().name == "Чай"

    posted = deals.draft(acme)
    told = overtaken(
        lambda: cancel_draft(posted.pk, by=fresh(cast.accountant), version=1),
        lambda: post_shipment(posted.pk, by=None, on=TODAY),
    )
    assert isinstance(told, RuleViolation), told
    assert Shipment.objects.get(pk=posted.pk).state == "cancelled"
    assert not Invoice.objects.exists()

    bill, by = deals.invoice(acme), {"by": fresh(cast.accountant), "version": 1, "reason": "Так"}
    told = overtaken(
        lambda: documents.dispute_invoice(bill.pk, disputed=True, **by),
        lambda: documents.cancel_invoice(bill.pk, on=TODAY, **by),
    )
    assert isinstance(told, StaleVersion), told
    bill.refresh_from_db()
    assert (bill.is_disputed, bill.cancelled_on, bill.version) == (True, None, 2)


def test_one_key_sent_many_times_at_once_makes_one_document_and_one_prepayment(cast, acme):
    head = documents.Head(ShipmentKind.SALE, acme, None, None, TODAY)
    lines, by, keys = [documents.Line(None, "Чай", D(1), D(5))], fresh(cast.accountant), "kk"
    key, other = (uuid4() for _ in keys)

    def draft():
        return documents.create_document(by=by, head=head, lines=lines, key=key)

    def ask():
        return documents.create_prepayment(
            by=by, client=acme, contract=None, amount=D(5), due_on=TODAY, today=TODAY, key=other
        )

    found = race(*[draft] * 4, *[ask] * 4)
    assert failures(found) == []
    assert (Shipment.objects.count(), Invoice.objects.count()) == (1, 1)


def test_of_two_who_begin_the_same_prices_or_policy_the_second_is_told(cast):
    def begin():
        values = PolicyText("Цены с НДС.", TODAY)
        return write_policy(by=fresh(cast.director), version=0, values=values)

    told = overtaken(begin, begin)
    assert isinstance(told, StaleVersion), told
    assert PricingPolicy.objects.count() == 1

    def approve(prices):
        return lambda: approve_price_list(prices.pk, by=fresh(cast.director), version=1)

    told = overtaken(*(approve(deals.price_list(cast.director)) for _ in "ab"))
    assert type(told) is RuleViolation, told
    assert str(told) == "В это время действует другой прайс-лист этого вида."
    assert PriceList.objects.approved().count() == 1


@pytest.fixture
def prepaid(cast):
    """A paper that ships an order of a new client wholly, with the order's pre-payment invoice."""

    def make():
        acme = clients.client(cast.manager)
        order = orders.placed(acme, by=cast.manager)
        bill = documents.create_prepayment(
            by=cast.accountant, client=acme, contract=None, amount=order.total,
            due_on=TODAY + timedelta(1), today=TODAY, key=uuid4(), order=order,
        )  # fmt: skip
        return ship_order(order.pk, by=cast.accountant, key=uuid4(), today=TODAY), bill

    return make


def test_money_is_moved_and_prepayments_withdrawn_by_what_stands_then(cast, prepaid):
    def post(paper):
        return lambda: post_shipment(paper.pk, by=fresh(cast.accountant), on=TODAY)

    # The accounting takes the money off the prepayment: there is nothing to be moved any more.
    paper, bill = prepaid()
    sale = deals.sale(bill.client, on=TODAY)
    money = deals.payment(bill.client, "1000.00", on=TODAY)
    allocate_payment(money.pk, by=None, named=[bill.pk])
    money.refresh_from_db()
    done = overtaken(
        lambda: take_off(money.pk, by=fresh(cast.accountant), version=money.version),
        transaction.atomic(lambda: use_prepayment(bill.pk, sale)),
    )
    assert done is None, done
    money.refresh_from_db()
    assert (money.free_amount, Allocation.objects.count()) == (D("1000.00"), 0)

    # Money comes for the prepayment: an invoice that something pays is not withdrawn.
    paper, bill = prepaid()
    named = {
        "party_inn": clients.counterparty(bill.client).inn,
        "purpose": f"По счету {bill.number}",
    }
    late = deals.payment(None, "400.00", on=TODAY, **named)
    done = overtaken(lambda: match_payments([late.pk], by=None), post(paper))
    assert done == paper, done
    bill.refresh_from_db()
    assert (bill.paid_amount, bill.cancelled_on, bill.version) == (D("400.00"), None, 1)

    # Somebody changes the prepayment: its page is stale for both.
    paper, bill = prepaid()
    values = {"version": 1, "disputed": True, "reason": "Не согласен"}
    done = overtaken(
        lambda: documents.dispute_invoice(bill.pk, by=fresh(cast.accountant), **values),
        post(paper),
    )
    assert done == paper, done
    bill.refresh_from_db()
    assert (bill.is_disputed, bill.cancelled_on, bill.version) == (True, TODAY, 3)


def test_posting_and_reversing_lock_payments_before_invoices(cast, prepaid):
    """Whoever allocates holds a payment and wants an invoice: they wait for us, not we for them."""
    paper, bill = prepaid()
    moneys = [deals.payment(bill.client, part, on=TODAY) for part in ("400.00", "600.00")]
    for money in moneys:
        allocate_payment(money.pk, by=None, named=[bill.pk])
    deals.payment(bill.client, "1.00", on=TODAY)  # an advance, for which invoices are locked

    def holding(invoice, run):
        def first():
            Payment.objects.select_for_update().get(pk=moneys[1].pk)

        def last():
            Invoice.objects.select_for_update(nowait=True).get(pk=invoice.pk)

        return overtaken(first, run, last)

    assert holding(bill, lambda: post_shipment(paper.pk, by=None, on=TODAY)) == paper
    by = {"by": fresh(cast.accountant), "on": TODAY, "reason": "Ошибка"}
    mirror = holding(paper.invoice, lambda: reverse_shipment(paper.pk, **by))
    assert mirror.reverses == paper, mirror
    assert Payment.objects.get(pk=moneys[1].pk).free_amount == D("599.00")
