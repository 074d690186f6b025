"""An order of thirty lines in a real Chromium, by the keyboard alone; its form on a phone."""

import pytest
from playwright.sync_api import expect

from deals.models import Order
from tests.cast import assemble
from tests.factories import clients, deals


@pytest.fixture
def people(live_app):
    return assemble()


@pytest.fixture
def goods(people):
    """Thirty products with a price, and a client without a limit."""
    made = [deals.product(sku=f"Т-{n:03d}", name=f"Товар номер {n:03d}") for n in range(1, 31)]
    prices = {product: f"{n}.99" for n, product in enumerate(made, start=10)}
    deals.price_list(people.director, prices, approved_by=people.director)
    clients.client(people.manager, name="Ромашка", code="К-1")
    return made


def focused(page, name):
    page.wait_for_function("id => document.activeElement.id === id", arg=name)


def test_thirty_lines_are_typed_by_the_keyboard_alone(live_app, people, goods, open_page):
    page = open_page(people.manager)
    page.goto("/deals/orders/new/")
    keys = page.keyboard
    page.locator("#id_client").focus()
    keys.type("К-1")
    keys.press("Tab")
    expect(page.locator("#id_outlet")).to_have_count(1)  # of the client that was named
    page.locator("#id_line-0-product").focus()
    for number in range(30):
        focused(page, f"id_line-{number}-product")
        keys.insert_text(f"т-{number + 1:03d}" if number % 2 else f"номер {number + 1:03d}")
        keys.press("Enter")  # before the list has come, as quick people do
        focused(page, f"id_line-{number}-quantity")
        keys.insert_text(f"{number + 1}")
        if number < 29:
            keys.press("Enter")
    shown = page.locator("[data-lines-total]").text_content()
    keys.press("Control+Enter")
    expect(page.locator("#_order_detail")).to_be_visible()
    order = Order.objects.get()
    assert order.state == "confirmed"
    assert [line.product for line in order.lines.all()] == goods
    assert order.total == sum(line.quantity * line.price for line in order.lines.all())
    assert f"{order.total:.2f}".replace(".", ",") in shown.replace("\u00a0", "").replace(" ", "")
    assert "30" in shown


def test_the_list_of_goods_is_walked_by_arrows_and_left_by_escape(
    live_app, people, goods, open_page
):
    page = open_page(people.manager)
    page.goto("/deals/orders/new/")
    page.locator("#id_line-0-product").focus()
    page.keyboard.type("товар")
    options = page.locator("#goods-list [data-value]")
    expect(options).to_have_count(12)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator("#id_line-0-product")).to_have_value("Т-002 · Товар номер 002")
    expect(page.locator("#id_line-0-price")).to_have_value("11,99")
    page.locator("#id_line-0-quantity").fill("2,5")
    page.locator("#id_line-0-discount_pct").fill("10")
    expect(page.locator("[data-line-amount]").first).to_have_text("26,98 ₽")  # 2.5 × 10.79
    page.locator("#id_line-0-product").focus()
    page.keyboard.type("1")
    page.keyboard.press("Escape")
    expect(page.locator("#goods-list")).to_have_count(0)
