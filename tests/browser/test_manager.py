"""The manager's day in a real Chromium: a contact in seconds by the keyboard alone, on any screen.

The 10-second composer, My day and the card at 1440 and 360 px, in both languages, with axe; the
console stays silent, so no CSP report either. A refused form (422) is an error line of the browser
itself and is expected where the test asks for it.
"""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from clients.keys import set_client_keys
from clients.models import ContactLog
from tests.browsing import small_targets
from tests.cast import assemble
from tests.factories import categories as make
from tests.factories import contacts as have


@pytest.fixture
def people(live_app):
    return assemble()


@pytest.fixture
def clients(people):
    """A silent client, one with a plan for today, one that is fine."""
    made = []
    for name in ("Ромашка", "Василёк", "Ландыш"):
        client = make.client(people.manager, name=f"ООО «{name}»", by=people.department_head)
        set_client_keys(client)
        client.save()
        have.person(client, full_name=f"Директор {name}", decides=True, phone="+79121234567")
        made.append(client)
    return made


def stored():
    return list(ContactLog.objects.order_by("pk").values_list("state", "kind", "summary"))


def test_a_contact_is_logged_by_the_keyboard_alone(live_app, people, clients, open_page):
    page = open_page(people.manager)
    page.goto("/my-day/")
    page.keyboard.press("c")
    search = page.locator("#composer-q")
    expect(search).to_be_focused()
    page.keyboard.type("hjvfirf")  # «ромашка» in the other keyboard layout
    expect(page.locator("#composer-found [role=option]")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("[data-kind]:checked")).to_be_focused()
    page.keyboard.press("3")
    page.keyboard.press("Control+Enter")
    expect(page.locator("form.composer .invalid-feedback")).to_have_count(1)
    expect(page.locator("[data-kind][value=meeting]")).to_be_checked()
    expect(page.locator("[name=result]").first).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")  # the topics
    page.keyboard.press("Tab")
    expect(page.locator("#dialog_note")).to_be_focused()
    page.keyboard.type("Согласовали цены 123")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#dialog")).not_to_be_visible()
    expect(page.locator(".toast-text")).to_contain_text("Ромашка")
    expect(page.locator(f"#queue-{clients[0].pk}")).to_have_count(0)
    states = [(state, kind) for state, kind, _note in stored()]
    assert states == [("planned", "meeting"), ("done", "meeting")]
    assert stored()[1][2] == "Согласовали цены 123"


def test_undo_brings_the_row_back(live_app, people, clients, open_page):
    page = open_page(people.manager)
    page.goto("/my-day/")
    row = page.locator(f"#queue-{clients[0].pk}")
    row.locator("a.btn").first.click()
    page.locator("[name=result]").first.check(force=True)
    page.keyboard.press("Control+Enter")
    expect(row).to_have_count(0)
    page.locator(".toast button.btn").first.click()
    expect(row).to_have_count(1)
    assert {state for state, _kind, _note in stored()} == {"undone"}


def test_the_strip_on_the_card_updates_timeline_and_header(live_app, people, clients, open_page):
    client = clients[0]
    have.plan_line(client, people.manager, month=f"{timezone.localdate():%Y-%m}-01", contacts=4)
    page = open_page(people.manager)
    page.goto(f"/clients/{client.pk}/")
    expect(page.locator("#composer-strip")).to_be_visible()
    expect(page.locator("#_timeline")).to_be_visible()
    page.keyboard.press("c")
    expect(page.locator("#composer-strip [data-kind]:checked")).to_be_focused()
    page.keyboard.press("2")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#timeline-past li").first).to_contain_text("Иванова")
    expect(page.locator("#timeline-planned li")).to_have_count(1)
    expect(page.locator("#_contact_facts")).to_contain_text("1")
    expect(page.locator("#composer-strip [data-kind]").first).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#composer-strip [name=result]:checked")).to_have_count(0)


