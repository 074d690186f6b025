"""A list in a real Chromium: without reloading, by keyboard in any layout, on a phone."""

import pytest
from playwright.sync_api import expect

from clients.models import Client
from tests.browsing import fits_everywhere, press, violations
from tests.cast import assemble

URL = "/declared/clients/"


@pytest.fixture(scope="module")
def person(shared_db):
    """Sees sixty clients."""
    person = assemble().department_head
    Client.objects.bulk_create(
        Client(
            code=f"K{n}",
            name=f"Client {n}",
            sort_key=f"client {n:03}",
            search_key=f"client {n}",
            category="AB"[n % 2],
            category_since="2026-01-01",
            potential_monthly=n * 1000,
            manager=person,
        )
        for n in range(60)
    )
    return person


@pytest.fixture
def open_list(open_page, person, settings):
    """Opens an address of the declared list; any error in the console fails the test."""
    settings.ROOT_URLCONF = "tests.lists.declared"

    def opened(path=URL, size="desktop"):
        page = open_page(person, size)
        page.goto(path)
        page.evaluate("window.sameDocument = true")
        return page

    return opened


def expect_query(page, query):
    page.wait_for_url(lambda url: url.partition("?")[2] == query, timeout=5000)


def test_sorting_filtering_and_paging_change_the_list_and_the_address_only(open_list):
    page = open_list()
    page.locator("thead a", has_text="Category").click()
    expect(page.locator("th[aria-sort]")).to_contain_text("Category")
    expect_query(page, "sort=category")
    row = page.locator("tbody tr", has_text="Client 1").first
    row.hover()
    row.locator(".cell-filter").first.click()
    expect(page.locator(".filter-chip")).to_have_count(1)
    expect_query(page, "category=A&sort=category")
    page.locator(".filter-chip a").click()
    expect(page.locator(".filter-chip")).to_have_count(0)
    expect_query(page, "sort=category")
    page.locator("[data-next-page]").click()
    expect(page.locator("tbody tr")).to_have_count(10)
    page.go_back()
    expect(page.locator("tbody tr")).to_have_count(50)
    expect_query(page, "sort=category")
    page.go_back()
    expect(page.locator(".filter-chip")).to_have_count(1)
    expect_query(page, "category=A&sort=category")


def test_links_of_the_list_do_not_reload_the_page(open_list):
    page = open_list()
    page.locator("thead a", has_text="Category").click()
    expect(page.locator("th[aria-sort]")).to_contain_text("Category")
    expect(page.locator("thead a", has_text="Category")).to_be_focused()
    page.locator(".list-views a", has_text="First").press("Enter")
    expect(page.locator(".list-views .active")).to_have_text("First")
    expect(page.locator(".list-views .active")).to_be_focused()
    assert page.evaluate("window.sameDocument") is True


def test_the_search_keeps_focus_and_every_letter(open_list):
    page = open_list()
    field = page.locator("[data-list-search]")
    field.press_sequentially("client 5", delay=90)
    expect(page.locator("tbody tr")).to_have_count(11)
    expect(field).to_have_value("client 5")
    expect(field).to_be_focused()
    expect_query(page, "q=client+5")


def test_the_filter_panel_opens_applies_and_closes(open_list):
    page = open_list()
    press(page, "KeyF", "а")
    panel = page.locator("#panel")
    expect(panel.get_by_label("A", exact=True)).to_be_focused()
    panel.get_by_label("A", exact=True).check()
    panel.get_by_label("Potential: ").first.fill("50000")
    panel.locator("button[type=submit]").click()
    expect(panel).to_be_hidden()
    expect(page.locator("tbody tr")).to_have_count(5)
    expect_query(page, "category=A&potential_min=50000")


def test_columns_are_chosen_and_kept_in_the_address(open_list):
    page = open_list()
    page.locator(".list-tools .ti-columns-3").click()
    page.locator("input[name=columns][value=code]").check()
    page.locator("input[name=columns][value=category]").uncheck()
    page.locator("form.dropdown-menu button[type=submit]").click()
    expect(page.locator("thead")).not_to_contain_text("Category")
    expect_query(page, "columns=name,code,manager,potential_monthly,specifics")


def test_rows_are_walked_and_opened_by_keys_of_any_layout(open_list):
    page = open_list(f"{URL}?sort=-name")
    press(page, "KeyJ", "о")
    press(page, "KeyJ", "о")
    press(page, "KeyK", "л")
    press(page, "KeyJ", "о")
    expect(page.locator(".row-current")).to_contain_text("Client 58")
    press(page, "Enter", "Enter")
    page.wait_for_url("**/declared/clients/*/?from=clients%3Fsort%3D-name")


def test_the_list_is_accessible_and_fits(open_list):
    page = open_list(f"{URL}?category=A&q=client")
    assert fits_everywhere(page)
    assert violations(page) == []
    page.locator("[data-shortcut=KeyF]").click()
    expect(page.locator("#panel form")).to_be_visible()
    assert violations(page, "#panel") == []


def test_a_row_is_a_card_on_a_phone(open_list):
    page = open_list(size="phone")
    card = page.locator("tbody tr").first
    assert card.bounding_box()["height"] > 100
    expect(page.locator("thead")).not_to_be_in_viewport()
    page.locator(".list-tools .ti-arrows-sort").click()
    page.locator(".dropdown-menu.show a", has_text="Potential").click()
    expect(page.locator("tbody tr").first).to_contain_text("Client 0")
    expect_query(page, "sort=potential_monthly")
