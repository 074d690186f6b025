"""Orders: prices, the check with its reasons, release by limits, the way to delivery."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from crm.errors import RuleViolation, StaleVersion
from crm.notices.models import Notice
from deals.actions import orders as actions
from deals.actions.documents import create_prepayment
from deals.actions.orders import OrderHead
from deals.actions.stops import release_stop, stop_client
from deals.models import Allocation, Invoice, Order, OrderState, Payment
from deals.ordering.order_check import check_order
from deals.ordering.order_goods import Goods
from deals.receivables.debts import exposure_of
from tests.cast import fresh
from tests.factories import clients, deals, orders
from tests.factories.spreading import allocate_payment
from tests.guarding import sound

D = Decimal
TODAY = orders.TODAY


@pytest.fixture
def client_of(cast):
    return clients.client(cast.manager, category="B")


# Prices and sums


def test_a_line_takes_the_price_of_the_list_and_its_discount_is_kopecks_half_up(
    cast, client_of, tea
):
    deals.price_list(cast.director, {tea: "99.99"}, approved_by=cast.director)
    rows = [Goods(tea, D("2.5"), None, D("12.5"))]
    order = actions.create_order(
        by=cast.manager, head=OrderHead(client_of), goods=rows, key=uuid4(), today=TODAY
    )
    line = order.lines.get()
    assert (line.price, line.net_price) == (D("99.99"), D("87.49"))  # 87.49125
    assert (order.total, order.vat_amount) == (D("218.73"), D("39.44"))  # 218.725, 22/122
    assert order.number.startswith("ЗК-2026-")


@pytest.mark.parametrize(
    ("price", "discount", "field"),
    [(D("99.98"), D(0), "price"), (D("100.01"), D(0), "price"), (None, D("20.01"), "discount_pct")],
)
def test_what_the_list_does_not_allow_is_refused_beside_the_line(
    cast, client_of, tea, price, discount, field
):
    deals.price_list(cast.director, {tea: "100.00"}, approved_by=cast.director)  # lowest is 80
    rows = [Goods(tea, D(1), D("100.00")), Goods(tea, D(1), price, discount)]
    with pytest.raises(RuleViolation) as refusal:
        actions.create_order(
            by=cast.manager, head=OrderHead(client_of), goods=rows, key=uuid4(), today=TODAY
        )
    assert refusal.value.field == f"line-1-{field}"
    assert not Order.objects.exists()


def test_without_a_list_the_price_is_typed(cast, client_of, tea):
    assert orders.draft(client_of, {tea: 3}, by=cast.manager, price="7.10").total == D("21.30")
    with pytest.raises(RuleViolation):
        actions.create_order(
            by=cast.manager,
            head=OrderHead(client_of),
            goods=[Goods(tea, D(1))],
            key=uuid4(),
            today=TODAY,
        )


def test_a_draft_whose_prices_have_changed_is_not_sent_in(cast, client_of, tea):
    draft = orders.draft(client_of, {tea: 1}, by=cast.manager, price="90.00")
    deals.price_list(cast.director, {tea: "100.00"}, approved_by=cast.director)
    with pytest.raises(RuleViolation, match="100"):
        actions.submit_order(draft.pk, by=cast.manager, version=1, today=TODAY)


def test_one_render_of_the_form_makes_one_order_and_a_stale_page_changes_nothing(
    cast, client_of, tea
):
    key = uuid4()
    values = {"head": OrderHead(client_of), "goods": orders.goods({tea: 1}), "today": TODAY}
    first = actions.create_order(by=cast.manager, key=key, **values)
    assert actions.create_order(by=cast.manager, key=key, **values) == first
    actions.edit_order(first.pk, by=cast.manager, version=1, **values)
    with pytest.raises(StaleVersion):
        actions.edit_order(first.pk, by=cast.manager, version=1, **values)
    with pytest.raises(StaleVersion):
        actions.submit_order(first.pk, by=cast.manager, version=1, today=TODAY)
    assert Order.objects.count() == 1


def test_orders_are_taken_by_managers_and_heads_for_their_clients(cast, client_of, tea):
    for person in (cast.director, cast.accountant, cast.manager2, cast.stranger_head):
        with pytest.raises(PermissionDenied):
            orders.draft(client_of, {tea: 1}, by=fresh(person))
    other = orders.draft(client_of, {tea: 1}, by=cast.manager)
    with pytest.raises(Order.DoesNotExist):
        actions.submit_order(other.pk, by=fresh(cast.stranger), version=1, today=TODAY)
    foreign = clients.client(cast.manager)
    head = OrderHead(client_of, contract=deals.contract(foreign))
    with pytest.raises(RuleViolation):
        actions.create_order(
            by=cast.manager, head=head, goods=orders.goods({tea: 1}), key=uuid4(), today=TODAY
        )


# The check (CRED-1)


def test_an_order_within_the_limit_is_confirmed_and_takes_it(cast, client_of, tea):
    deals.credit_limit(client_of, "1000.00", by=cast.director)
    order = orders.placed(client_of, {tea: 10}, by=cast.manager)  # exactly the limit
    assert order.state == OrderState.CONFIRMED
    exposure = exposure_of(client_of.pk, TODAY)
    assert (exposure.reserved, exposure.available) == (D("1000.00"), D("0.00"))
    held = orders.placed(client_of, {tea: 1}, by=cast.manager)
    assert (held.state, held.hold_reasons) == (OrderState.ON_HOLD, ["limit"])


def test_every_reason_holds_and_the_heads_are_told(cast, client_of, tea):
    deals.credit_limit(client_of, "5000.00", by=cast.director)
    deals.invoice(client_of, "4500.00", on=TODAY - timedelta(60), due=TODAY - timedelta(20))
    now = timezone.now()
    for reason in ("documents", "manual"):
        stop_client(client_of.pk, by=cast.department_head, reason=reason, note="Нет", now=now)
    order = orders.placed(client_of, {tea: 10}, by=cast.manager)
    assert order.hold_reasons == ["limit", "overdue", "documents", "manual"]
    words = check_order(order, client_of, TODAY).words()
    assert "500,00" in words[0]
    assert "20" in words[1]
    told = Notice.objects.filter(kind="order.on_hold").values_list("user", flat=True)
    assert set(told) == {cast.sector_head.pk, cast.department_head.pk}
    assert exposure_of(client_of.pk, TODAY).reserved == 0  # on hold it takes no limit


def test_a_stop_released_to_a_day_lets_orders_through(cast, client_of, tea):
    stop = stop_client(
        client_of.pk, by=cast.director, reason="manual", note="Спор", now=timezone.now()
    )
    values = {"until": TODAY, "reason": "Договорились", "today": TODAY}
    release_stop(stop.pk, by=cast.director, version=stop.version, **values)
    assert orders.placed(client_of, {tea: 1}, by=cast.manager).state == OrderState.CONFIRMED


def test_an_order_on_hold_goes_on_by_itself_when_the_reason_is_gone(cast, client_of, tea):
    invoice = deals.invoice(client_of, on=TODAY - timedelta(60), due=TODAY - timedelta(20))
    order = orders.placed(client_of, {tea: 1}, by=cast.manager)
    assert actions.recheck_orders(today=TODAY) == 0
    order.refresh_from_db()
    version = order.version
    assert version == 2  # nothing new, nothing written
    money = deals.payment(client_of, "1000.00", on=TODAY)
    allocate_payment(money.pk, by=None)
    invoice.refresh_from_db()
    assert actions.recheck_orders(today=TODAY) == 1
    order.refresh_from_db()
    assert (order.state, order.hold_reasons) == (OrderState.CONFIRMED, [])
    assert Notice.objects.filter(kind="order.confirmed", user=cast.manager).count() == 1


# Release by limits


def held_over(cast, client_of, tea, owed, *, due=TODAY):
    """An order of 1,000 of a client with a limit of 10,000 that owes so much."""
    deals.credit_limit(client_of, "10000.00", by=cast.director)
    deals.invoice(client_of, owed, on=TODAY - timedelta(90), due=due)
    return orders.placed(client_of, {tea: 10}, by=cast.manager)


def release(order, by):
    values = {"version": order.version, "reason": "Ручаюсь", "today": TODAY}
    return actions.release_order(order.pk, by=fresh(by), **values)


def test_the_department_head_releases_up_to_ten_per_cent_above_the_limit(cast, client_of, tea):
    order = held_over(cast, client_of, tea, "10000.00")  # over by 1,000 of 10,000: exactly 10 %
    done = release(order, cast.department_head)
    assert (done.state, done.released_by, done.release_reason) == (
        "confirmed",
        cast.department_head,
        "Ручаюсь",
    )
    assert done.hold_reasons == []


@pytest.mark.parametrize(
    ("owed", "due"),
    [("10000.01", TODAY), ("1000.00", TODAY - timedelta(31))],
    ids=["over the limit", "long overdue"],
)
def test_above_that_the_director_decides(cast, client_of, tea, owed, due):
    order = held_over(cast, client_of, tea, owed, due=due)
    with pytest.raises(RuleViolation):
        release(order, cast.department_head)
    assert release(order, cast.director).state == "confirmed"


def test_above_a_limit_of_nothing_the_director_decides(cast, client_of, tea):
    deals.credit_limit(client_of, "0.00", by=cast.director)
    order = orders.placed(client_of, {tea: 1}, by=cast.manager)
    with pytest.raises(RuleViolation):
        release(order, cast.department_head)
    assert release(order, cast.director).state == "confirmed"


def test_thirty_days_overdue_are_still_the_department_heads(cast, client_of, tea):
    order = held_over(cast, client_of, tea, "1000.00", due=TODAY - timedelta(30))
    assert release(order, cast.department_head).state == "confirmed"


def test_managers_strangers_and_the_author_release_nothing(cast, client_of, tea):
    order = held_over(cast, client_of, tea, "9500.00")
    for person in (cast.manager, cast.sector_head, cast.accountant):
        with pytest.raises(PermissionDenied):
            release(order, person)
    with pytest.raises(Order.DoesNotExist):
        release(order, cast.stranger_head)
    own = orders.placed(client_of, {tea: 10}, by=cast.department_head)
    with pytest.raises(PermissionDenied):
        release(own, cast.department_head)


def test_what_the_director_has_stopped_the_director_releases(cast, client_of, tea):
    stop_client(client_of.pk, by=cast.director, reason="manual", note="Спор", now=timezone.now())
    order = orders.placed(client_of, {tea: 1}, by=cast.manager)
    with pytest.raises(RuleViolation):
        release(order, cast.department_head)
    assert release(order, cast.director).state == "confirmed"


# Prepaid orders


def test_a_prepaid_order_passes_as_far_as_money_covers_it(cast, client_of, tea):
    """Neither the limit nor an overdue debt counts for what is paid; two orders, one advance."""
    deals.credit_limit(client_of, "0.00", by=cast.director)
    deals.payment(client_of, "1500.00", on=TODAY)
    paid = orders.placed(client_of, {tea: 10}, by=cast.manager, is_prepaid=True)
    assert (paid.state, paid.cover_amount) == ("confirmed", D("1000.00"))
    assert exposure_of(client_of.pk, TODAY).reserved == 0
    half = orders.placed(client_of, {tea: 10}, by=cast.manager, is_prepaid=True)
    assert half.hold_reasons == ["prepayment", "limit"]
    check = check_order(half, client_of, TODAY)
    assert (check.cover, check.uncovered) == (D("500.00"), D("500.00"))
    on_credit = orders.placed(client_of, {tea: 1}, by=cast.manager)
    assert on_credit.hold_reasons == ["limit"]  # money alone is no prepaid order


def test_a_prepaid_order_is_paid_by_its_invoice_and_the_money_follows_the_goods(
    cast, client_of, tea
):
    old = deals.invoice(client_of, "700.00", on=TODAY - timedelta(60), due=TODAY - timedelta(20))
    order = orders.placed(client_of, {tea: 10}, by=cast.manager, is_prepaid=True)
    assert order.hold_reasons == ["prepayment", "overdue"]
    bill = create_prepayment(
        by=cast.accountant,
        client=client_of,
        contract=None,
        amount=order.total,
        due_on=TODAY,
        today=TODAY,
        key=uuid4(),
        order=order,
    )
    money = deals.payment(client_of, "1000.00", on=TODAY)
    allocate_payment(money.pk, by=None, named=[bill.pk])
    done = actions.recheck_order(order.pk, by=cast.manager, version=2, today=TODAY)
    assert (done.state, done.cover_amount) == ("confirmed", D("1000.00"))
    shipped = orders.shipped(order, by=cast.accountant)
    bill.refresh_from_db()
    old.refresh_from_db()
    assert bill.state == "cancelled"
    assert old.open_amount == D("700.00")
    assert Invoice.objects.get(shipment=shipped).state == "paid"
    assert sound()


def test_a_prepayment_pays_each_shipment_in_turn_and_stays_where_money_is_left(
    cast, client_of, tea
):
    order, other = (
        orders.placed(client_of, {tea: quantity}, by=cast.manager, is_prepaid=True)
        for quantity in (10, 1)
    )

    def bill(amount, of=order):
        return create_prepayment(
            by=cast.accountant, client=client_of, contract=None, amount=D(amount), due_on=TODAY,
            today=TODAY, key=uuid4(), order=of,
        )  # fmt: skip

    small, large, foreign, given_up = bill(300), bill(900), bill(100, other), bill(50)
    debt = deals.invoice(client_of, "5.00", on=TODAY + timedelta(1))
    Invoice.objects.filter(pk=given_up.pk).update(cancelled_on=TODAY - timedelta(9))
    paid = [
        (deals.payment(client_of, amount, on=TODAY), named)
        for amount, named in (
            (300, small),
            (400, large),
            (300, large),
            (200, large),
            (100, foreign),
        )
    ]
    for money, named in paid:
        allocate_payment(money.pk, by=None, named=[named.pk])
    actions.recheck_order(order.pk, by=cast.manager, version=2, today=TODAY)

    def cancelled():
        return [Invoice.objects.get(pk=one.pk).cancelled_on for one in (small, large, given_up)]

    sales = [orders.shipped(order, by=cast.accountant, lines={tea: n}) for n in (3, 6)]
    assert cancelled() == [None, None, TODAY - timedelta(9)]  # goods are still to come
    sales.append(orders.shipped(order, by=cast.accountant))
    assert cancelled() == [TODAY, None, TODAY - timedelta(9)]
    assert [Invoice.objects.get(pk=one.pk).version for one in (small, debt)] == [2, 1]
    assert Invoice.objects.get(pk=debt.pk).open_amount == 5
    parts = Allocation.objects.order_by("payment_id").values_list("amount", flat=True)
    assert [list(parts.filter(invoice__shipment=sale)) for sale in sales] == [
        [300], [400, 200], [100],
    ]  # fmt: skip
    assert [list(parts.filter(invoice=one)) for one in (large, foreign)] == [[200], [100]]
    moved, untouched = (Payment.objects.get(pk=paid[n][0].pk) for n in (2, 3))
    assert moved.state == untouched.state == "allocated"
    assert (moved.version > 2, untouched.version) == (True, 2)
    assert sound()