def test_contacts_logged_one_after_another_are_all_kept(live_app, people, clients, open_page):
    page = open_page(people.manager)
    page.goto(f"/clients/{clients[0].pk}/")
    strip = page.locator("#composer-strip")
    for note in ("Первый", "Второй"):
        strip.locator("[data-kind]").first.focus()
        strip.locator("[name=note]").fill(note)
        page.keyboard.press("Control+Enter")  # no result yet: refused, what was typed stays
        expect(strip.locator(".invalid-feedback")).to_have_count(1)
        expect(strip.locator("[name=note]")).to_have_value(note)
        strip.locator("[name=result]").first.check(force=True)
        page.keyboard.press("Control+Enter")
        expect(page.locator("#timeline-past li").first).to_contain_text(note)
        expect(strip.locator("[name=note]")).to_have_value("")
        expect(strip.locator(".invalid-feedback")).to_have_count(0)
    assert {note for state, _kind, note in stored() if state == "done"} == {"Первый", "Второй"}


def test_a_planned_contact_is_done_and_the_next_one_planned_in_one_dialog(
    live_app, people, clients, open_page
):
    client = clients[1]
    plan = have.planned(client, people.manager, f"{timezone.localdate()}", purpose="Цены")
    page = open_page(people.manager)
    page.goto(f"/clients/{client.pk}/")
    page.locator(f"#contact-{plan.pk} .timeline-actions a").first.click()
    form = page.locator("#composer-dialog")
    expect(form.locator("[name=closes]")).to_have_value(str(plan.pk))
    form.locator("[name=result]").first.check(force=True)
    form.locator("[name=next][value=week], [name=next][value=norm]").first.check(force=True)
    page.keyboard.press("Control+Enter")
    expect(page.locator(f"#timeline-past #contact-{plan.pk}")).to_have_count(1)
    plan.refresh_from_db()
    assert plan.state == "done"
    assert plan.successor.state == "planned"


def test_what_was_typed_survives_a_closed_page(live_app, people, clients, open_page):
    page = open_page(people.manager)
    address = f"/clients/contacts/new/?client={clients[0].pk}"
    page.goto(address)
    page.locator("#dialog_note").fill("Черновик")
    page.locator("[data-shows=promise]").check(force=True)
    page.locator("#dialog_promise_amount").fill("1200")
    page.locator("[name=next][value=pick]").check(force=True)
    for _ in range(100):
        if page.evaluate("Object.keys(localStorage).some(key => key.includes('draft:contact'))"):
            break
        page.wait_for_timeout(30)
    page.goto(address)
    expect(page.locator("#dialog_note")).to_have_value("Черновик")
    expect(page.locator("#dialog_promise_amount")).to_be_visible()
    expect(page.locator("#dialog_promise_amount")).to_have_value("1200")
    expect(page.locator("#dialog_pick_on")).to_be_visible()
    expect(page.locator("[data-draft-note]")).to_be_visible()


def test_putting_a_client_off(live_app, people, clients, open_page):
    page = open_page(people.manager)
    page.goto("/my-day/")
    row = page.locator(f"#queue-{clients[0].pk}")
    row.locator("a[href$='/snooze/']").click()
    page.locator("#_dialog_form [name=days][value='3']").check(force=True)
    page.locator("#_dialog_form [name=reason]").fill("В отпуске")
    page.keyboard.press("Enter")
    expect(row).to_have_count(0)
    snooze = clients[0].snoozes.get()
    assert snooze.until == timezone.localdate() + timedelta(days=3)


def test_a_refused_page_puts_the_focus_on_the_wrong_field(live_app, people, clients, open_page):
    page = open_page(people.manager, "phone")
    page.goto(f"/deals/credit/{clients[0].pk}/limit/")
    page.locator("main [name=amount]").fill("1000")
    page.keyboard.press("Enter")
    expect(page.locator("main .invalid-feedback")).to_have_count(1)
    expect(page.locator("main [name=reason]")).to_be_focused()
    assert page.locator("main [name=amount]").input_value() == "1000"


def test_targets_on_a_phone_are_large_enough(live_app, people, clients, open_page):
    page = open_page(people.manager, "phone")
    page.goto("/my-day/")
    assert small_targets(page, ".queue-actions > .btn, .counter") == []
