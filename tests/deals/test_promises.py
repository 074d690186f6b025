"""Promises to pay are kept or broken by themselves (issue: promises to pay)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from clients.contacting.next_step import Moment, find_reasons
from clients.models import Client, ContactLog
from crm.work import periodic
from deals.actions.promises import settle_promises
from tests.factories import clients, contacts, deals
from tests.factories.spreading import allocate_payment

D = Decimal
TALK, DAY = date(2026, 11, 18), date(2026, 11, 20)
AFTER = DAY + timedelta(days=1)


@pytest.fixture
def client(cast):
    return clients.client(cast.manager)


@pytest.fixture
def promise(cast, client):
    when = contacts.at("2026-11-18 23:50")  # still the 18th by the company's clock
    Client.objects.filter(pk=client.pk).update(last_contact_at=when)
    return contacts.done(
        client, cast.manager, when, code="payment_promise", promise_amount=D(1000), promise_on=DAY
    )


def outcome(promise):
    promise.refresh_from_db()
    return promise.promise_kept


def reason(client, text):
    found = find_reasons(Client.objects.filter(pk=client.pk), Moment.of(contacts.at(text)))
    return found[0].reasons[0].rule.code


@pytest.mark.parametrize(
    ("paid_on", "amount", "today", "expected"),
    [
        (TALK, "1000.00", TALK, True), (DAY, "1000.00", DAY, True), (DAY, "999.99", DAY, None),
        (DAY, "999.99", AFTER, False), (AFTER, "1000.00", AFTER, False),
        (TALK - timedelta(days=1), "1000.00", AFTER, False), (DAY, "1500.00", AFTER, True),
    ],
)  # fmt: skip
def test_receipts_from_the_contact_to_the_promised_day(
    client, promise, paid_on, amount, today, expected
):
    deals.payment(client, amount, on=paid_on)
    settle_promises(today=today)
    assert outcome(promise) is expected
    assert settle_promises(today=today) == 0, "twice is once"


def test_parts_add_up_and_money_of_others_and_reversed_money_does_not_count(cast, client, promise):
    for amount in ("400.00", "599.99"):
        deals.payment(client, amount, on=DAY)
    deals.payment(clients.client(cast.manager), "5000.00", on=DAY)
    deals.payment(client, "5000.00", on=DAY, state="reversed")
    deals.payment(client, "5000.00", on=DAY, direction="out", kind="refund")
    assert settle_promises(today=DAY) == 0
    deals.payment(client, "0.01", on=DAY)
    assert settle_promises(today=DAY) == 1
    assert outcome(promise) is True


def test_broken_by_time_it_comes_first_in_my_day_and_a_call_settles_it(cast, client, promise):
    assert reason(client, "2026-11-20 10:00") != "promise"
    settle_promises(today=AFTER)
    assert outcome(promise) is False
    assert reason(client, "2026-11-21 10:00") == "promise"
    Client.objects.filter(pk=client.pk).update(last_contact_at=contacts.at("2026-11-21 11:00"))
    assert reason(client, "2026-11-22 10:00") != "promise"


def test_a_kept_promise_is_no_reason(client, promise):
    deals.payment(client, "1000.00", on=DAY)
    settle_promises(today=AFTER)
    assert reason(client, "2026-11-21 10:00") != "promise"


def test_a_statement_that_came_late_mends_the_promise(client, promise):
    settle_promises(today=AFTER)
    assert outcome(promise) is False
    deals.payment(client, "1000.00", on=DAY)
    assert settle_promises(today=AFTER + timedelta(days=3), client_ids=[client.pk]) == 1
    assert outcome(promise) is True


def test_the_word_of_a_person_that_it_was_kept_stands(client, promise):
    ContactLog.objects.update(promise_kept=True)
    assert settle_promises(today=AFTER) == 0
    assert outcome(promise) is True


def test_spreading_the_money_keeps_the_promise_at_once(client, promise):
    money = deals.payment(client, "1000.00", on=DAY)
    allocate_payment(money.pk, by=None)
    assert outcome(promise) is True


def test_only_the_clients_asked_for(cast, client, promise):
    other = clients.client(cast.manager)
    contacts.done(other, cast.manager, "2026-11-18", promise_amount=D(1), promise_on=DAY)
    assert settle_promises(today=AFTER, client_ids=[other.pk]) == 1
    assert outcome(promise) is None


def test_the_job_is_late_by_a_month_and_runs_once(client, promise):
    run = contacts.at("2026-11-20 12:05")
    assert periodic.run_due(run, only="promises_check") == 1
    assert outcome(promise) is None
    assert periodic.run_due(contacts.at("2026-12-21 09:00"), only="promises_check") == 1
    assert outcome(promise) is False
    assert promise.events.filter(promise_kept=False).count() == 1
