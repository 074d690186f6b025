"""The session ends while somebody types: nothing that was typed is lost."""

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from reports.models import Expense
from tests.browser.dialogs import opened
from tests.browsing import become, settled
from tests.cast import assemble
from tests.factories import clients


@pytest.fixture
def people(live_app):
    return assemble()


def signed_out(page):
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)


def test_a_form_is_filled_in_again_for_the_same_person_alone(people, open_page):
    page, url = open_page(people.manager), reverse("reports:expense_create")
    purpose = page.locator("main [name=purpose]")
    for person, found in ((people.manager, "Обед"), (people.manager2, "")):
        become(page, people.manager)
        page.goto(url)
        purpose.fill("Обед")
        signed_out(page)
        page.locator("main [type=submit]").click()
        page.wait_for_selector("[name=login]")
        become(page, person)
        page.goto(url)
        settled(page)
        expect(purpose).to_have_value(found)
    page.goto(url)
    expect(purpose).to_have_value("")
    assert not Expense.objects.exists()


def test_the_draft_of_a_contact_outlives_the_session(people, open_page):
    client = clients.client(people.manager)
    page, url = open_page(people.manager), f"{reverse('clients:composer')}?client={client.pk}"
    note = page.locator("main form[data-composer] [name=note]")
    page.goto(url)
    note.fill("Просят отсрочку")
    signed_out(page)
    note.press("Control+Enter")
    page.wait_for_selector("[name=login]")
    page.evaluate("sessionStorage.clear()")  # as in another tab
    become(page, people.manager)
    page.goto(url)
    settled(page)
    expect(note).to_have_value("Просят отсрочку")


def test_the_page_behind_a_lost_dialog_says_so_and_opens_it_again(people, open_page):
    client = clients.client(people.manager)
    page, url = open_page(people.manager), f"{client.get_absolute_url()}?tab=people"
    page.goto(url)
    opened(page, reverse("clients:person_create", args=[client.pk]))
    page.fill("#dialog [name=full_name]", "Иванова Анна")
    signed_out(page)
    page.locator("#dialog [type=submit]").click()
    page.wait_for_selector("[name=login]")
    become(page, people.manager)
    page.goto(url)
    told = page.locator(".toast", has_text="ничего не было сохранено")
    told.get_by_role("button", name="Открыть снова").click()
    expect(page.locator("#dialog [name=full_name]")).to_have_value("Иванова Анна")
