"""A dialog that is left by a slip of the hand: what was typed in it can be had back."""

from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.browser.dialogs import opened, sent
from tests.browsing import press
from tests.cast import assemble
from tests.factories import clients, deals


@pytest.fixture
def cast(live_app):
    return assemble()


def test_what_was_typed_comes_back_and_what_was_saved_does_not(cast, open_page):
    payment = deals.payment(clients.client(cast.manager), "100.00")
    page = open_page(cast.accountant)
    page.goto(payment.get_absolute_url())
    reason = page.locator("#dialog [name=reason]")
    back = page.locator(".toast").get_by_role("button", name="Вернуться")

    opened(page, "/reverse/")
    page.keyboard.press("Escape")  # nothing was typed: nothing is offered
    expect(page.locator("#dialog[open]")).to_have_count(0)
    expect(back).to_have_count(0)

    opened(page, "/reverse/")
    reason.fill("Занесён дважды")
    page.keyboard.press("Escape")
    back.click()
    expect(reason).to_have_value("Занесён дважды")
    page.mouse.click(5, 5)  # beside the dialog
    back.click()
    page.locator("#dialog [data-dialog-close]").first.click()
    expect(back).to_be_visible()
    opened(page, "/reverse/")  # anew: the former offer is over
    expect(back).to_have_count(0)
    sent(page, reason="Не наш")
    expect(page.locator("#_payment")).to_contain_text("Не наш")
    expect(back).to_have_count(0)
    payment.refresh_from_db()
    assert payment.state == "reversed"


def test_suggestions_beside_a_field_leave_what_was_typed(cast, open_page):
    clients.client(cast.manager, name="Ромашка")
    page = open_page(cast.manager)
    page.goto(reverse("clients:letter_list"))
    opened(page, reverse("clients:letter_register"))
    page.fill("#dialog [name=subject]", "О поставке")
    page.locator("#dialog [name=client]").press_sequentially("Рома")
    page.keyboard.press("Tab")  # sooner than the suggestions come
    expect(page.locator("#client-options option")).to_have_count(1)
    page.keyboard.press("Escape")
    page.locator(".toast").get_by_role("button", name="Вернуться").click()
    expect(page.locator("#dialog [name=subject]")).to_have_value("О поставке")


def test_the_keys_of_the_queue_stand_in_the_help(cast, open_page):
    client = clients.client(cast.manager)
    deals.invoice(client, "100.00", on=date(2026, 1, 10))
    page = open_page(cast.manager)
    page.goto("/")
    expect(page.locator("[data-list] [data-row]").first).to_be_visible()
    press(page, "Slash", key="?", shiftKey=True)
    for words in ("Следующая и предыдущая строка", "Открыть строку"):
        expect(page.locator("#help[open]")).to_contain_text(words)
