"""A month from its documents to the sheets of pay, in a real Chromium: closed, changed late."""

from datetime import timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from reports.actions.incentive_drafts import month_end_close
from reports.actions.schemes import seed_schemes
from reports.models import IncentiveSheet, MonthClosing, PlanExplanation
from reports.parameters import month_end, month_start
from reports.tasks.facts import monthly_plan_rollup
from tests.browser.dialogs import opened, pressed, sent
from tests.browsing import become, fits
from tests.cast import assemble
from tests.factories import clients, deals, plans


def test_a_month_is_closed_changed_late_explained_and_paid_for(live_app, open_page):
    cast, today = assemble(), timezone.localdate()
    seed_schemes()
    month, last = month_start(today, -1), month_end(month_start(today, -1))
    client = clients.client(cast.manager, name="ООО «Ромашка»", since=month - timedelta(days=60))
    plan = plans.plan(cast.department, month=month)
    plans.line(plan, client, ship="1000.00", cash="0", active=1, contacts=0)
    plans.settle(plan, cast.director)
    sold = deals.draft(client, "700.00", on=month + timedelta(days=8), number="РТ-700")
    late = deals.draft(client, "150.00", on=last, number="РТ-150")
    facts = f"{reverse('reports:plan_fact')}?month={month:%Y-%m}"

    page = open_page(cast.accountant)
    page.goto(sold.get_absolute_url())
    pressed(page, f"/{sold.pk}/post/")
    monthly_plan_rollup(today=today)

    become(page, cast.director)
    page.goto(facts)
    total = page.locator("#_plan_fact tfoot")
    expect(total).to_contain_text("700,00")
    page.get_by_role("button", name="Закрыть месяц").click()
    question = page.locator("#confirm[open]")
    question.get_by_role("button", name="Отмена").click()
    assert not MonthClosing.objects.exists()
    page.get_by_role("button", name="Закрыть месяц").click()
    question.get_by_role("button", name="Продолжить").click()
    expect(page.locator("#_plan_fact")).to_contain_text("Месяц закрыт")
    expect(page.get_by_role("button", name="Закрыть месяц")).to_have_count(0)
    assert MonthClosing.objects.get().closed_by == cast.director

    become(page, cast.accountant)
    page.goto(late.get_absolute_url())
    pressed(page, f"/{late.pk}/post/")
    monthly_plan_rollup(today=today)

    become(page, cast.director)
    page.goto(facts)
    expect(total).to_contain_text("850,00")
    expect(total).to_contain_text("при закрытии 700,00")
    assert fits(page)
    page.get_by_role("link", name="Изменено после закрытия").click()
    rows = page.locator("main tbody tr")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text([cast.accountant.short_name])
    expect(rows).to_contain_text(["РТ-150"])

    become(page, cast.manager)
    page.goto(reverse("reports:plan_grid", args=[plan.pk]))
    expect(page.locator("[data-plan-row]")).to_contain_text(["850,00"])
    opened(page, f"/explain/?manager={cast.manager.pk}&client={client.pk}")
    sent(page, reason="Клиент перенёс закупку на следующий месяц.")
    become(page, cast.department_head)
    page.goto(plan.get_absolute_url())
    opened(page, f"/plan-explanations/{PlanExplanation.objects.get().pk}/judge/")
    page.select_option("#dialog [name=justified]", "yes")
    sent(page)
    expect(page.locator("main")).to_contain_text("Клиент перенёс закупку")
    assert PlanExplanation.objects.get().state == "justified"

    assert month_end_close(today=today) == IncentiveSheet.objects.count() > 0
    sheet = IncentiveSheet.objects.get(employee=cast.manager)
    page.goto(sheet.get_absolute_url())
    results = page.locator("main table").first
    expect(results).to_contain_text("700,00")  # as the closing kept it
    expect(results).to_contain_text("70,00")
    assert sheet.calculation["lines"][0]["percent"] == "70.00"
    assert Decimal(sheet.calculation["lines"][0]["fact"]) == 700
