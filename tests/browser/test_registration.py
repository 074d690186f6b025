"""A registration sheet in a real Chromium: begun, filled in, returned, mended, approved."""

from django.utils import timezone
from playwright.sync_api import expect

from clients.models import RegistrationCampaign, RegistrationSheet
from clients.sheets.question_seeds import seed_questions
from tests.browser.dialogs import opened, sent
from tests.browsing import settled
from tests.cast import assemble
from tests.factories import clients, registration


def typed(page, sheet, **more):
    """Fill every field in as a person does."""
    for code, value in registration.answers(sheet, **more).items():
        field = page.locator(f"#id_q_{code}")
        if field.evaluate("field => field.localName") == "select":
            field.select_option(value)
        else:
            field.fill(value)


def ready(page, url):
    """The page with its scripts at work."""
    page.goto(url)
    page.wait_for_load_state()
    settled(page)
    return page


def test_a_sheet_from_the_start_of_the_campaign_to_its_approval(live_app, open_page):
    cast = assemble()
    seed_questions()
    client = clients.client(cast.manager, category="B", phone="+79161234567", name="Ромашка")
    head = ready(open_page(cast.department_head), "/clients/campaigns/")
    opened(head, "/campaigns/new/")
    head.locator("#dialog [type=submit]").click()
    head.wait_for_url("**/clients/campaigns/*/")
    assert RegistrationCampaign.objects.get().year == timezone.localdate().year
    opened(head, "/start/")
    sent(head)
    sheet = RegistrationSheet.objects.get()
    assert (sheet.client, sheet.manager) == (client, cast.manager)

    page = ready(open_page(cast.manager), sheet.get_absolute_url())
    expect(page.locator("#id_q_phone")).to_have_value("+7 (916) 123-45-67")
    page.fill("#id_q_inn", "7707083894")
    page.locator("#id_q_inn").blur()
    expect(page.locator("#sheet-error-inn")).not_to_be_empty()
    assert registration.current(sheet).state == "not_started"
    page.fill("#id_q_inn", "7707083893")
    page.locator("#id_q_inn").blur()
    expect(page.locator("#sheet-status")).to_contain_text("Сохранено")
    expect(page.locator("#sheet-error-inn")).to_be_empty()
    page.get_by_role("button", name="Сдать на проверку").click()
    expect(page.locator("#sheet-error-rivals")).not_to_be_empty()
    expect(page.locator("#id_q_inn")).to_have_value("7707083893")
    typed(page, sheet)
    page.get_by_role("button", name="Сдать на проверку").click()
    expect(page.locator("#_sheet_detail")).to_contain_text("На проверке")

    ready(head, sheet.get_absolute_url())
    opened(head, "/return/")
    sent(head, reason="Откуда такой потенциал?")
    expect(head.locator("#_sheet_detail")).to_contain_text("Откуда такой потенциал?")
    ready(page, sheet.get_absolute_url())
    page.fill("#id_q_potential", "600 000")
    page.get_by_role("button", name="Сдать на проверку").click()
    expect(page.locator("#_sheet_detail")).to_contain_text("На проверке")
    ready(head, sheet.get_absolute_url())
    head.get_by_role("button", name="Утвердить").click()
    expect(head.locator("#_sheet_detail")).to_contain_text("Утверждён")
    done = registration.current(sheet)
    assert (done.state, done.decided_by, done.proposed_category) == (
        "approved", cast.department_head, "A",
    )  # fmt: skip
    ready(page, sheet.get_absolute_url())
    page.locator('main a[hx-get$="/category/request/?to=A"]').click()
    expect(page.locator("#dialog [name=to_category][value=A]")).to_be_checked()
