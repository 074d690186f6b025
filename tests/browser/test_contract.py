"""A contract of its own wording from the draft to force, through the people who answer for it."""

from django.urls import reverse

from deals.models import Contract
from tests.browsing import become, settled
from tests.cast import assemble
from tests.factories import clients


def decided(page, person):
    """The person opens the first decision that waits and says yes by its button."""
    become(page, person)
    page.goto("/decisions/")
    settled(page)
    approve = page.locator("button[value=approve]").first
    approve.click()
    page.wait_for_function("() => !document.querySelector('button[value=approve]')")


def pressed(page, name, form):
    """Open a dialog by its button, fill it in, send it."""
    page.locator("#_contract_actions").get_by_text(name, exact=True).click()
    page.wait_for_selector("#dialog[open] #_dialog_form")
    for field, value in form.items():
        page.fill(f"#dialog [name={field}]", value)
    page.locator("#dialog [type=submit]").click()
    page.wait_for_selector("#dialog:not([open])", state="attached")
    settled(page)


def test_a_contract_goes_from_draft_to_force_through_four_people(live_app, open_page):
    cast = assemble()
    client = clients.client(cast.manager, category="A")
    page = open_page(cast.manager)
    page.goto(reverse("deals:contract_create", args=[client.pk]))
    page.locator("[name=is_standard]").uncheck()
    page.fill("[name=amount]", "700 000")
    page.fill("[name=starts_on]", "2026-12-01")
    page.locator("main form [type=submit]").last.click()
    page.wait_for_selector("#_contract_detail")
    contract = Contract.objects.get(client=client)
    pressed(page, "Отправить на согласование", {})
    for person in (cast.lawyer, cast.accountant, cast.department_head, cast.director):
        decided(page, person)
    contract.refresh_from_db()
    assert contract.state == "approved"
    page.goto(contract.get_absolute_url())
    pressed(page, "Подписать", {})
    become(page, cast.manager)
    page.goto(contract.get_absolute_url())
    pressed(page, "Подписан клиентом", {"signatory": "Иванов И. И.", "authority": "устав"})
    assert page.locator("#_contract_detail").get_by_text("Действует", exact=True).count()
    contract.refresh_from_db()
    assert (contract.state, contract.signed_by) == ("active", cast.director)
