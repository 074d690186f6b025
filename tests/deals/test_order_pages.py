"""Pages of orders: the line editor without a script, the card with its reasons, the register."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from clients.models import Client
from deals.models import Invoice, Order, OrderState, Shipment
from reports.queries.my_day import my_day
from tests.cast import fresh, signed_in
from tests.factories import clients, deals, orders

D = Decimal
HTMX = {"HX-Request": "true"}
MOST_QUERIES = 12


@pytest.fixture
def client_of(cast):
    return clients.client(cast.manager, category="B", name="Ромашка")


@pytest.fixture
def tea(db):
    return deals.product(sku="ЧАЙ-01", name="Чай чёрный", unit="уп")


@pytest.fixture
def listed(cast, tea):
    deals.price_list(cast.director, {tea: "100.00"}, approved_by=cast.director)
    return tea


def sent(client, *lines, **more):
    """What the browser sends: lines of (article, quantity, price, discount)."""
    data = {
        "key": uuid4(),
        "client": client.code,
        "kind": "regular",
        "price_kind": "base",
        "lines": len(lines),
        "command": "submit",
    }
    for place, values in enumerate(lines):
        names = ("product", "quantity", "price", "discount_pct")
        data |= {f"line-{place}-{n}": v for n, v in zip(names, values, strict=False)}
    return data | more


def test_an_order_is_taken_and_sent_in_by_one_form(cast, client_of, listed):
    data = sent(client_of, ("ЧАЙ-01 · Чай чёрный", "2,5", "", "3"), ("", "", "", ""))
    answer = signed_in(cast.manager).post(reverse("deals:order_create"), data)
    order = Order.objects.get()
    assert answer.url == order.get_absolute_url()
    assert (order.state, order.total, order.client) == ("confirmed", D("242.50"), client_of)


def test_one_form_sent_twice_is_one_order_sent_in_once(cast, client_of, listed):
    data = sent(client_of, ("ЧАЙ-01", "1"))
    browser = signed_in(cast.manager)
    first, second = (browser.post(reverse("deals:order_create"), data) for _ in range(2))
    assert first.url == second.url
    assert Order.objects.get().version == 2


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (("НЕТ", "1"), "line-0-product"),
        (("ЧАЙ-01", "0"), "line-0-quantity"),
        (("ЧАЙ-01", ""), "line-0-quantity"),
        (("ЧАЙ-01", "1", "99"), "line-0-price"),
        (("ЧАЙ-01", "1", "", "25"), "line-0-discount_pct"),
        (("", "5"), "line-0-product"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(cast, client_of, listed, line, field):
    data = sent(client_of, line)
    answer = signed_in(cast.manager).post(reverse("deals:order_create"), data)
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.text
    assert not Order.objects.exists()


def test_buttons_add_and_remove_lines_without_a_script(cast, client_of, listed):
    browser, url = signed_in(cast.manager), reverse("deals:order_create")
    data = sent(client_of, ("ЧАЙ-01", "7"), ("x", "8"), command="add")
    assert browser.post(url, data).text.count('name="line-2-product"') == 1
    page = browser.post(url, data | {"command": "remove-0"}).text
    assert 'value="8"' in page
    assert 'value="7"' not in page


def test_the_client_brings_its_outlets_and_contracts(cast, client_of, listed):
    deals.contract(client_of, number="Д-77")
    browser, url = signed_in(cast.manager), reverse("deals:order_create")
    assert "Д-77" in browser.get(url, {"client": client_of.pk}).text
    assert "Д-77" in browser.post(url, sent(client_of, ("", ""), command="look")).text
    foreign = clients.client(cast.stranger)
    assert foreign.code not in browser.get(url, {"client": foreign.pk}).text


def test_goods_are_found_by_article_and_name_with_their_price(cast, listed):
    deals.product(name="Чай зелёный")
    browser, url = signed_in(cast.manager), reverse("deals:order_goods")
    found = browser.get(url, {"q": "чай", "kind": "base"}).json()["goods"]
    assert [row["price"] for row in found if row["sku"] == "ЧАЙ-01"] == ["100,00"]
    assert len(found) == 2
    assert browser.get(url, {"q": "чай-0"}).json()["goods"][0]["value"] == "ЧАЙ-01 · Чай чёрный"
    assert browser.get(url, {"q": ""}).json()["goods"] == []


def test_the_card_says_why_the_order_waits_and_who_may_release_it(cast, client_of, tea):
    deals.credit_limit(client_of, "1000.00", by=cast.director)
    order = orders.placed(client_of, {tea: 15}, by=cast.manager, on=timezone.localdate())
    release = reverse("deals:order_release", args=[order.pk])
    pages = {
        who: signed_in(fresh(getattr(cast, who))).get(order.get_absolute_url()).text
        for who in ("manager", "department_head", "director")
    }
    assert all("500,00" in page for page in pages.values())  # over the limit by
    assert [who for who, page in pages.items() if release in page] == ["director"]
    answer = signed_in(fresh(cast.director)).post(
        release, {"version": order.version, "reason": "Ручаюсь"}, headers=HTMX
    )
    assert answer.status_code == 204
    order.refresh_from_db()
    assert order.state == OrderState.CONFIRMED


def test_the_accounting_ships_an_order_and_asks_for_the_prepayment(cast, client_of, tea):
    today = timezone.localdate()
    books = signed_in(cast.accountant)
    order = orders.placed(client_of, {tea: 3}, by=cast.manager, on=today)
    answer = books.post(reverse("deals:order_ship", args=[order.pk]))
    document = Shipment.objects.get(order=order)
    assert answer.url == document.get_absolute_url()
    assert document.amount == D("300.00")
    assert order.number in books.get(document.get_absolute_url()).text
    prepaid = orders.placed(client_of, {tea: 3}, by=cast.manager, on=today, is_prepaid=True)
    data = {"key": uuid4(), "amount": "300", "due_on": f"{today}"}
    books.post(reverse("deals:order_prepay", args=[prepaid.pk]), data)
    assert Invoice.objects.get(order=prepaid).amount == D("300.00")


def test_the_register_asks_as_much_for_thirty_orders_as_for_one(cast, client_of, tea):
    browser, url = signed_in(cast.manager), reverse("deals:order_list")
    counts = []
    for many in (1, 29):
        for _ in range(many):
            orders.draft(client_of, {tea: 1}, by=cast.manager)
        browser.get(url)
        with CaptureQueriesContext(connection) as asked:
            browser.get(url)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= MOST_QUERIES


def test_the_register_is_narrowed_by_state_reason_and_lateness(cast, client_of, tea):
    deals.credit_limit(client_of, "100.00", by=cast.director)
    held = orders.placed(client_of, {tea: 5}, by=cast.manager)
    late = orders.placed(client_of, {tea: 1}, by=cast.manager, desired_on=date(2025, 1, 15))
    browser, url = signed_in(cast.manager), reverse("deals:order_list")
    for query, wanted in (
        ({"hold": "limit"}, held),
        ({"state": "on_hold"}, held),
        ({"late": "1"}, late),
    ):
        page = browser.get(url, query).text
        assert [order for order in (held, late) if order.number in page] == [wanted], query


def test_the_tab_of_the_client_shows_its_orders(cast, client_of, tea):
    order = orders.placed(client_of, {tea: 5}, by=cast.manager)
    page = signed_in(cast.manager).get(reverse("deals:client_orders", args=[client_of.pk])).text
    assert order.number in page
    assert f"{reverse('deals:order_create')}?client={client_of.pk}" in page


def test_the_page_of_debts_counts_what_is_ordered(cast, client_of, tea):
    deals.credit_limit(client_of, "5000.00", by=cast.director)
    orders.placed(client_of, {tea: 12}, by=cast.manager)
    page = signed_in(cast.manager).get(reverse("deals:credit", args=[client_of.pk])).text
    assert "1\u00a0200,00" in page
    assert "3\u00a0800,00" in page  # available


def test_my_day_tells_of_orders_on_hold_and_late_ones(cast, client_of, tea):
    today = timezone.localdate()
    last, ahead = timezone.now() - timedelta(hours=2), timezone.now() + timedelta(days=3)
    Client.objects.filter(pk=client_of.pk).update(last_contact_at=last, next_contact_at=ahead)

    def told():
        day = my_day(cast.manager, cast.manager, timezone.now(), show=20)
        return {reason.rule.code for row in day.queue.rows for reason in row.reasons}

    due = today - timedelta(days=2)
    in_time = orders.placed(client_of, {tea: 1}, by=cast.manager, on=today, desired_on=today)
    assert not {"order_held", "order_late"} & told()
    Order.objects.filter(pk=in_time.pk).update(promised_on=due)
    deals.credit_limit(client_of, "100.00", by=cast.director)
    orders.placed(client_of, {tea: 5}, by=cast.manager, on=today)
    assert {"order_held", "order_late"} <= told()
