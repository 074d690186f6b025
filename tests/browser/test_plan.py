"""The grid of a plan in a real Chromium: the keyboard, two hundred pasted rows, two heads."""

from decimal import Decimal

import pytest
from django.db.models import Sum
from playwright.sync_api import expect

from reports.actions.plan_cells import Cell, save_cells
from tests.cast import assemble
from tests.factories import plans

ROWS = 200
WIDTH = "() => document.querySelector('.plan-scroll').scrollWidth"
PASTE = """text => {
    const carried = new DataTransfer();
    carried.setData("text/plain", text);
    document.activeElement.dispatchEvent(
        new ClipboardEvent("paste", {clipboardData: carried, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def people(live_app):
    return assemble()


@pytest.fixture
def plan(people):
    found = plans.plan(people.department)
    plans.many_lines(found, people.manager, ROWS, contacts=2)
    return found


def cell(page, row, name):
    return page.locator(f'[data-plan-row] >> nth={row} >> [data-cell="{name}"]')


def test_a_plan_is_filled_by_the_keyboard_and_by_a_paste_of_two_hundred_rows(
    live_app, people, plan, open_page
):
    page = open_page(people.manager)
    page.goto(f"/plans/{plan.pk}/grid/")
    status, keys = page.locator("[data-plan-status]"), page.keyboard
    cell(page, 0, "ship").focus()
    keys.type("1 234,50")
    keys.press("Enter")
    expect(cell(page, 1, "ship")).to_be_focused()
    keys.type("10")
    keys.press("ArrowRight")
    expect(cell(page, 1, "cash")).to_be_focused()
    keys.type("99")
    keys.press("Escape")
    expect(cell(page, 1, "cash")).to_have_value("")
    keys.press("ArrowUp")
    keys.type("7")
    keys.press("Shift+Tab")
    expect(cell(page, 0, "ship")).to_be_focused()
    expect(page.locator('[data-plan-total="ship"]')).to_have_text("1\u00a0244,50")
    expect(page.locator(".is-unsaved")).to_have_count(0)
    kept = plan.lines.aggregate(Sum("ship"), Sum("cash"))
    assert kept == {"ship__sum": Decimal("1244.50"), "cash__sum": Decimal(7)}

    rows = [f"{n} 000,25\t{n},5\t{n % 2}\t{n % 9}" for n in range(1, ROWS + 1)]
    wrong = [*rows[:149], rows[149].replace("150,5", "сто"), *rows[150:]]
    cell(page, 0, "ship").focus()
    page.evaluate(PASTE, "\r\n".join(wrong) + "\r\n")
    expect(cell(page, 149, "cash")).to_have_attribute("aria-invalid", "true")
    expect(status).to_have_attribute("data-tone", "danger")
    assert plan.lines.aggregate(Sum("ship"))["ship__sum"] == Decimal("1244.50"), "half saved"
    page.locator("[data-plan-wrong]").click()
    expect(cell(page, 149, "cash")).to_be_focused()
    keys.type("150,5")
    keys.press("Enter")
    expect(page.locator(".is-unsaved")).to_have_count(0)
    total = sum(Decimal(n) * 1000 + Decimal("0.25") for n in range(1, ROWS + 1))
    found = plan.lines.aggregate(Sum("ship"), Sum("active"))
    assert found == {"ship__sum": total, "active__sum": ROWS // 2}
    assert plan.lines.complete().count() == ROWS
    page.troubles.clear()


def test_the_second_head_sees_who_changed_the_cell_and_chooses(live_app, people, plan, open_page):
    page = open_page(people.department_head)
    page.goto(f"/plans/{plan.pk}/grid/")
    line = plan.lines.order_by("client__sort_key").first()
    save_cells(plan.pk, [Cell(line.pk, "ship", "", "150")], by=people.sector_head)
    width = page.evaluate(WIDTH)
    cell(page, 0, "ship").focus()
    page.keyboard.type("300")
    page.keyboard.press("Enter")
    why = page.locator("[data-plan-why]")
    expect(why).to_contain_text(str(people.sector_head))
    expect(why).to_contain_text("150,00")
    assert page.evaluate(WIDTH) == width
    expect(cell(page, 0, "ship")).to_have_value("300")
    why.get_by_role("button").last.click()
    expect(page.locator(".is-unsaved")).to_have_count(0)
    line.refresh_from_db()
    assert line.ship == 300
    page.troubles.clear()
