"""A discount above the limit in a real Chromium: written, approved by the head, sent, ordered."""

from django.urls import reverse
from playwright.sync_api import expect

from deals.models import Order, Proposal
from tests.browsing import become, settled
from tests.cast import assemble
from tests.factories import clients, deals


def pressed(page, name):
    """Open a dialog of the proposal by its button and send it as it stands.

    Before the scripts are there the button leads to a page of its own.
    """
    page.wait_for_load_state()
    settled(page)
    page.locator("#_proposal_actions").get_by_text(name, exact=True).click()
    page.wait_for_selector("#dialog[open] #_dialog_form")
    page.locator("#dialog [type=submit]").click()


def test_a_discount_above_the_limit_is_approved_and_becomes_an_order(live_app, open_page):
    cast = assemble()
    tea = deals.product(sku="ЧАЙ-01", name="Чай чёрный", unit="уп")
    deals.price_list(cast.director, {tea: "100.00"}, approved_by=cast.director)
    client = clients.client(cast.manager, category="A", name="Ромашка")
    page = open_page(cast.manager)
    page.goto(f"{reverse('deals:proposal_create')}?client={client.pk}")
    page.fill("[name=line-0-product]", "чай")
    page.wait_for_selector("#goods-list [data-value]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.fill("[name=line-0-quantity]", "10")
    page.fill("[name=line-0-discount_pct]", "24")
    page.locator("[data-lines-submit]").click()
    page.wait_for_selector("#_proposal_detail")
    offer = Proposal.objects.get()
    assert not page.get_by_text("Отметить отправку", exact=True).count()
    pressed(page, "Отправить на согласование")
    page.wait_for_selector("#dialog:not([open])", state="attached")
    settled(page)

    become(page, cast.department_head)
    page.goto(reverse("approvals:inbox"))
    settled(page)
    page.locator("button[value=approve]").first.click()
    page.wait_for_function("() => !document.querySelector('button[value=approve]')")

    become(page, cast.manager)
    page.goto(offer.get_absolute_url())
    pressed(page, "Отметить отправку")
    expect(page.locator("#_proposal_actions").get_by_text("Клиент принял")).to_be_visible()
    pressed(page, "Клиент принял")
    page.wait_for_selector("#_order_detail")
    order = Order.objects.get()
    assert (order.proposal, order.total) == (offer, offer.total)
    assert page.url.endswith(order.get_absolute_url())
