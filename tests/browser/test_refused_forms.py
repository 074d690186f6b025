"""What is wrong with a long form can be read at once: the buttons at its edge hide nothing."""

import pytest
from django.urls import reverse

from tests.browsing import settled
from tests.cast import assemble
from tests.factories import clients

# Whether the first words about a field are what is seen at their top and at their end.
READABLE = """() => {
    const all = [...document.querySelectorAll("main .invalid-feedback")];
    const words = all.find(one => one.checkVisibility());
    if (!words) return null;
    const {left, top, bottom} = words.getBoundingClientRect();
    return [top + 2, bottom - 2].every(y => words.contains(document.elementFromPoint(left + 2, y)));
}"""

SEEN = """button => {
    const {left, bottom} = button.getBoundingClientRect();
    return button.contains(document.elementFromPoint(left + 10, bottom - 2));
}"""


def composer(client):
    return f"{reverse('clients:composer')}?client={client.pk}"


def contract(client):
    return reverse("deals:contract_create", args=[client.pk])


@pytest.mark.parametrize(
    ("address", "field"), [(composer, "result"), (contract, "claim_response_days")]
)
def test_the_first_error_of_a_refused_form_is_seen_on_a_phone(live_app, open_page, address, field):
    cast = assemble()
    page = open_page(cast.manager, size="phone")
    page.goto(address(clients.client(cast.manager, category="A")))
    settled(page)
    form = page.locator(f"main form:has([name={field}])")
    if field != "result":
        form.locator(f"[name={field}]").fill("много")
    form.locator("[type=submit]").last.click()
    page.wait_for_function(f"() => ({READABLE})() !== null")
    settled(page)
    assert page.evaluate(READABLE)
    assert page.evaluate("document.activeElement.name") == field
    assert form.locator("[type=submit]").last.evaluate(SEEN)
