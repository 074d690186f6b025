"""A claim in a real Chromium: registered on the client card, decided by the head, answered."""

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from claims.models import Claim
from crm.files.models import Attachment
from tests.browsing import become, settled
from tests.cast import assemble
from tests.factories import claims, clients, deals


def opened(page, name):
    """Open a dialog of the claim by its button."""
    page.locator("#_claim_actions").get_by_text(name, exact=True).click()
    page.wait_for_selector("#dialog[open] #_dialog_form")


def sent(page):
    """Send the dialog; the page shows what became of it."""
    page.locator("#dialog [type=submit]").click()
    page.wait_for_selector("#dialog:not([open])", state="attached")
    settled(page)


def test_a_claim_is_registered_on_the_card_decided_by_the_head_and_answered(live_app, open_page):
    cast = assemble()
    client = clients.client(cast.manager, name="Ромашка")
    line = {"price": 1500, "amount": 15_000, "quantity": 10, "name": "Шпатлёвка"}
    sale = deals.sale(client, "15000.00", on=timezone.localdate(), lines=[line])
    page = open_page(cast.manager)
    page.goto(f"{client.get_absolute_url()}?tab=claims")
    page.locator("#_client_claims").get_by_text("Зарегистрировать претензию").click()
    page.wait_for_selector("#dialog[open] #_dialog_form")
    page.select_option("[name=shipment]", str(sale.pk))
    page.get_by_label("Шпатлёвка", exact=True).check()
    page.fill("[name^=quantity_]", "8")
    assert page.input_value("[name=claimed_amount]").split() == ["12", "000,00"]
    page.check(f"[name=reason][value='{claims.reason('breakage').pk}']", force=True)
    page.fill("[name=description]", "Мешки порваны")
    page.fill("[name^=quantity_]", "11")
    page.locator("#dialog [type=submit]").click()
    expect(page.locator("#claim-lines .invalid-feedback")).to_have_text("Продано не больше 10.")
    page.fill("[name^=quantity_]", "8")  # the sum follows the lines of the form that came back
    assert page.input_value("[name=claimed_amount]").split() == ["12", "000,00"]
    sent(page)
    claim = Claim.objects.get()
    expect(page.locator("#_client_claims")).to_contain_text(claim.number)
    page.goto(claim.get_absolute_url())
    assert not page.locator("#_claim_actions").get_by_text("Принять решение", exact=True).count()

    become(page, cast.sector_head)
    page.goto(claim.get_absolute_url())
    opened(page, "Принять решение")
    page.check("[name=decision][value=satisfied]", force=True)
    page.select_option("[name=compensation]", "credit")
    page.select_option("[name=guilty_party]", "carrier")
    sent(page)
    expect(page.locator("#_claim_detail")).to_contain_text("Перевозчик")

    become(page, cast.manager)
    page.goto(claim.get_absolute_url())
    opened(page, "Ответить клиенту")
    sent(page)
    expect(page.locator("#_claim_detail")).to_contain_text(f"{claim.number}.pdf")
    claim.refresh_from_db()
    assert (claim.claimed_amount, claim.satisfied_amount) == (12_000, 12_000)
    assert claim.answered_on == timezone.localdate()
    assert Attachment.objects.of("claim", claim.pk).get().format == "pdf"
    assert reverse("claims:detail", args=[claim.pk]) in page.url
