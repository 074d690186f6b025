"""The accountant resolves an unknown payer without the mouse, on a desk and on a phone."""

import pytest
from playwright.sync_api import expect

from deals.models import Payment
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
