"""What a phone shows first, and what tells that there is more beside it."""

import io

from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect

from tests.browsing import settled
from tests.cast import assemble
from tests.factories import clients


def edge(page):
    """The darkest pixel of the right edge of the line of views, above its words."""
    box = page.locator(".list-views").bounding_box()
    clip = {"x": box["x"] + box["width"] - 3, "y": box["y"] + 1, "width": 2, "height": 4}
    shot = Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("L")
    return shot.getextrema()[0]


def test_every_view_of_a_list_is_seen_or_announced(live_app, open_page):
    cast = assemble()
    clients.client(cast.manager)
    page = open_page(cast.department_head)
    page.set_viewport_size({"width": 1000, "height": 740})
    page.goto(reverse("clients:list"))
    settled(page)
    tabs = page.locator(".list-views .nav-link")
    assert tabs.count() > 6
    expect(tabs.last).to_be_in_viewport(ratio=1)
    page.set_viewport_size({"width": 360, "height": 740})
    expect(tabs.last).not_to_be_in_viewport()
    shaded = edge(page)
    tabs.last.scroll_into_view_if_needed()
    expect(tabs.last).to_be_in_viewport()
    page.locator(".list-views").evaluate("line => line.scrollTo(line.scrollWidth, 0)")
    assert shaded < edge(page) - 15


def test_a_report_begins_with_its_figures_on_a_phone_and_its_fields_are_a_tap_away(
    live_app, open_page
):
    cast = assemble()
    clients.client(cast.manager)
    page = open_page(cast.department_head, size="phone")
    page.goto(reverse("reports:report", args=["kpi1"]))
    settled(page)
    field, fold = page.locator("#_report .report-fields select").first, "#_report summary"
    answer = page.locator("#_report :is(tbody td, .empty)").first
    expect(field).not_to_be_visible()
    expect(page.locator(fold)).to_contain_text("Фильтры")
    expect(answer).to_be_in_viewport()
    page.locator(fold).click()
    expect(field).to_be_visible()
    page.locator("#_report [type=submit]").click()
    settled(page)
    expect(field).not_to_be_visible()
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(field).to_be_visible()
    expect(page.locator(fold)).not_to_be_visible()
