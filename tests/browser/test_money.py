"""Money in a real Chromium: a statement, a promise, a figure down to its invoice, a category.

The console stays silent, so no CSP report either; a phone has no horizontal scroll.
"""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from clients.keys import set_client_keys
from clients.models import CategoryChangeRequest, Client, ContactLog
from crm.approvals.models import Approval
from crm.imports.actions.work import run_waiting_imports
from deals.actions.abc import run_abc
from deals.models import Invoice, Payment
from deals.tasks.money import promises_check
from tests.browsing import fits, fits_everywhere, press, settled
from tests.cast import assemble
from tests.factories import bank, clients, deals
from tests.factories import categories as make

SIZES = ("desktop", "phone")


@pytest.fixture
def cast(live_app):
    return assemble()


def test_the_accountant_imports_a_statement(cast, open_page):
    acme = clients.client(cast.manager, name="ООО «Ромашка»")
    invoice = deals.invoice(acme, "100.00", number="РТ-5")
    deals.payer_account(acme, by=cast.accountant, account=bank.THEIRS)
    content = bank.statement([bank.document("1", "100.00")], account=bank.OURS)
    for size in SIZES:
        page = open_page(cast.accountant, size)
        page.goto("/")
        page.get_by_role("link", name="Загрузить выписку").click()
        expect(page.locator("[name=kind]:checked")).to_have_value("bank")
        file = {"name": "kl_to_1c.txt", "mimeType": "text/plain", "buffer": content}
        page.set_input_files("[type=file]", file)
        page.get_by_role("button", name="Прочитать файл").click()
        if size == "desktop":  # an account that is not ours yet is asked about, not guessed
            page.get_by_label("Счета этой выписки").check()
            page.get_by_role("button", name="Проверить").click()
        if size == "phone":  # the same file once more adds nothing
            expect(page.locator("main")).to_contain_text("Записывать нечего")
        else:
            page.get_by_role("button", name="Импортировать").click()
            expect(page.locator("#_import_progress")).to_be_visible()
            assert run_waiting_imports() == 1
            page.locator("main").get_by_role("link", name="Банковские выписки").click()
            page.locator("main tbody a").first.click()
            expect(page.locator("main tbody")).to_contain_text(["Ромашка"])
        assert fits(page)
    payment = Payment.objects.get()
    invoice.refresh_from_db()
    assert (payment.client, invoice.open_amount) == (acme, 0)


def test_a_promise_is_recorded_broken_by_time_and_back_in_my_day(cast, open_page):
    today = timezone.localdate()
    acme = clients.client(cast.manager, name="ООО «Ромашка»")
    set_client_keys(acme)
    acme.save()
    page = open_page(cast.manager)
    page.goto(f"/clients/{acme.pk}/")
    strip = page.locator("#composer-strip")
    expect(strip).to_be_visible()
    page.keyboard.press("c")
    expect(strip.locator("[data-kind]:checked")).to_be_focused()
    page.keyboard.press("1")
    results = strip.locator("label.chip", has=page.locator("[name=result]"))
    results.filter(has=page.locator("[data-ticks]")).click()  # opens the promise by itself
    expect(strip.locator("[name=promise_amount]")).to_be_visible()
    results.first.click()  # another result takes an empty promise back
    expect(strip.locator("[name=promise_amount]")).to_be_hidden()
    strip.locator("label.chip", has=page.locator("[data-shows=promise]")).click()
    strip.locator("[name=promise_amount]").fill("1 200,50")
    strip.locator("[name=promise_on]").fill(today.isoformat())
    page.keyboard.press("Control+Enter")
    expect(page.locator("#timeline-past")).to_contain_text("1 200,50")
    assert promises_check(today=today + timedelta(days=1)) == 1
    told = ContactLog.objects.filter(promise_kept=False)
    earlier = timezone.now() - timedelta(days=2)  # two days go by
    assert told.update(promise_on=today - timedelta(days=1), done_at=earlier) == 1
    Client.objects.update(last_contact_at=earlier)
    page.goto("/my-day/")
    expect(page.locator(f"#queue-{acme.pk}")).to_contain_text("Обещали")


