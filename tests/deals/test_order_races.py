"""Forty orders against one limit (G-RL10): never beyond it, at no moment."""

import threading
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction

from clients.models import Client
from deals.actions.order_moves import ship_order
from deals.actions.orders import OrderHead, create_order, submit_order
from deals.actions.posting import post_shipment
from deals.models import Order
from deals.ordering.order_check import check_order
from deals.receivables.debts import exposure_of
from tests.approvals.racing import failures, race, somebody_waits_for_a_row
from tests.cast import assemble, fresh
from tests.factories import clients, deals, orders

D = Decimal
TODAY = orders.TODAY
LIMIT, COUNT = D("10000.00"), 40
EXPOSURE = """
    SELECT coalesce((SELECT sum(open_amount) FROM deals_invoice
                     WHERE client_id = %s AND kind = 'postpay'), 0)
         + coalesce((SELECT sum(total - shipped_amount) FROM deals_order WHERE client_id = %s
                     AND state IN ('confirmed', 'picking', 'shipped_partially')), 0)
"""


@pytest.fixture
def cast(committed_db):
    """The cast in a database of its own, because threads commit."""
    return assemble()


@pytest.fixture
def acme(cast):
    """A client that owes 500 of a limit of 10,000."""
    client = clients.client(cast.manager)
    deals.credit_limit(client, LIMIT, by=cast.director)
    deals.invoice(client, "500.00", on=TODAY)
    return client


@pytest.fixture
def draft(cast, acme):
    """A draft of 1,000."""
    return orders.draft(acme, {deals.product(): 10}, by=cast.manager)


@pytest.fixture
def drafts(draft):
    """Forty of them."""
    return orders.like(draft, COUNT)


class Watch:
    """Asks for the exposure over and over on a connection of its own while the others run.

    With a breath between, so that a processor is left for them, and once more when they are done.
    """

    def __init__(self, client):
        self.client, self.seen, self.over = client, [], threading.Event()

    def __enter__(self):
        self.thread = threading.Thread(target=self._look)
        self.thread.start()
        return self

    def _look(self):
        try:
            is_over = False
            while not is_over:
                is_over = self.over.wait(0.002)
                with connection.cursor() as cursor:
                    cursor.execute(EXPOSURE, [self.client.pk, self.client.pk])
                    self.seen.append(cursor.fetchone()[0])
        finally:
            connections.close_all()

    def __exit__(self, *_error):
        self.over.set()
        self.thread.join(timeout=20)


def patient():
    """All wait for one row: on a busy machine longer than a person would."""
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '60s'; SET statement_timeout = '60s'")


def test_forty_orders_at_once_never_exceed_the_limit(cast, acme, drafts):
    def send(draft):
        def run():
            patient()
            return submit_order(draft.pk, by=fresh(cast.manager), version=1, today=TODAY)

        return run

    with Watch(acme) as watch:
        found = race(*(send(draft) for draft in drafts))
    assert failures(found) == []
    states = [order.state for order in found]
    assert (states.count("confirmed"), states.count("on_hold")) == (9, 31)
    assert len(watch.seen) > 10
    assert max(watch.seen) == D("9500.00")
    assert exposure_of(acme.pk, TODAY).exposure == D("9500.00")


def test_control_without_the_lock_the_same_check_lets_all_of_them_through(cast, acme, drafts):
    checked = threading.Barrier(COUNT)

    def naive(draft):
        def run():
            with transaction.atomic():
                order, client = Order.objects.get(pk=draft.pk), Client.objects.get(pk=acme.pk)
                allowed = not check_order(order, client, TODAY).reasons
                checked.wait(timeout=20)
                if allowed:
                    Order.objects.filter(pk=order.pk).update(
                        state="confirmed", submitted_at="2026-11-23T09:00Z"
                    )

        return run

    with Watch(acme) as watch:
        assert failures(race(*(naive(draft) for draft in drafts))) == []
    assert max(watch.seen, default=0) <= exposure_of(acme.pk, TODAY).exposure
    assert exposure_of(acme.pk, TODAY).exposure == D("40500.00")


def test_an_order_waits_for_the_one_that_is_being_checked(cast, acme, draft):
    """The rig sees the lock itself: nobody decides on figures that are about to change."""
    done = []
    with transaction.atomic():
        Client.objects.select_for_update(of=("self",), no_key=True).get(pk=acme.pk)
        thread = threading.Thread(target=_send_in, args=(draft, cast, done))
        thread.start()
        assert somebody_waits_for_a_row("clients_client")
        assert done == []
    thread.join(timeout=20)
    assert done == ["confirmed"]


def _send_in(draft, cast, done):
    try:
        order = submit_order(draft.pk, by=fresh(cast.manager), version=1, today=TODAY)
        done.append(order.state)
    finally:
        connections.close_all()


def test_shipping_and_sending_in_at_once_count_every_rouble_once(cast, acme, draft):
    """What was reserved becomes a debt in one step: no order slips in between."""
    drafts = orders.like(draft, 20)
    first = [submit_order(one.pk, by=cast.manager, version=1, today=TODAY) for one in drafts[:9]]
    papers = [ship_order(order.pk, by=cast.accountant, key=uuid4(), today=TODAY) for order in first]

    def post(paper):
        def run():
            patient()
            return post_shipment(paper.pk, by=fresh(cast.accountant), on=TODAY)

        return run

    def send(draft):
        def run():
            patient()
            return submit_order(draft.pk, by=fresh(cast.manager), version=1, today=TODAY)

        return run

    with Watch(acme) as watch:
        found = race(*map(post, papers), *map(send, drafts[9:]))
    assert failures(found) == []
    assert set(watch.seen) == {D("9500.00")}
    assert {order.state for order in found[9:]} == {"on_hold"}


def test_one_key_sent_many_times_at_once_makes_one_order(cast, acme):
    tea, key = deals.product(), uuid4()

    def send():
        return create_order(
            by=fresh(cast.manager),
            head=OrderHead(acme),
            goods=orders.goods({tea: 1}),
            key=key,
            today=TODAY,
        )

    found = race(*[send] * 8)
    assert failures(found) == []
    assert len({order.pk for order in found}) == 1
    assert Order.objects.count() == 1
