"""A letter of a client in a real Chromium: it becomes a claim and is answered."""

from playwright.sync_api import expect

from claims.models import Claim
from clients.models import Correspondence
from tests.browser.dialogs import opened, sent
from tests.browsing import settled
from tests.cast import assemble
from tests.factories import claims, clients, letters


def test_a_letter_becomes_a_claim_and_is_answered(live_app, open_page):
    cast = assemble()
    client = clients.client(cast.manager, name="Ромашка")
    letter = letters.incoming(
        client, cast.manager, subject="Претензия по качеству", address="anna@client.example"
    )
    page = open_page(cast.manager)
    page.goto(letter.get_absolute_url())
    opened(page, f"?letter={letter.pk}")
    page.check(f"[name=reason][value='{claims.reason('quality').pk}']", force=True)
    sent(page, claimed_amount="7000", description="Мешки порваны")
    claim = Claim.objects.get()
    assert (claim.letter, claim.client, claim.claimed_amount) == (letter, client, 7_000)
    page.goto(letter.get_absolute_url())
    expect(page.locator("main")).to_contain_text(claim.number)

    opened(page, "/reply/")
    page.fill("#dialog [name=text]", "Добрый день! Претензия рассматривается.")
    page.locator("#dialog [type=submit]").click()
    page.wait_for_url(lambda url: not url.endswith(letter.get_absolute_url()))
    page.wait_for_load_state()
    settled(page)
    page.get_by_role("button", name="Отправить по почте").click()
    expect(page.get_by_role("button", name="Отправить по почте")).to_have_count(0)
    letter.refresh_from_db()
    answer = Correspondence.objects.get(direction="out")
    assert (letter.state, letter.reply, answer.state) == ("replied", answer, "sent")
