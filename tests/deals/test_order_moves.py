"""The way of an order after its check: picking, shipments, delivery; every forbidden move."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from crm.accounts.models import Role
from crm.errors import RuleViolation
from crm.work import invariants
from deals.actions import order_moves as moves
from deals.actions import orders as actions
from deals.actions.posting import post_shipment, reverse_shipment
from deals.models import ORDER_MOVES, Order, OrderState
from deals.ordering.order_goods import Goods
from deals.receivables.debts import exposure_of
from tests.factories import accounts, clients, deals, orders
from tests.guarding import sound

D = Decimal
TODAY = orders.TODAY


@pytest.fixture
def client_of(cast):
    return clients.client(cast.manager, category="B")


def test_shipments_move_the_order_on_and_its_reserve_becomes_a_debt(cast, client_of, tea):
    coffee = deals.product()
    deals.credit_limit(client_of, "5000.00", by=cast.director)
    order = orders.placed(client_of, {tea: 10, coffee: 5}, by=cast.manager)
    moves.pick_order(order.pk, by=cast.manager, version=order.version)
    part = orders.shipped(order, by=cast.accountant, lines={tea: 4, coffee: 5})
    order.refresh_from_db()
    assert (order.state, order.shipped_amount) == ("shipped_partially", D("900.00"))
    assert [line.shipped_qty for line in order.lines.all()] == [4, 5]
    exposure = exposure_of(client_of.pk, TODAY)
    assert (exposure.receivables, exposure.reserved) == (D("900.00"), D("600.00"))
    rest = orders.shipped(order, by=cast.accountant)
    assert rest.amount == D("600.00")
    order.refresh_from_db()
    assert (order.state, order.shipped_amount) == ("shipped", D("1500.00"))
    assert exposure_of(client_of.pk, TODAY).exposure == D("1500.00")
    reverse_shipment(rest.pk, by=cast.accountant, on=TODAY, reason="Ошибка")
    order.refresh_from_db()
    assert (order.state, order.shipped_amount) == ("shipped_partially", D("900.00"))
    reverse_shipment(part.pk, by=cast.accountant, on=TODAY, reason="Ошибка")
    order.refresh_from_db()
    assert (order.state, order.shipped_amount) == ("picking", 0)
    assert sound()


def test_lines_of_one_product_are_filled_in_turn_and_what_goes_beyond_costs_no_more(
    cast, client_of, tea
):
    rows = [Goods(tea, D(quantity), D("100.00")) for quantity in (4, 6)]
    head = actions.OrderHead(client_of)
    order = actions.create_order(by=cast.manager, head=head, goods=rows, key=uuid4(), today=TODAY)
    actions.submit_order(order.pk, by=cast.manager, version=1, today=TODAY)

    def stands():
        order.refresh_from_db()
        return order.state, order.shipped_amount, [line.shipped_qty for line in order.lines.all()]

    orders.shipped(order, by=cast.accountant, lines={tea: "2.5"})  # of both lines
    assert stands() == ("shipped_partially", D(500), [4, 1])
    version = order.version
    orders.shipped(order, by=cast.accountant, lines={tea: 1})
    assert stands() == ("shipped_partially", D(600), [4, 2])
    assert order.version == version + 1
    line = {"product": tea, "name": "", "quantity": 1, "price": 100, "amount": -100}
    deals.returned(client_of, "-100.00", on=TODAY, order=order, lines=[line])
    assert stands() == ("shipped_partially", D(600), [4, 2])  # a return is no shipment
    last = orders.shipped(order, by=cast.accountant, lines={tea: 6})
    assert stands() == ("shipped", D(1000), [4, 8])
    done = {"by": cast.manager, "version": order.version, "on": TODAY, "today": TODAY}
    moves.deliver_order(order.pk, **done)
    reverse_shipment(last.pk, by=cast.accountant, on=TODAY, reason="Ошибка")
    assert stands() == ("delivered", D(600), [4, 2])


def test_what_will_not_be_shipped_any_more_takes_no_limit(cast, client_of, tea):
    order = orders.placed(client_of, {tea: 10}, by=cast.manager)
    orders.shipped(order, by=cast.accountant, lines={tea: 4})
    order.refresh_from_db()
    moves.finish_order(order.pk, by=cast.manager, version=order.version)
    assert exposure_of(client_of.pk, TODAY).reserved == 0


def test_delivery_and_closing_end_the_order(cast, client_of, tea):
    order = orders.placed(client_of, {tea: 10}, by=cast.manager)
    first = orders.shipped(order, by=cast.accountant, on=TODAY - timedelta(2))
    reverse_shipment(first.pk, by=cast.accountant, on=TODAY, reason="Ошибка")
    orders.shipped(order, by=cast.accountant)
    order.refresh_from_db()
    for day in (TODAY - timedelta(1), TODAY + timedelta(1)):
        with pytest.raises(RuleViolation):
            moves.deliver_order(
                order.pk, by=cast.manager, version=order.version, on=day, today=TODAY
            )
    done = moves.deliver_order(
        order.pk, by=cast.manager, version=order.version, on=TODAY, today=TODAY
    )
    assert moves.close_order(order.pk, by=cast.manager, version=done.version).state == "closed"


def test_nothing_is_shipped_by_an_order_on_hold(cast, client_of, tea):
    order, key = orders.placed(client_of, {tea: 10}, by=cast.manager), uuid4()
    with pytest.raises(PermissionDenied):
        moves.ship_order(order.pk, by=cast.manager, key=key, today=TODAY)
    document = moves.ship_order(order.pk, by=cast.accountant, key=key, today=TODAY)
    assert moves.ship_order(order.pk, by=cast.accountant, key=key, today=TODAY) == document
    other = accounts.user(role=Role.ACCOUNTANT, org_unit=cast.company)
    with pytest.raises(IntegrityError), transaction.atomic():  # the key of another's form
        moves.ship_order(order.pk, by=other, key=key, today=TODAY)
    moves.reopen_order(order.pk, by=cast.manager, version=order.version)
    with pytest.raises(RuleViolation):
        post_shipment(document.pk, by=cast.accountant, on=TODAY)
    assert moves.ship_order(order.pk, by=cast.accountant, key=key, today=TODAY) == document
    with pytest.raises(RuleViolation):
        moves.ship_order(order.pk, by=cast.accountant, key=uuid4(), today=TODAY)


def test_nothing_is_shipped_beyond_by_a_second_paper_of_the_whole(cast, client_of, tea):
    order = orders.placed(client_of, {tea: 10}, by=cast.manager)
    by = {"by": cast.accountant}
    both = [moves.ship_order(order.pk, key=uuid4(), today=TODAY, **by) for _paper in range(2)]
    post_shipment(both[0].pk, on=TODAY, **by)
    with pytest.raises(RuleViolation):
        post_shipment(both[1].pk, on=TODAY, **by)


def test_a_manager_cancels_before_picking_and_the_head_later(cast, client_of, tea):
    values = {"reason": "Передумали"}
    first = orders.placed(client_of, {tea: 1}, by=cast.manager)
    done = moves.cancel_order(first.pk, by=cast.manager, version=first.version, **values)
    assert (done.state, exposure_of(client_of.pk, TODAY).reserved) == ("cancelled", 0)
    second = orders.placed(client_of, {tea: 1}, by=cast.manager)
    second = moves.pick_order(second.pk, by=cast.accountant, version=second.version)
    with pytest.raises(PermissionDenied):
        moves.cancel_order(second.pk, by=cast.manager, version=second.version, **values)
    with pytest.raises(RuleViolation):
        moves.cancel_order(second.pk, by=cast.department_head, version=second.version, reason=" ")
    moves.cancel_order(second.pk, by=cast.department_head, version=second.version, **values)


def test_an_order_out_of_step_with_its_shipments_is_told(cast, client_of, tea):
    order = orders.placed(client_of, {tea: 10}, by=cast.manager)
    orders.shipped(order, by=cast.accountant, lines={tea: 4})
    assert sound()
    order.lines.update(shipped_qty=5)
    told = invariants.violations(timezone.now())["orders are shipped by their shipments"]
    assert list(told) == [f"order {order.pk}"]


# Every forbidden pair, and the table by itself

ACTIONS = {
    OrderState.CONFIRMED: lambda o, c: actions.submit_order(
        o.pk, by=c.manager, version=o.version, today=TODAY
    ),
    OrderState.DRAFT: lambda o, c: moves.reopen_order(o.pk, by=c.manager, version=o.version),
    OrderState.CANCELLED: lambda o, c: moves.cancel_order(
        o.pk, by=c.department_head, version=o.version, reason="Нет"
    ),
    OrderState.PICKING: lambda o, c: moves.pick_order(o.pk, by=c.manager, version=o.version),
    OrderState.DELIVERED: lambda o, c: moves.deliver_order(
        o.pk, by=c.manager, version=o.version, on=TODAY, today=TODAY
    ),
    OrderState.CLOSED: lambda o, c: moves.close_order(o.pk, by=c.manager, version=o.version),
    OrderState.SHIPPED: lambda o, c: moves.finish_order(o.pk, by=c.manager, version=o.version),
}
# What shipments and their reversal do from other states is done by nobody by hand.
BY_HAND = {
    OrderState.PICKING: {OrderState.CONFIRMED},
    OrderState.SHIPPED: {OrderState.SHIPPED_PARTIALLY},
}


@pytest.fixture
def in_state(cast, client_of, tea):
    def make(state):
        order = orders.placed(client_of, {tea: 1}, by=cast.manager)
        facts = {"hold_reasons": ["limit"] if state == OrderState.ON_HOLD else []}
        Order.objects.filter(pk=order.pk).update(
            state=state, cancel_reason="Нет", delivered_on=TODAY, **facts
        )
        order.refresh_from_db()
        return order

    return make


@pytest.mark.parametrize("state", OrderState)
def test_every_forbidden_move_is_refused(cast, in_state, state):
    order = in_state(state)
    for wanted, act in ACTIONS.items():
        if wanted in ORDER_MOVES[state] and state in BY_HAND.get(wanted, {state}):
            continue
        with pytest.raises(RuleViolation):
            act(order, cast)


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"state": "on_hold"}, "order_on_hold_has_reasons"),
        ({"hold_reasons": ["limit"]}, "order_on_hold_has_reasons"),
        ({"submitted_at": None}, "order_checked_was_submitted"),
        ({"state": "cancelled"}, "order_cancelled_has_reason"),
        ({"state": "delivered"}, "order_delivered_has_day"),
        ({"cover_amount": 1}, "order_cover_of_prepaid"),
        ({"shipped_amount": -1}, "order_amounts_not_negative"),
    ],
)
def test_the_table_refuses_nonsense(cast, client_of, tea, values, name):
    order = orders.placed(client_of, {tea: 1}, by=cast.manager)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(**values)
