"""The whole way of a file in a real Chromium, each step on a desk and on a phone.

The walk through every page has looked at the list of files and the form that asks for one.
"""

from playwright.sync_api import expect

from clients.models import Client
from crm.imports import actions
from tests.browsing import fits_everywhere, violations
from tests.cast import assemble
from tests.imports.test_lifecycle import CLIENTS


def test_a_file_goes_its_way(live_app, open_page):
    page = open_page(assemble().department_head, color_scheme="dark")

    def is_fine():
        assert violations(page) == []
        assert fits_everywhere(page)

    page.goto("/imports/new/?kind=clients")
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