def test_the_head_drills_from_the_ageing_to_one_invoice(cast, open_page):
    today = timezone.localdate()
    acme = clients.client(cast.manager, name="ООО «Ромашка»")
    deals.invoice(
        acme,
        "1500.00",
        number="РТ-5",
        on=today - timedelta(days=50),
        due=today - timedelta(days=40),
    )
    deals.invoice(acme, "700.00", number="РТ-6", on=today, due=today + timedelta(days=9))
    rich, since = clients.client(cast.manager2), today - timedelta(days=300)
    for overdue in (-9, 3, 10, 20, 45, 80, 200):
        deals.invoice(rich, "12345678.90", on=since, due=today - timedelta(days=overdue))
    page = open_page(cast.department_head)
    page.goto("/receivables/")
    settled(page)
    assert fits_everywhere(page)
    table = ".table-responsive:has(.receivables-table)"
    assert fits_everywhere(page, table), "with tens of millions too"
    page.locator(".receivables-table tbody").get_by_role("link", name="1 500").last.click()
    expect(page.locator("main tbody tr")).to_have_count(1)
    assert fits_everywhere(page)
    page.get_by_role("link", name="РТ-5").click()
    expect(page.locator("h1")).to_contain_text("РТ-5")
    expect(page.locator("main")).to_contain_text("1 500,00")
    assert fits_everywhere(page)


def test_the_director_approves_what_abc_proposes(cast, open_page):
    last = timezone.localdate().replace(day=1) - timedelta(days=1)
    acme = make.client(cast.manager, name="ООО «Ромашка»", by=cast.department_head, category="C")
    deals.sale(acme, "900000.00", on=last)
    run_abc(by=cast.director, last=last)
    head = open_page(cast.department_head)
    head.goto("/deals/abc/?differs=true")
    head.locator("[name=ids]").first.check()
    head.get_by_role("button", name="Предложить").click()
    head.locator("dialog[open] [value=yes]").click()
    expect(head.locator(".toast, .alert").first).to_be_visible()
    head.goto("/decisions/")
    expect(head.locator("#decision-panel [name=decision]").first).to_be_visible()
    press(head, "KeyA", "ф")
    expect(head.locator("[data-inbox-item]")).to_have_count(0)
    page = open_page(cast.director)
    page.goto("/decisions/")
    expect(page.locator("#decision-panel")).to_contain_text("900 000")
    press(page, "KeyA", "ф")
    expect(page.locator("[data-inbox-item]")).to_have_count(0)
    assert Approval.objects.get().state == "approved"
    assert CategoryChangeRequest.objects.get().to_category == "A"


def test_a_shipment_entered_by_hand_finds_its_client(cast, open_page):
    acme = clients.client(cast.manager, name="ООО «Ромашка»", code="К-7")
    set_client_keys(acme)
    acme.save()
    page = open_page(cast.accountant, "phone")
    page.goto("/deals/shipments/new/")
    page.locator("[name=client]").press_sequentially("Ромаш")
    expect(page.locator("#client-options option")).to_have_count(1)
    page.locator("[name=client]").fill("К-7 · ООО «Ромашка»")
    page.get_by_role("button", name="Сохранить черновик").click()
    expect(page.locator("[name=line-0-price].is-invalid")).to_be_visible()  # a line is left
    assert fits(page)
    page.locator("[name=line-0-name]").fill("Чай")
    page.locator("[name=line-0-quantity]").fill("5")
    page.locator("[name=line-0-price]").fill("12,30")
    page.get_by_role("button", name="Сохранить черновик").click()
    page.wait_for_url(re.compile(r"/shipments/\d+/$"))  # loaded: before htmx the link is a link
    page.get_by_role("link", name="Провести").click()
    page.locator("#dialog").get_by_role("button", name="Провести").click()
    expect(page.get_by_role("link", name="Сторнировать")).to_be_visible()  # the buttons follow
    assert Invoice.objects.get().open_amount == Decimal("61.50")
