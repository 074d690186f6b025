"""Two people at once on one sale: a line is given back once, one document is made (CM-03)."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connections, transaction

from claims.actions.crediting import credit_return
from claims.models import ReturnLine
from claims.models.returns import not_beyond_shipped
from deals.models import Shipment
from tests.approvals.racing import failures, race, somebody_waits_for_a_row
from tests.cast import assemble, fresh
from tests.factories import claims, clients, deals

LINE = {"price": 10, "amount": 100, "quantity": 10, "name": "Разное"}
TODAY = deals.DAY + timedelta(days=5)


@pytest.fixture
def cast(committed_db):
    """The cast in a database of its own, because threads commit."""
    return assemble()


@pytest.fixture
def sale(cast):
    return deals.sale(clients.client(manager=cast.manager), "100.00", lines=[LINE])


def beside(sale, first, second, *, waits):
    """Both ask for quantities of the line past the actions; the second while the first is open.

    Returns what the second one got. `waits`: the second must be seen waiting for the sale.
    """
    line, got = sale.lines.get(), []

    def ask():
        try:
            with transaction.atomic():
                claims.returned(sale, {line: second})
        except IntegrityError as refusal:
            got.append(refusal)
        finally:
            connections.close_all()

    thread = threading.Thread(target=ask)
    with transaction.atomic():
        claims.returned(sale, {line: first})
        thread.start()
        if waits:
            somebody_waits_for_a_row("deals_shipment")
        else:
            thread.join(timeout=20)
    thread.join(timeout=20)
    assert not thread.is_alive()
    return got


def asked_of(sale):
    return sum(
        ReturnLine.objects.filter(shipment_line__shipment=sale).values_list("quantity", flat=True)
    )


def test_two_requests_at_once_do_not_share_a_line(sale):
    (refusal,) = beside(sale, 6, 5, waits=True)
    assert "more is given back than was sold" in str(refusal)
    assert asked_of(sale) == 6


def test_without_the_lock_of_the_trigger_both_would_get_it(sale):
    """The control: what the test above watches is the lock and nothing else."""
    trigger = not_beyond_shipped()
    trigger.func = trigger.func.replace("FOR NO KEY UPDATE", "")
    with connections["owner"].cursor() as cursor:
        cursor.execute(trigger.compile(ReturnLine).install_sql)
    assert beside(sale, 6, 5, waits=False) == []
    assert asked_of(sale) == 11


def test_of_two_people_who_ask_for_the_rest_one_gets_it(cast, sale):
    line = sale.lines.get()

    def ask():
        return claims.asked(sale, {line: 6}, by=fresh(cast.manager), today=TODAY)

    assert len(failures(race(ask, ask))) == 1
    assert asked_of(sale) == 6


def test_two_accountants_make_one_document(cast, sale):
    back = claims.asked(sale, {sale.lines.get(): 6}, by=cast.manager, today=TODAY)
    back = claims.decide(back, by=cast.department_head)
    back = claims.taken(back, by=cast.logistics)
    sent = {"version": back.version, "on": TODAY, "today": TODAY, "number": ""}

    def credit():
        return credit_return(back.pk, by=fresh(cast.accountant), **sent)

    results = race(credit, credit)
    assert [type(one).__name__ for one in failures(results)] == ["StaleVersion"]
    assert Shipment.objects.filter(kind="return").count() == 1
