"""The whole way of a file in a real Chromium, on a desk and on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import expect

from clients.models import Client
from crm.imports import actions
from tests.cast import assemble, signed_in
from tests.imports.test_lifecycle import CLIENTS

SIZES = [("desktop", 1440, 900, "light"), ("phone", 360, 740, "dark")]
SWITCH = "() => document.documentElement.scrollWidth"


def violations(page):
    found = Axe().run(page).response["violations"]
    return [(rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in found]


@pytest.mark.parametrize(("name", "width", "height", "scheme"), SIZES)
def test_a_file_goes_its_way(chromium, live_app, name, width, height, scheme):
    head = assemble().department_head
    context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    cookie = signed_in(head).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_app}])
    page, troubles = context.new_page(), []
    page.on("console", lambda line: line.type == "error" and troubles.append(line.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))

    def is_fine():
        assert violations(page) == []
        assert page.evaluate(SWITCH) <= width

    page.goto(f"{live_app}/imports/")
    is_fine()
    page.goto(f"{live_app}/imports/new/?kind=clients")
    is_fine()
    file = {"name": "clients.csv", "mimeType": "text/csv", "buffer": CLIENTS}
    page.locator("input[type=file]").set_input_files([file])
    page.locator(".import-upload button[type=submit]").click()
    expect(page.locator("#id_column_1")).to_have_value("inn")
    is_fine()
    page.locator("form[hx-post$='/check/'] button[type=submit]").click()
    expect(page.locator(".import-counts strong").first).to_have_text("2")
    is_fine()
    page.locator("form[hx-post$='/apply/'] button").click()
    expect(page.locator("#_import_progress")).to_be_visible()
    is_fine()
    assert actions.run_waiting_imports() == 1  # what the worker does
    undo = page.locator("form[hx-post$='/undo/'] button")
    expect(undo).to_be_visible()  # the page found out by itself
    assert Client.objects.count() == 2
    is_fine()
    undo.click()
    expect(page.locator("#_import_progress")).to_be_visible()
    actions.run_waiting_imports()
    expect(page.locator("#_import_progress")).to_have_count(0)
    assert not Client.objects.exists()
    context.close()
    assert troubles == []
