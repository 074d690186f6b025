"""Goods come back in a real Chromium: asked for, approved, received and taken, credited."""

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from claims.models import Return
from tests.browser.dialogs import approved, opened, pressed, sent
from tests.browsing import become
from tests.cast import assemble
from tests.factories import claims, clients, deals


def test_goods_come_back_from_the_manager_to_the_accounting(live_app, open_page):
    cast, today = assemble(), timezone.localdate()
    line = {"price": 1500, "amount": 15_000, "quantity": 10, "name": "Шпатлёвка"}
    client = clients.client(cast.manager, name="Ромашка")
    sale = deals.sale(client, "15000.00", on=today, lines=[line])
    page = open_page(cast.manager)
    page.goto(sale.get_absolute_url())
    opened(page, reverse("claims:return_ask", args=[sale.pk]))
    page.select_option("#dialog [name=reason]", str(claims.reason("quality").pk))
    sent(page, **{f"line-{sale.lines.get().pk}": "4", "justification": "Брак партии"})
    back = Return.objects.get()
    expect(page.locator("#_sale_returns")).to_contain_text(back.number)

    become(page, cast.department_head)
    approved(page, reverse("approvals:inbox"))

    become(page, cast.logistics)
    page.goto(reverse("claims:receiving_detail", args=[back.pk]))
    pressed(page, "/came/", on=f"{today:%Y-%m-%d}")
    assert "6 000" not in page.content().replace("\xa0", " "), "the delivery sees no sum"
    pressed(page, "/accept/")

    become(page, cast.accountant)
    page.goto(back.get_absolute_url())
    pressed(page, "/credit/", on=f"{today:%Y-%m-%d}")
    back.refresh_from_db()
    assert (back.state, back.document.amount) == ("credited", -6_000)
    expect(page.locator("#_return_detail")).to_contain_text(back.document.number)
