"""From an overdue invoice to the package for the court, in a real Chromium."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from claims.actions.packages import make_waiting_packages
from claims.models import OutgoingClaim
from tests.browser.dialogs import approved, opened, pressed
from tests.browsing import become, settled
from tests.cast import assemble
from tests.factories import clients, outgoing

MONTH = timedelta(days=31)


def test_an_overdue_invoice_becomes_a_claim_and_a_package_for_the_court(
    live_app, open_page, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    cast, today = assemble(), timezone.localdate()
    client = clients.client(cast.manager, name="ООО «Должник»")
    bill = outgoing.debt(client, "120000.00", due=today - 2 * MONTH)
    page = open_page(cast.manager)
    page.goto(f"{client.get_absolute_url()}?tab=outgoing")
    opened(page, reverse("claims:outgoing_create", args=[client.pk]))
    page.check(f"#dialog [name=invoices][value='{bill.pk}']")
    page.locator("#dialog [type=submit]").click()
    page.wait_for_selector("#_outgoing_actions")
    pressed(page, "/request/")

    become(page, cast.department_head)
    approved(page, reverse("approvals:inbox"))

    claim = OutgoingClaim.objects.get()
    become(page, cast.lawyer)
    page.goto(claim.get_absolute_url())
    pressed(page, "/send/", proof="80088012345678", on=f"{today:%Y-%m-%d}")
    expect(page.locator("#_outgoing_detail")).to_contain_text("80088012345678")
    assert not page.locator('main a[hx-get$="/lawsuit/"]').count(), "the term is running"
    days = {"response_due": today - timedelta(days=1), "lawsuit_from": today}
    OutgoingClaim.objects.update(sent_on=today - MONTH, **days)  # a month later
    page.goto(claim.get_absolute_url())
    pressed(page, "/lawsuit/", court="Арбитражный суд города Москвы")
    page.get_by_role("button", name="Собрать пакет").click()
    settled(page)
    assert make_waiting_packages(today=today) == 1
    expect(page.locator("#_lawsuit_package a[href$='.zip']")).to_be_visible()
    with page.expect_download() as taken:
        page.locator("#_lawsuit_package a[href$='.zip']").click()
    assert taken.value.suggested_filename.endswith(".zip")
