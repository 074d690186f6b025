"""A manager's day without a mouse: sign in, rows, search in the wrong layout, sign out."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.accounts.signing import LOGIN
from tests.cast import assemble
from tests.factories import accounts, clients


@pytest.fixture
def people(live_app):
    return assemble()


def test_a_wrong_password_is_typed_again_at_once(people, open_page):
    person = accounts.user(org_unit=people.sector, password=True)
    page = open_page()
    page.goto(LOGIN)
    expect(page.locator("#id_login")).to_be_focused()
    page.keyboard.type(person.username)
    page.keyboard.press("Tab")
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    expect(page.locator("body")).to_contain_text("Логин, почта или пароль неверны.")
    expect(page.locator("#id_password")).to_be_focused()
    page.keyboard.type(accounts.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".profile-button")).to_be_visible()


def test_back_from_a_record_the_keys_go_on_from_its_row(people, open_page):
    for name in ("ООО «Азбука»", "ООО «Букварь»", "ООО «Ведомость»"):
        clients.client(people.manager, name=name)
    page, row = open_page(people.manager), ".row-current"
    page.goto(reverse("clients:list"))
    for _ in range(2):
        page.keyboard.press("j")
    expect(page.locator(row)).to_contain_text("Букварь")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-record]")
    page.go_back()
    expect(page.locator(row)).to_contain_text("Букварь")
    expect(page.locator(row)).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator(row)).to_contain_text("Ведомость")
    page.goto(reverse("clients:list"))  # not back: a list that is opened anew begins anew
    page.wait_for_load_state()
    expect(page.locator(row)).to_have_count(0)


def test_the_palette_knows_commands_in_the_wrong_layout_and_signs_out(people, open_page):
    page = open_page(people.manager)
    page.goto(reverse("clients:list"))
    page.keyboard.press("Control+k")
    chosen = page.locator('#palette .palette-item[aria-selected="true"]:visible')
    for typed in ("dsqnb", "выйти"):
        page.locator("#palette-input").fill(typed)
        expect(chosen).to_have_text("Выйти")
    page.keyboard.press("Enter")
    page.wait_for_selector("#id_login")


def test_the_palette_says_that_nothing_was_found_only_when_there_is_no_command_either(
    people, open_page
):
    page = open_page(people.manager)
    page.goto(reverse("clients:list"))
    page.keyboard.press("Control+k")
    none = page.locator("#palette .palette-none")
    for typed, says_so in (("выйти", False), ("ыъыъыъ", True)):
        with page.expect_response("**/search/**"):
            page.locator("#palette-input").fill(typed)
        expect(none).to_have_count(1)
        expect(none).to_be_visible(visible=says_so)
        expect(page.locator("#palette-commands")).to_be_visible(visible=not says_so)


def test_a_form_of_its_own_page_is_written_at_once_and_left_also_in_a_new_tab(people, open_page):
    page, url = open_page(people.manager), reverse("claims:outgoing_start")
    page.goto(url)
    expect(page.locator("main [name=client]")).to_be_focused()
    with page.context.expect_page() as opening:
        page.evaluate("url => void window.open(url, '_blank', 'noopener')", url)
    tab = opening.value
    tab.locator("main [data-back]").click()
    expect(tab.locator("main [name=client]")).to_have_count(0)
    tab.close()
