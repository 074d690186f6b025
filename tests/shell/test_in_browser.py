"""The shell in a real Chromium: keys, dialogs, messages, themes, accessibility, no CSP report."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from crm.accounts.models import User
from tests.browsing import fits_everywhere, press, small_targets, violations
from tests.cast import assemble

TARGETS = ".topbar button, .topbar a, .bottombar > *, main .btn"


@pytest.fixture
def address(live_app, settings):
    settings.DEBUG = True  # the kit shows every building block
    return live_app


@pytest.fixture(scope="module")
def everybody(shared_db):
    return assemble()


@pytest.fixture
def people(address, everybody):
    return everybody


@pytest.mark.parametrize(
    ("scheme", "outside"), [("light", "account_login"), ("dark", "account_reset_password")]
)
def test_pages_are_accessible_and_fit(people, open_page, scheme, outside):
    visitor = open_page(color_scheme=scheme)
    inside = open_page(people.manager, "phone", color_scheme=scheme)
    for page, name in ((visitor, outside), (inside, "shell:kit")):
        page.goto(reverse(name))
        assert violations(page) == [], name
        assert fits_everywhere(page), name


def test_on_a_phone_targets_are_44_pixels_and_the_bar_opens_the_rail(people, open_page):
    page = open_page(people.manager, "phone")
    page.goto(reverse("usersessions_list"))
    assert violations(page, contrast="main") == []
    assert small_targets(page, TARGETS) == []
    expect(page.locator("#rail")).not_to_be_visible()
    page.locator(".bottombar button").click()
    expect(page.locator("#rail.show")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#rail")).not_to_be_visible()
    assert fits_everywhere(page)


def test_groups_of_the_rail_stay_as_the_person_left_them(people, open_page):
    page = open_page(people.department_head)
    page.goto(reverse("usersessions_list"))
    money = page.locator("[data-rail-group=money]")
    line = money.get_by_role("link").first
    expect(line).not_to_be_visible()
    money.locator("summary").press("Enter")
    expect(line).to_be_visible()
    page.locator("[data-rail-group=clients] summary").click()
    line.click()
    expect(page.locator("[data-rail-group=money]")).to_have_attribute("open", "")
    expect(page.locator("[data-rail-group=clients]")).not_to_have_attribute("open", "")
    page.goto(reverse("usersessions_list"))
    expect(line).to_be_visible()


def test_keys_work_in_a_russian_layout_rest_in_fields_and_can_be_off(people, open_page):
    page = open_page(people.manager)
    page.goto(reverse("shell:kit"))
    press(page, "Slash", "?", shiftKey=True)
    expect(page.locator("#help")).to_be_visible()
    expect(page.locator("#help-list dt").first).to_be_visible()
    page.keyboard.press("Escape")
    field = page.locator("#id_name")
    field.fill("")
    field.press("Shift+Slash")
    expect(page.locator("#help")).not_to_be_visible()
    expect(field).to_have_value("?")
    field.blur()
    page.keyboard.press("Shift+Slash")
    page.locator("#shortcuts-on").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+Slash")
    expect(page.locator("#help")).not_to_be_visible()


def test_the_palette_finds_a_command_by_keyboard_alone(people, open_page):
    page = open_page(people.manager)
    page.goto(reverse("shell:kit"))
    page.keyboard.press("Control+k")
    field = page.locator("#palette-input")
    expect(field).to_be_focused()
    assert violations(page) == []
    chosen = page.locator('#palette .palette-item[aria-selected="true"]')
    first = chosen.get_attribute("id")
    page.keyboard.press("ArrowDown")
    assert chosen.get_attribute("id") != first
    assert field.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    with page.expect_response("**/search/?q=*"):
        field.fill("zzzzzz")
    expect(page.locator("#palette .palette-item:visible")).to_have_count(0)
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).not_to_be_visible()


def test_a_dialog_takes_the_focus_and_gives_it_back(people, open_page):
    page = open_page(people.manager)
    page.goto(reverse("shell:kit"))
    opener = page.locator(".page-actions .btn-primary")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#dialog")).not_to_be_visible()
    expect(opener).to_be_focused()


def test_a_list_is_walked_selected_and_opened_by_keys(people, open_page):
    page = open_page(people.manager)
    page.goto(reverse("shell:kit"))
    press(page, "KeyJ", "о")
    press(page, "KeyJ", "о")
    press(page, "KeyX", "ч")
    expect(page.locator("[data-selection-bar]")).to_be_visible()
    expect(page.locator("[data-selected-count]")).to_have_text("1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/kit/?row=2")


def test_a_message_with_undo_posts_to_its_address(people, open_page):
    page = open_page(people.manager)
    page.goto(reverse("shell:kit"))
    detail = {"text": "Done", "undo": reverse("shell:csp_report")}
    page.evaluate("d => document.body.dispatchEvent(new CustomEvent('toast', {detail: d}))", detail)
    toast = page.locator(".toast", has_text="Done")
    with page.expect_request(lambda request: request.method == "POST") as sent:
        toast.locator("button").first.click()
    assert sent.value.url.endswith(detail["undo"])
    expect(toast).to_have_count(0)


def test_a_message_can_be_answered_while_a_dialog_is_open(people, open_page):
    page = open_page(people.manager)
    page.goto(reverse("shell:kit"))
    page.locator(".page-actions .btn-primary").click()
    expect(page.locator("#dialog")).to_be_visible()
    detail = {"text": "Not saved", "tone": "danger"}
    page.evaluate("d => document.body.dispatchEvent(new CustomEvent('toast', {detail: d}))", detail)
    toast = page.locator(".toast", has_text="Not saved")
    toast.locator(".btn-close").click()
    expect(toast).to_have_count(0)


def test_a_failed_fragment_is_told_and_a_refused_one_is_swapped_in(people, open_page):
    page = open_page(people.manager)
    page.goto(reverse("shell:kit"))
    page.route("**/broken/", lambda route: route.fulfill(status=500, body="<b>secret</b>"))
    page.evaluate("htmx.ajax('GET', '/broken/', '#panel-body')")
    expect(page.locator(".toast.tone-danger")).to_be_visible()
    assert "secret" not in page.content()
    answer = {"status": 422, "body": '<p id="refused">No.</p>', "content_type": "text/html"}
    page.route("**/refused/", lambda route: route.fulfill(**answer))
    page.evaluate("htmx.ajax('GET', '/refused/', '#dialog-body')")
    expect(page.locator("#dialog #refused")).to_be_visible()
    page.troubles.clear()  # the browser itself writes down the 500 and the 422


def test_a_fragment_of_an_ended_session_opens_the_sign_in_page(people, open_page):
    page = open_page(people.manager)
    page.goto(reverse("shell:kit"))
    page.context.clear_cookies()
    page.evaluate(f"htmx.ajax('GET', {json.dumps(reverse('shell:counters'))}, '#panel-body')")
    page.wait_for_url("**/account/login/?next=*kit*")
    expect(page.locator("#id_login")).to_be_visible()


def test_a_theme_is_painted_at_once_and_remembered(people, open_page):
    page = open_page(people.manager2, color_scheme="light")  # others look at nobody's theme
    page.goto(reverse("shell:kit"))
    page.locator(".profile-button").click()
    with page.expect_response(lambda answer: answer.url.endswith(reverse("shell:theme"))):
        page.locator('[name="theme"][value="dark"]').click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert User.objects.get(pk=people.manager2.pk).theme == "dark"


def test_the_system_decides_when_nobody_chose(people, open_page):
    page = open_page(people.manager, color_scheme="dark")
    page.goto(reverse("usersessions_list"))
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_what_was_typed_survives_a_reload(people, open_page):
    page = open_page(people.manager)
    page.goto(reverse("shell:kit"))
    key = "Object.keys(localStorage).some(key => key.endsWith('draft:kit'))"
    page.locator("#id_name").fill("Romashka")
    page.locator("#id_name").blur()
    page.wait_for_timeout(600)
    page.reload()
    expect(page.locator("#id_name")).to_have_value("Romashka")
    page.locator(".profile-button").click()
    page.locator("form[data-forget] button").click()
    page.wait_for_url("**/account/login/")
    assert not page.evaluate(key)


def test_a_choice_of_a_dashboard_is_taken_at_once(people, open_page):
    day = f"{timezone.localdate() - timedelta(days=40)}"
    page = open_page(people.accountant)
    page.goto(reverse("reports:receivables"))
    page.locator("#choose-day").fill(day)
    page.wait_for_url(f"**as_of={day}*")
