"""Pages and fragments of contacts: answers, bad input, speed, strangers (G-AZ3, G-IN1, G-IN2)."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clients import dictionaries
from clients.keys import set_client_keys
from clients.models import ClientSnooze, ContactLog, ContactResult
from clients.pages.timeline import PAGE
from crm import calendar
from crm.work import registry
from crm.work.actions import change_setting
from tests.cast import signed_in
from tests.factories import categories as make
from tests.factories import contacts as have

HTMX = {"HX-Request": "true"}
LOG = "/clients/contacts/log/"


@pytest.fixture
def client(cast):
    return make.client(cast.manager, name="ООО «Ромашка»", by=cast.department_head)


@pytest.fixture
def browser(cast):
    return signed_in(cast.manager)


def filled(client, **more):
    data = {
        "key": str(uuid4()), "client_id": str(client.pk), "place": "strip", "kind": "call_out",
        "result": str(have.result().pk), "topic": "", "note": "Говорили", "person": "",
        "minutes": "10", "next": "none", **more,
    }  # fmt: skip
    return {name: value for name, value in data.items() if value is not None}


def text_of(answer):
    return unescape(re.sub(r"\s+", " ", answer.content.decode()))


# The composer


def test_the_composer_of_a_client_offers_everything(browser, client):
    have.person(client, full_name="Лицо Принимающее", decides=True)
    page = text_of(browser.get(f"/clients/contacts/new/?client={client.pk}", headers=HTMX))
    assert page.count("data-kind") == 9
    assert "selected>Лицо Принимающее" in page
    assert all(f">{result}<" in page for result in ContactResult.objects.all())
    assert re.search(r'name="next" value="norm"[^>]*checked', page)


def test_each_render_has_a_key_of_its_own(browser, client):
    def key():
        answer = browser.get(f"/clients/contacts/new/?client={client.pk}")
        return re.search(r'name="key" value="([^"]+)"', answer.content.decode())[1]

    assert key() != key()


def test_a_plan_of_today_is_closed_by_default_and_a_later_one_keeps_the_next_free(
    cast, browser, client
):
    due = have.planned(client, cast.manager, f"{timezone.localdate()}")
    page = text_of(browser.get(f"/clients/contacts/new/?client={client.pk}"))
    assert f'value="{due.pk}" selected' in page
    assert re.search(r'name="next" value="norm"[^>]*checked', page)
    have.planned(client, cast.manager, f"{timezone.localdate() + timedelta(days=9)}")
    page = text_of(browser.get(f"/clients/contacts/new/?client={client.pk}"))
    assert re.search(r'name="next" value="none"[^>]*checked', page)


def test_the_strip_brings_timeline_and_header_at_once(browser, client):
    day = calendar.next_working_day(timezone.localdate())
    answer = browser.post(LOG, filled(client, next="pick", pick_on=f"{day}"), headers=HTMX)
    assert answer.status_code == 200, answer.content.decode()
    page = text_of(answer)
    assert answer.headers["HX-Reswap"] == "none"
    (key,) = re.findall(r'name="key" value="([0-9a-f-]+)" id="strip_key" hx-swap-oob="true"', page)
    assert key != str(ContactLog.objects.done().get().idempotency_key), "the next is another one"
    assert 'id="_contact_facts" hx-swap-oob="true"' in page
    assert 'hx-swap-oob="afterbegin:#timeline-past"' in page
    assert "Говорили" in page
    contact = ContactLog.objects.done().get()
    assert f"/clients/contacts/{contact.pk}/undo/" in answer.headers["HX-Trigger"]
    assert "composer-saved" in answer.headers["HX-Trigger"]


def test_the_dialog_closes_and_lets_the_page_reload(browser, client):
    answer = browser.post(LOG, filled(client, place="dialog"), headers=HTMX)
    assert answer.status_code == 204
    assert "contact-changed" in answer.headers["HX-Trigger"]


def test_a_composer_that_is_a_page_leads_to_the_card(browser, client):
    headers = HTMX | {
        "HX-Current-URL": f"http://testserver/clients/contacts/new/?client={client.pk}"
    }
    answer = browser.post(LOG, filled(client, place="dialog"), headers=headers)
    assert answer.headers["HX-Redirect"] == client.get_absolute_url()


def test_without_scripts_the_person_returns_to_the_card(browser, client):
    answer = browser.post(LOG, filled(client))
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/clients/{client.pk}/"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"result": None}, "result"), ({"result": "999999"}, "result"), ({"kind": "fax"}, "kind"),
        ({"topic": "x"}, "topic"), ({"person": "77777"}, "person"), ({"minutes": "-5"}, "minutes"),
        ({"minutes": "1e400"}, "minutes"), ({"promise_amount": "сто"}, "promise_amount"),
        ({"promise_amount": "100"}, "promise_on"), ({"promise_on": "31.02.2026"}, "promise_on"),
        ({"has_promise": "1"}, "promise_amount"),
        ({"done_on": "2099-01-01"}, "done_on"), ({"done_on": "99999-01-01"}, "done_on"),
        ({"done_time": "25:61"}, "done_time"), ({"next": "pick"}, "pick_on"),
        ({"next": "pick", "pick_on": "2020-01-01"}, "pick_on"), ({"next": "never"}, "next"),
        ({"next": None}, "next"), ({"key": "abc"}, "key"), ({"note": "a\0b"}, "note"),
        ({"note": "я" * 10_000}, "note"), ({"closes": "١٢"}, "closes"),
    ],
)  # fmt: skip
def test_bad_input_is_answered_beside_the_field_and_nothing_is_saved(
    browser, client, change, field
):
    answer = browser.post(LOG, filled(client, note=change.get("note", "Останется"), **{
        name: value for name, value in change.items() if name != "note"
    }), headers=HTMX)  # fmt: skip
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert "note" in change or "Останется" in answer.content.decode()
    assert not ContactLog.objects.exists()


def test_a_contact_of_the_past_gets_its_own_moment(browser, client):
    browser.post(LOG, filled(client, done_on="2026-01-15"), headers=HTMX)
    browser.post(LOG, filled(client, done_on="15.01.2026", done_time="9:05"), headers=HTMX)
    moments = {f"{one.local_moment:%d.%m.%Y %H:%M}" for one in ContactLog.objects.all()}
    assert moments == {"15.01.2026 12:00", "15.01.2026 09:05"}


def test_amounts_are_read_the_russian_way(browser, client):
    answer = browser.post(
        LOG, filled(client, promise_amount="120 000,50", promise_on="2099-01-15"), headers=HTMX
    )
    assert answer.status_code == 200
    assert ContactLog.objects.get().promise_amount == Decimal("120000.50")


@pytest.mark.parametrize("value", ["", "abc", "-1", "9" * 30, "1 OR 1=1", "٣"])
def test_a_foreign_or_broken_client_is_not_found(browser, client, value):
    answer = browser.post(LOG, filled(client, client_id=value), headers=HTMX)
    assert answer.status_code == 404
    assert not ContactLog.objects.exists()


def test_the_search_finds_own_clients_only(cast, browser, client):
    for one in (client, make.client(cast.stranger, name="ООО «Ромашка чужая»")):
        set_client_keys(one)
        one.save()
    page = text_of(browser.get("/clients/contacts/new/clients/?q=ромашка", headers=HTMX))
    assert "ООО «Ромашка»" in page
    assert "чужая" not in page
    assert browser.get("/clients/contacts/new/clients/?q=%00", headers=HTMX).status_code == 200


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("manager", 204), ("sector_head", 204), ("department_head", 204), ("director", 204),
        ("manager2", 404), ("stranger", 404), ("stranger_head", 404), ("merchandiser", 404),
        ("accountant", 403), ("lawyer", 403), ("marketer", 403), ("admin", 404),
    ],
)  # fmt: skip
def test_who_may_post(cast, client, name, status):
    answer = signed_in(getattr(cast, name)).post(LOG, filled(client, place="dialog"), headers=HTMX)
    assert answer.status_code == status
    assert ContactLog.objects.count() == (1 if status == 204 else 0)


# Speed


def cost(work):
    """How many queries a request costs when caches are cold, savepoints of the test aside."""
    registry.forget()
    calendar.forget()
    dictionaries.forget()
    with CaptureQueriesContext(connection) as caught:
        work()
    return len([one for one in caught.captured_queries if "SAVEPOINT" not in one["sql"]])


@pytest.mark.parametrize("name", ["manager", "sector_head", "director"])
def test_posting_takes_at_most_twelve_queries_when_caches_are_warm(cast, client, name):
    person = have.person(client, decides=True)
    for number in range(10):
        have.done(client, cast.manager, f"2026-10-{number + 10} 10:00")
    browser = signed_in(getattr(cast, name))
    browser.get(f"/clients/contacts/new/?client={client.pk}")
    later = calendar.add_working_days(timezone.localdate(), 20)
    data = filled(client, person=str(person.pk), next="pick", pick_on=f"{later}")
    asked = cost(lambda: browser.post(LOG, data, headers=HTMX))
    assert ContactLog.objects.filter(state="planned").exists()
    # Cold caches of the settings and of the two dictionaries cost three more, every five seconds.
    assert asked <= 12 + 3


def test_the_timeline_costs_the_same_for_one_and_for_thirty(cast, browser, client):
    def queries():
        return cost(lambda: browser.get(f"/clients/{client.pk}/contacts/"))

    have.done(client, cast.manager, "2026-01-01 10:00")
    queries()
    few = queries()
    for number in range(30):
        have.done(client, cast.manager, f"2026-02-{number % 28 + 1:02d} 1{number % 10}:00")
        have.planned(client, cast.manager, "2027-01-12")
    assert queries() == few <= 12
    ContactLog.objects.update(on_behalf_of=cast.manager2)
    assert queries() <= few + 2  # those of the past and those ahead


# The timeline


def test_the_timeline_is_paged_without_losing_or_doubling(cast, browser, client):
    rows = [have.done(client, cast.manager, "2026-02-01 10:00") for _ in range(PAGE * 2 + 5)]
    seen, address = [], f"/clients/{client.pk}/contacts/"
    while address:
        page = unescape(browser.get(address, headers=HTMX).content.decode())
        seen += re.findall(r'id="contact-(\d+)"', page)
        more = re.search(r'hx-get="(/clients/\d+/contacts/\?after=[^"]+)"', page)
        address = more and more[1]
    assert sorted(map(int, seen)) == sorted(row.pk for row in rows)


@pytest.mark.parametrize("after", ["x", "-", "1-", "-1", "9" * 40 + "-1", "1-" + "9" * 40, "\0"])
def test_a_wrong_place_is_the_beginning(cast, browser, client, after):
    have.done(client, cast.manager)
    answer = browser.get(f"/clients/{client.pk}/contacts/", {"after": after})
    assert answer.status_code == 200
    assert answer.content.decode().count('id="contact-') == 1


def test_the_timeline_is_narrowed_by_kind_result_and_person(cast, browser, client):
    have.done(client, cast.manager, kind="visit", summary="Был визит")
    have.done(client, cast.sector_head, direction="in", summary="Звонили нам", code="order")
    have.done(client, cast.manager, summary="Звонили мы")
    url = f"/clients/{client.pk}/contacts/"

    def notes(**query):
        page = browser.get(url, query).content.decode()
        return {text for text in ("Был визит", "Звонили нам", "Звонили мы") if text in page}

    assert notes(kind="visit") == {"Был визит"}
    assert notes(kind="call_in") == {"Звонили нам"}
    assert notes(kind="call_out") == {"Звонили мы"}
    assert notes(result=have.result("order").pk) == {"Звонили нам"}
    assert notes(mine="1") == {"Был визит", "Звонили мы"}
    assert len(notes(kind="'\"", result="x", mine="?")) == 3


def test_what_came_to_nothing_is_shown_and_what_was_undone_is_not(cast, browser, client):
    for state in ("missed", "rescheduled", "cancelled", "undone"):
        have.planned(client, cast.manager, "2026-11-10", state=state, purpose=f"план-{state}")
    page = browser.get(f"/clients/{client.pk}/contacts/").content.decode()
    assert "план-undone" not in page
    assert all(f"план-{state}" in page for state in ("missed", "rescheduled", "cancelled"))


# Dialogs


def test_dialogs_open_refuse_and_save(cast, browser, client):
    plan = have.planned(client, cast.manager, "2026-11-26")
    for name in ("reschedule", "cancel"):
        assert browser.get(f"/clients/contacts/{plan.pk}/{name}/", headers=HTMX).status_code == 200
    answer = browser.post(
        f"/clients/contacts/{plan.pk}/reschedule/",
        {"version": "1", "on": "2099-99-99", "at": "", "reason": "Причина цела"}, headers=HTMX,
    )  # fmt: skip
    assert answer.status_code == 422
    assert "Причина цела" in answer.content.decode()
    stale = {"version": "9", "reason": "Не нужно"}
    url = f"/clients/contacts/{plan.pk}/cancel/"
    assert browser.post(url, stale, headers=HTMX).status_code == 409
    answer = browser.post(url, {**stale, "version": "1"}, headers=HTMX)
    assert answer.status_code == 204
    assert "dialog-close" in answer.headers["HX-Trigger"]
    assert browser.get(f"/clients/{client.pk}/contacts/plan/").status_code == 200
    assert browser.get(f"/clients/{client.pk}/snooze/").status_code == 200
    assert browser.get(f"/clients/{client.pk}/schemes/start/").status_code == 200


def test_a_day_that_a_rule_refuses_is_marked_at_the_day(cast, browser, client):
    plan = have.planned(client, cast.manager, "2026-11-26")
    typed = {"version": "1", "on": "2020-01-01", "at": "", "kind": "call_out", "reason": "Занят"}
    for url in (f"/clients/contacts/{plan.pk}/reschedule/", f"/clients/{client.pk}/contacts/plan/"):
        answer = browser.post(url, typed, headers=HTMX)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["on"])


def test_how_long_a_client_may_be_put_off_is_a_setting(cast, browser, client):
    change_setting("contacts.snooze_days", value=2, by=cast.director)
    url, typed = f"/clients/{client.pk}/snooze/", {"days": "3", "reason": "В отпуске"}
    answer = browser.post(url, typed, headers=HTMX)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["days"])
    assert not ClientSnooze.objects.exists()
    assert browser.post(url, typed | {"days": "1"}, headers=HTMX).status_code == 204
    assert ClientSnooze.objects.count() == 1


def test_editing_over_http_follows_the_hours(cast, browser, client):
    contact = have.done(client, cast.manager, "2026-11-20 10:00")
    url = f"/clients/contacts/{contact.pk}/edit/"
    assert browser.get(url, headers=HTMX).status_code == 200
    data = {
        "version": "1", "kind": "visit", "result": have.result("order").pk, "note": "Поправил",
        "done_on": "2026-11-20", "done_time": "10:00",
    }  # fmt: skip
    assert browser.post(url, data, headers=HTMX).status_code == 204
    contact.refresh_from_db()
    assert (contact.kind, contact.summary) == ("visit", "Поправил")
    ContactLog.objects.filter(pk=contact.pk).update(created_at=timezone.now() - timedelta(hours=25))
    assert browser.get(url).status_code == 403
    assert signed_in(cast.department_head).get(url).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["contacts/{c}/", "contacts/{c}/edit/", "contacts/{c}/reschedule/", "contacts/{c}/cancel/",
     "{k}/contacts/", "{k}/contacts/facts/", "{k}/contacts/plan/", "{k}/snooze/",
     "{k}/schemes/start/", "contacts/new/?client={k}"],
)  # fmt: skip
def test_a_stranger_gets_the_same_answer_as_for_nothing(cast, client, path):
    contact = have.planned(client, cast.manager)
    browser = signed_in(cast.stranger)
    there = browser.get("/clients/" + path.format(c=contact.pk, k=client.pk))
    nowhere = browser.get("/clients/" + path.format(c=10**9, k=10**9))
    assert there.status_code == nowhere.status_code == 404


def test_the_dialog_names_the_plan_that_it_was_opened_for(browser, client, cast):
    person = have.person(client, full_name="Белова Инна Павловна")
    plan = have.planned(client, cast.manager, person=person, kind="meeting")
    url = f"/clients/contacts/new/?client={client.pk}&place=dialog"
    about = f"{plan.kind_label}, {person}"
    opened = browser.get(f"{url}&closes={plan.pk}", headers=HTMX).content.decode()
    assert about in opened
    assert about not in browser.get(url, headers=HTMX).content.decode()
