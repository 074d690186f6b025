"""Orders of the delivery: no sum on any page or in any file, goods handed over, delivered."""

import io
import zipfile
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from deals.actions.posting import post_shipment
from deals.models import Order, Shipment
from tests.cast import fresh, signed_in
from tests.factories import clients, deals, orders

HTMX = {"HX-Request": "true"}
PRICE, SUMS = "1234.56", ("1234", "1 234", "12345", "12 345", "370,37", "370.37")
PAGES = ("picking_detail", "picking_hand_over", "picking_deliver")


@pytest.fixture
def tea():
    return deals.product(sku="ЧАЙ-01", name="Чай чёрный", unit="уп")


@pytest.fixture
def order(cast, tea):
    client = clients.client(cast.manager, category="B", name="Ромашка")
    place = clients.outlet(client, name="Склад на Лесной", address="ул. Лесная, 5")
    today = timezone.localdate()
    made = orders.placed(client, {tea: 10}, by=cast.manager, on=today, price=PRICE, outlet=place)
    assert made.state == "confirmed"
    return made


def text_of(answer):
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            content = b"".join(parts.read(name) for name in parts.namelist())
    return content.decode("utf-8", "replace").replace("\xa0", " ")


def told(text):
    return [one for one in SUMS if one in text]


def test_no_page_and_no_file_of_the_delivery_names_a_sum(cast, order):
    browser, register = signed_in(cast.logistics), reverse("deals:picking_list")
    urls = [reverse(f"deals:{name}", args=[order.pk]) for name in PAGES]
    urls += [f"{register}{query}" for query in ("", "?export=csv", "?export=xlsx")]
    everything = "number,client,address,total,shipped_amount,hold_reasons,cover_amount"
    urls += [f"{register}?columns={everything}", f"{register}?columns={everything}&export=csv"]
    for url in [*urls, reverse("reports:delivery")]:
        text = text_of(browser.get(url))
        assert told(text) == [], url
        assert order.number in text, url
    for narrowed in ("total_min=99999999", "hold=limit", "prepaid=1"):  # tells nothing either
        assert order.number in text_of(browser.get(f"{register}?{narrowed}")), narrowed
    assert told(text_of(signed_in(cast.manager).get(order.get_absolute_url())))  # control
    for name in ("order_detail", "order_history", "order_deliver"):
        assert browser.get(reverse(f"deals:{name}", args=[order.pk])).status_code == 404, name
    page = text_of(browser.get(urls[0]))
    assert "Склад на Лесной" in page
    assert "ул. Лесная, 5" in page


def sent(person, order, name, **data):
    order.refresh_from_db()
    url = reverse(f"deals:picking_{name}", args=[order.pk])
    data = {"version": order.version, "on": f"{timezone.localdate():%d.%m.%Y}"} | data
    return signed_in(fresh(person)).post(url, data, headers=HTMX).status_code


def handed(person, order, tea, quantity, key="7b0f7c1e-7a3c-4b7e-9b57-6f2b3c9f3a11"):
    return sent(person, order, "hand_over", key=key, **{f"product-{tea.pk}": quantity})


def test_goods_go_out_of_the_stock_by_quantities_and_the_accounting_posts_them(cast, order, tea):
    waiting = orders.draft(order.client, {tea: 1}, by=cast.manager)
    assert [sent(cast.logistics, waiting, name) for name in ("begin", "deliver")] == [404, 404]
    for person in (cast.marketer, cast.manager2):
        assert sent(person, order, "begin") == 404
    assert sent(cast.logistics, order, "deliver") == 422  # nothing was shipped yet
    assert sent(cast.logistics, order, "begin") < 400
    assert Order.objects.get(pk=order.pk).state == "picking"
    assert handed(cast.logistics, order, tea, "4") < 400
    assert handed(cast.logistics, order, tea, "4") < 400  # the same click again
    draft = Shipment.objects.get(order=order)
    assert (draft.state, draft.amount) == ("draft", Decimal("4938.24"))
    other = "0b0f7c1e-7a3c-4b7e-9b57-6f2b3c9f3a12"
    assert handed(cast.logistics, order, tea, "6,001", key=other) == 422
    assert handed(cast.logistics, order, tea, "0", key=other) == 422
    assert handed(cast.logistics, order, tea, "6", key=other) < 400
    assert sent(cast.logistics, order, "hand_over", key=other) == 403  # nothing is left
    for document in Shipment.objects.filter(order=order).order_by("pk"):
        post_shipment(document.pk, by=cast.accountant, on=timezone.localdate())
    assert Order.objects.get(pk=order.pk).state == "shipped"
    assert sent(cast.logistics, order, "deliver") < 400
    assert Order.objects.get(pk=order.pk).state == "delivered"
