"""«Terms» of many people in a real Chromium: their table is loaded when it is opened."""

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from reports.pages import timeliness
from tests.browsing import settled
from tests.cast import assemble
from tests.factories import clients, terms


def test_the_table_by_person_comes_when_it_is_opened_by_the_keyboard(
    live_app, open_page, monkeypatch
):
    monkeypatch.setattr(timeliness, "PEOPLE_AT_ONCE", 0)
    cast, today = assemble(), timezone.localdate()
    terms.reconciliation(clients.client(cast.manager), send_by=today, sign_by=today)
    page = open_page(cast.department_head, size="phone")
    page.goto(reverse("reports:timeliness"))
    page.wait_for_load_state()
    expect(page.locator("#_timeliness")).not_to_contain_text("Иванова")
    settled(page)
    page.locator("#terms-of-people summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#_timeliness")).to_contain_text("Иванова")
    expect(page.locator("#terms-people")).to_have_count(1)
    expect(page.locator("#terms-of-people")).to_have_count(0)
