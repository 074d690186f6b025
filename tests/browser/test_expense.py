"""An expense in a real Chromium: logged from a contact, refused, approved, paid, budgeted."""

from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from crm.work.models import Setting
from crm.work.registry import forget
from reports.models import BudgetLine, Expense
from tests.browser.dialogs import approved, opened, sent
from tests.browsing import become, fits_everywhere, settled, small_targets, violations
from tests.cast import assemble
from tests.factories import costs
from tests.files.samples import pdf


@pytest.fixture
def people(live_app):
    found = assemble()
    Setting.objects.create(key="expense.monthly_limit", org_unit=found.department, value="5000")
    forget()
    return found


@pytest.fixture
def budget(people):
    today, head = timezone.localdate(), people.department_head
    made = costs.budget(people.department, head, year=today.year, today=today)
    item = costs.item()
    lines = BudgetLine.objects.filter(budget=made, item=item, org_unit=people.sector)
    lines.update(amount=3000)
    return costs.hold(made, head, people.director)


def test_a_manager_logs_the_head_approves_the_accountant_pays_the_budget_shows(
    live_app, people, budget, open_page
):
    contact = costs.talk(people.manager)
    page = open_page(people.manager, size="phone")
    page.goto(contact.client.get_absolute_url())
    page.wait_for_load_state()
    settled(page)
    page.locator(f'a[hx-get$="?contact={contact.pk}"]').click()
    page.wait_for_selector("#dialog[open] #_dialog_form")
    assert violations(page, "#dialog") == []
    assert small_targets(page, "#dialog button, #dialog select") == []
    receipt = {"name": "чек.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    page.set_input_files("#dialog [name=file]", receipt)
    page.fill("#dialog [name=amount]", "6 000,50")
    page.fill("#dialog [name=purpose]", "Обед после переговоров")
    page.fill("#dialog [name=participants]", "Петров, закупщик")
    page.locator("#dialog [type=submit]").click()
    refusal = page.locator("#dialog .invalid-feedback")
    expect(refusal).to_contain_text("5\u00a0000,00")
    expect(page.locator("#dialog [name=purpose]")).to_have_value("Обед после переговоров")
    assert not Expense.objects.exists()
    page.set_input_files("#dialog [name=file]", receipt)
    sent(page, amount="4 000,50")
    expense = Expense.objects.get()
    expect(
        page.locator(f'#contact-{contact.pk} a[href="{expense.get_absolute_url()}"]')
    ).to_be_visible()

    become(page, people.department_head)
    page.set_viewport_size({"width": 1440, "height": 900})
    approved(page, "/decisions/?kind=expense")
    become(page, people.accountant)
    page.goto("/expenses/?state=approved")
    page.wait_for_load_state()
    page.locator(f'main a[href^="{expense.get_absolute_url()}"]').first.click()
    opened(page, f"/expenses/{expense.pk}/pay/")
    sent(page, document="РКО 17")
    expect(page.locator("#_expense_detail")).to_contain_text("РКО 17")

    become(page, people.department_head)
    page.goto("/budget/?months=year")
    page.wait_for_load_state()
    assert violations(page, "main") == []
    row = page.locator("tr", has=page.get_by_text(str(costs.item()))).first
    expect(row).to_contain_text("4\u00a0000,50")
    expect(row).to_contain_text("36\u00a0000,00")
    assert fits_everywhere(page)
    page.goto("/budget/?view=months")
    page.wait_for_load_state()
    expect(page.locator(".budget-year")).to_contain_text("4\u00a0001")
    assert violations(page, "main") == []
    assert fits_everywhere(page)
    page.troubles.clear()


def test_the_grid_of_a_budget_counts_rows_and_months_by_the_keyboard(live_app, people, open_page):
    today, head = timezone.localdate(), people.department_head
    made = costs.budget(people.department, head, year=today.year, today=today)
    page = open_page(head)
    page.goto(made.get_absolute_url())
    page.wait_for_load_state()
    first = page.locator('[data-plan-row] >> nth=0 >> [data-cell="m01"]')
    first.focus()
    page.keyboard.type("1 000,50")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("2000")
    page.keyboard.press("Enter")
    expect(page.locator(".is-unsaved")).to_have_count(0)
    expect(page.locator("[data-plan-across]").first).to_have_text("3\u00a0000,50")
    expect(page.locator('[data-plan-total="m02"]')).to_have_text("2\u00a0000,00")
    expect(page.locator("[data-plan-whole]")).to_have_text("3\u00a0000,50")
    kept = made.lines.filter(amount__gt=0).values_list("month__month", "amount")
    assert dict(kept) == {1: Decimal("1000.50"), 2: Decimal(2000)}
    assert violations(page, "main") == []
    assert fits_everywhere(page)
    page.troubles.clear()
