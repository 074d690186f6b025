"""Orders in time and in full (OTIF-1): what counts, by month, client and manager."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from deals.actions.order_moves import deliver_order
from deals.models import Order
from reports.parameters import Period
from reports.queries.otif import otif_rows, otif_totals
from tests.factories import clients, deals, orders

D = Decimal
DUE = timezone.localdate() - timedelta(days=3)


@pytest.fixture
def tea(db):
    return deals.product()


def params(by="client"):
    return {"period": Period(DUE - timedelta(days=1), DUE + timedelta(days=40)), "by": by}


def test_an_order_is_in_time_by_its_day_and_in_full_when_nothing_is_missing(cast, tea):
    mine = clients.client(cast.manager)

    def order(shipped, on, **days):
        made = orders.placed(mine, {tea: 10}, by=cast.manager, on=DUE - timedelta(days=9), **days)
        if shipped:
            orders.shipped(made, by=cast.accountant, lines={tea: shipped}, on=on)
        return made

    order(10, DUE, desired_on=DUE)  # both
    order(10, DUE + timedelta(days=1), desired_on=DUE)  # late
    order(9, DUE, desired_on=DUE)  # short
    order(0, None, desired_on=DUE)  # nothing came
    order(10, DUE, desired_on=DUE - timedelta(days=30), promised_on=DUE)  # the promise counts
    order(0, None, desired_on=timezone.localdate() + timedelta(days=1))  # not due yet
    orders.draft(mine, {tea: 10}, by=cast.manager, desired_on=DUE)
    (row,) = otif_rows(cast.manager, params())
    assert (row["orders"], row["in_time"], row["in_full"], row["both"]) == (5, 3, 3, 2)
    assert (row["both_share"], row["in_full_share"]) == (D("40.00"), D("60.00"))
    assert (row["ordered"], row["shipped"]) == (D("5000.00"), D("3900.00"))


def test_the_delivery_counts_where_it_was_noted(cast, tea):
    mine = clients.client(cast.manager)
    made = orders.placed(mine, {tea: 1}, by=cast.manager, on=DUE, desired_on=DUE)
    orders.shipped(made, by=cast.accountant, on=DUE)
    assert otif_rows(cast.manager, params())[0]["in_time"] == 1
    made = Order.objects.get()
    today = timezone.localdate()
    deliver_order(made.pk, by=cast.manager, version=made.version, on=today, today=today)
    assert otif_rows(cast.manager, params())[0]["in_time"] == 0


def test_totals_are_of_all_orders_and_strangers_see_their_own(cast, tea):
    for manager, many in ((cast.manager, 3), (cast.stranger, 1)):
        client = clients.client(manager)
        for _ in range(many):
            orders.placed(client, {tea: 1}, by=manager, on=DUE, desired_on=DUE)
    last = Order.objects.latest("pk")
    orders.shipped(last, by=cast.accountant, on=DUE)
    rows = otif_rows(cast.director, params("manager"))
    assert [(row["orders"], row["both_share"]) for row in rows] == [(3, D(0)), (1, D(100))]
    assert otif_totals(cast.director, params(), rows)["both_share"] == D("25.00")
    assert [row["orders"] for row in otif_rows(cast.stranger, params("month"))] == [1]
