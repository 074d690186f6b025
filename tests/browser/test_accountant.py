"""The accountant resolves an unknown payer without the mouse, on a desk and on a phone."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from deals.models import Allocation, Payment
from tests.browsing import fits, press, settled, small_targets
from tests.cast import assemble
from tests.factories import clients, deals

TARGETS = "main .btn, main [data-inbox-item], main .tap-check"

CUT = "found => found.filter(e => e.scrollWidth > e.clientWidth).map(e => e.textContent)"


@pytest.fixture
def cast(live_app):
    return assemble()


def test_an_unknown_payer_is_resolved_by_one_key(cast, open_page):
    acme = clients.client(cast.manager, name="ООО «Ромашка»")
    deals.invoice(acme, "100.00", number="РТ-5")
    names = ("ООО Ромашка", "Ромашка")
    first, second = (deals.payment(None, "100.00", party_name=name) for name in names)
    page = open_page(cast.accountant)
    page.goto("/")
    titles = page.locator(".rail .nav-link-title")
    assert titles.evaluate_all(CUT) == [], "the names of sections are read whole"
    page.get_by_role("link", name="Разобрать").click()
    expect(page.locator("#decision-panel h2")).to_contain_text("100,00")
    assert fits(page)
    press(page, "KeyJ")
    settled(page)
    press(page, "Digit1")
    expect(page.locator("[data-inbox-item]")).to_have_count(1)
    phone = open_page(cast.accountant, size="phone")
    phone.goto("/deals/payments/unmatched/")
    assert phone.locator(".bottombar-text").evaluate_all(CUT) == [], "and those of the bottom bar"
    phone.locator("[data-inbox-item]").press("Enter")
    expect(phone.locator(".suggestion")).to_have_count(1)
    assert fits(phone)
    assert small_targets(phone, TARGETS) == []
    phone.get_by_role("button", name="Это клиент").first.press("Enter")
    expect(phone.locator(".decision-none")).to_be_visible()
    for payment in (first, second):
        payment.refresh_from_db()
    assert (first.client, second.client) == (acme, acme)
    assert Payment.objects.filter(state="allocated").count() == 1


def test_a_payment_is_reversed_in_the_dialog(cast, open_page):
    payment = deals.payment(clients.client(cast.manager), "100.00")
    page = open_page(cast.accountant)
    page.goto(payment.get_absolute_url())
    page.get_by_role("link", name="Сторнировать").press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Причина").fill("Занесён дважды")
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(page.locator("#_payment")).to_contain_text("Занесён дважды")
    payment.refresh_from_db()
    assert payment.state == "reversed"


def test_a_payment_is_spread_by_dragging_it_onto_invoices(cast, open_page):
    acme = clients.client(cast.manager, name="ООО «Ромашка»")
    payment = deals.payment(acme, "100.00")
    for number, amount in (("РТ-1", "60.00"), ("РТ-2", "70.00"), ("РТ-3", "80.00")):
        deals.invoice(acme, amount, number=number)
    page = open_page(cast.accountant)
    page.goto(f"{payment.get_absolute_url()}allocate/")
    card, left = page.locator("[data-spread-card]"), page.locator("[data-spread-left]")
    rows = page.locator("[data-spread-row]")
    sums = [row.locator("input") for row in rows.all()]
    assert [field.input_value() for field in sums] == ["60,00", "40,00", ""], "by the rule"
    rows.nth(0).get_by_role("link").drag_to(rows.nth(2))  # no payment: nothing happens
    card.drag_to(rows.nth(1))
    assert [field.input_value() for field in sums] == ["30,00", "70,00", ""]
    card.drag_to(rows.nth(2))
    assert [field.input_value() for field in sums] == ["20,00", "", "80,00"]
    sums[0].fill("30")
    expect(left).to_have_text("Больше платежа на: 10,00 ₽")
    sums[0].fill("15")
    expect(left).to_have_text("Останется авансом: 5,00 ₽")
    page.get_by_role("button", name="Разнести").click()
    expect(page.locator("#_payment")).to_contain_text("РТ-3")
    paid = Allocation.objects.order_by("invoice__number").values_list("invoice__number", "amount")
    assert list(paid) == [("РТ-1", Decimal(15)), ("РТ-3", Decimal(80))]
