"""Money under concurrency (G-RL10): nothing beyond the payment or the invoice, no deadlock."""

from decimal import Decimal
from threading import Event

import pytest
from django.db import IntegrityError, OperationalError, transaction

from crm.errors import RuleViolation
from deals.actions import payments as actions
from deals.actions.allocations import allocate_by_hand
from deals.actions.payment_entry import enter_payment
from deals.models import Allocation, Invoice, Payment
from deals.receipts.matching import match_payments, spread_advances
from tests.approvals.racing import failures, overtaken, race, somebody_waits_for_a_row
from tests.cast import assemble, fresh
from tests.factories import clients, deals
from tests.guarding import sound

D = Decimal


@pytest.fixture
def cast(committed_db):
    """The cast in a database of its own, because threads commit."""
    return assemble()


@pytest.fixture
def acme(cast):
    return clients.client(cast.manager)


def test_twenty_parallel_allocations_of_one_payment_never_exceed_it(cast, acme):
    money = deals.payment(acme, "100.00")
    bills = [deals.invoice(acme, "15.00") for _ in range(20)]

    def allocate(bill):
        return lambda: allocate_by_hand(money.pk, [(bill.pk, D(15))], by=fresh(cast.accountant))

    found = race(*(allocate(bill) for bill in bills))
    refused = failures(found)
    assert len(found) - len(refused) == 6  # six parts of fifteen fit into a hundred
    assert all(isinstance(error, RuleViolation) for error in refused), refused
    money.refresh_from_db()
    assert money.allocated_amount == D(90)
    assert sound()


def test_twenty_payments_at_once_pay_one_invoice_exactly(cast, acme):
    bill = deals.invoice(acme, "100.00")
    moneys = [deals.payment(acme, "30.00") for _ in range(20)]
    runs = [
        lambda pk=money.pk: actions.spread_payment(pk, by=fresh(cast.accountant), version=1)
        for money in moneys
    ]
    assert failures(race(*runs)) == []
    bill.refresh_from_db()
    assert (bill.open_amount, bill.paid_amount) == (0, D(100))
    assert sum(Payment.objects.values_list("free_amount", flat=True)) == D(500)
    assert sound()


def test_control_without_locks_the_same_race_is_lost_and_only_the_constraint_holds(cast, acme):
    """Read, decide, write without a lock: the rig sees it, and the table still adds up."""
    bill = deals.invoice(acme, "100.00")
    moneys = [deals.payment(acme, "30.00") for _ in range(20)]

    def naive(money):
        def run():
            with transaction.atomic():
                part = min(money.amount, Invoice.objects.get(pk=bill.pk).open_amount)
                if part:
                    Allocation.objects.create(
                        payment=money, invoice=bill, amount=part, kind="fifo", on_day=money.paid_on
                    )

        return run

    found = failures(race(*(naive(money) for money in moneys)))
    assert found
    assert all("invoice_not_paid_beyond_amount" in str(error) for error in found)
    assert all(isinstance(error, IntegrityError) for error in found)
    bill.refresh_from_db()
    assert bill.paid_amount <= D(100)


def test_statements_matched_and_payments_moved_by_hand_at_once_end_without_deadlock(cast, acme):
    other = clients.client(cast.manager2)
    legal = [clients.counterparty(client) for client in (acme, other)]
    for client in (acme, other) * 6:
        deals.invoice(client, "50.00")
    incoming = [deals.payment(None, "70.00", party_inn=legal[n % 2].inn).pk for n in range(12)]
    standing = [deals.payment(client, "80.00") for client in (acme, other) * 2]
    runs = [lambda: match_payments(incoming, by=None), lambda: match_payments(incoming, by=None)]
    for money in standing:
        runs += [
            lambda pk=money.pk: actions.spread_payment(pk, by=fresh(cast.accountant), version=1),
            lambda pk=money.pk: actions.unmatch_payment(pk, by=fresh(cast.accountant), version=1),
        ]
    found = failures(race(*runs))
    assert not [error for error in found if isinstance(error, OperationalError | IntegrityError)]
    assert not Payment.objects.filter(pk__in=incoming, client=None).exists()
    assert sound()


def test_of_two_who_match_one_payment_the_second_is_told(cast, acme):
    other = clients.client(cast.manager2)
    money = deals.payment(None)
    found = race(
        *(
            lambda pk=client.pk: actions.match_by_hand(
                money.pk, pk, by=fresh(cast.accountant), version=1
            )
            for client in (acme, other)
        )
    )
    (refusal,) = failures(found)
    assert refusal.status == 409


def test_a_form_sent_twenty_times_enters_one_payment(cast, acme):
    from datetime import date
    from uuid import uuid4

    key = uuid4()
    values = {"direction": "in", "paid_on": date(2026, 11, 2), "amount": D(10), "client": acme}
    found = race(*[lambda: enter_payment(by=fresh(cast.accountant), key=key, **values)] * 20)
    assert {payment.pk for payment in found} == {Payment.objects.get().pk}


def test_the_payment_is_locked_before_the_invoice(cast, acme):
    """Watched in pg_locks: a matching waits for the payment, and holds no invoice meanwhile."""
    legal = clients.counterparty(acme)
    bill = deals.invoice(acme, "100.00")
    money = deals.payment(None, party_inn=legal.inn)
    results, is_held = [], Event()

    def hold():
        with transaction.atomic():
            Payment.objects.select_for_update().get(pk=money.pk)
            is_held.set()
            results.append(somebody_waits_for_a_row("deals_payment"))
            Invoice.objects.select_for_update(nowait=True).get(pk=bill.pk)

    def wait():
        assert is_held.wait(20)
        return match_payments([money.pk], by=None)

    assert failures(race(hold, wait)) == []
    assert results == [True]
    assert Payment.objects.get().client == acme


def test_who_waits_to_spread_sees_what_was_given_back_meanwhile(cast, acme):
    money, back = deals.payment(acme, "100.00"), deals.payment(None, "60.00", direction="out")
    bill, by = deals.invoice(acme, "500.00"), fresh(cast.accountant)

    def give_back():
        allocate_by_hand(money.pk, [(bill.pk, D(10))], by=by)
        actions.mark_refund(back.pk, acme.pk, by=by, version=1)

    spread = overtaken(give_back, lambda: spread_advances([acme.pk], by=None))
    assert spread == D(30)
    assert Allocation.objects.get().amount == D(40)
    assert sound()
