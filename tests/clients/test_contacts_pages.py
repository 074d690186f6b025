"""The register of contacts, stored markup, dictionaries and putting off (G-IN1, G-IN2)."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from clients import dictionaries
from clients.models import ContactLog, ContactResult, ContactTopic
from tests.cast import signed_in
from tests.clients.test_contacts_views import HTMX, text_of
from tests.factories import categories as make
from tests.factories import contacts as have


@pytest.fixture
def client(cast):
    return make.client(cast.manager, name="ООО «Ромашка»", by=cast.department_head)


@pytest.fixture
def browser(cast):
    return signed_in(cast.manager)


def test_the_register_and_its_tabs(cast, browser, client, django_assert_max_num_queries):
    have.done(client, cast.manager, summary="Запись")
    have.done(None, cast.manager, external_id="call-7")
    with django_assert_max_num_queries(12):
        page = browser.get("/clients/contacts/")
    assert "ООО «Ромашка»" in text_of(page)
    page = text_of(browser.get("/clients/contacts/?tab=unassigned"))
    assert "call-7" in page
    contact = ContactLog.objects.get(client=None)
    url = f"/clients/contacts/{contact.pk}/attach/"
    assert browser.get(url, headers=HTMX).status_code == 200
    assert browser.post(url, {"version": "1"}, headers=HTMX).status_code == 422
    data = {"version": "1", "client_id": str(client.pk)}
    assert browser.post(url, data, headers=HTMX).status_code == 204
    assert browser.get(f"/clients/contacts/{contact.pk}/").status_code == 200
    file = browser.get("/clients/contacts/?export=csv")
    assert "Запись" in b"".join(file).decode("utf-8-sig")
    assert signed_in(cast.marketer).get("/clients/contacts/").status_code == 403


@pytest.mark.parametrize(
    "query",
    ["client=x", "manager=none", "by=x", "unit=0", "state=nope", "kind=fax", "result=1e9",
     "reached=maybe", "done_from=31.02.2026", "done_to=99999-01-01", "sort=password", "size=7"],
)  # fmt: skip
def test_a_strange_address_of_the_register_never_fails(browser, client, query):
    assert browser.get(f"/clients/contacts/?{query}").status_code in {200, 400}


def test_the_filters_narrow_the_register(cast, browser, client):
    have.done(client, cast.manager, "2026-11-10 23:30", summary="десятое")
    have.done(client, cast.sector_head, "2026-11-11 00:30", summary="одиннадцатое", kind="visit")
    have.done(client, cast.manager, "2026-11-12 10:00", summary="недозвон", code="no_answer")
    words = {"десятое", "одиннадцатое", "недозвон"}

    def found(**query):
        page = text_of(browser.get("/clients/contacts/", query))
        return {word for word in words if word in page}

    assert found(done_from="2026-11-11", done_to="2026-11-11") == {"одиннадцатое"}
    assert found(done_to="10.11.2026") == {"десятое"}
    assert found(by=cast.sector_head.pk) == {"одиннадцатое"}
    assert found(manager=cast.manager.pk) == words
    assert found(kind="visit") == {"одиннадцатое"}
    assert found(reached="false") == {"недозвон"}
    assert found(unit=cast.department.pk) == words
    assert found(unit=cast.other_sector.pk) == set()
    assert found(client=client.pk, state="done", reached="true") == {"десятое", "одиннадцатое"}


# Stored markup (G-IN2)

MARKUP = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"><svg/onload=alert(1)>",
    "</textarea><script>alert(1)</script>", "{{7*7}}{% now 'Y' %}", "' hx-get='/x' hx-trigger=load",
    "javascript:alert(1)", "<b hx-on:click=alert(1)>",
]  # fmt: skip


@pytest.mark.parametrize("markup", MARKUP)
def test_markup_is_shown_as_it_was_typed(cast, browser, client, markup):
    done = have.done(client, cast.manager, summary=markup, reason="")
    have.planned(client, cast.manager, purpose=markup)
    have.planned(client, cast.manager, state="cancelled", reason=markup)
    have.person(client, full_name=markup[:100], decides=True)
    type(client).objects.filter(pk=client.pk).update(name=markup)
    for path in (
        f"/clients/{client.pk}/contacts/", f"/clients/contacts/new/?client={client.pk}",
        f"/clients/contacts/{done.pk}/", "/clients/contacts/", "/my-day/",
        f"/clients/contacts/{done.pk}/edit/",
    ):  # fmt: skip
        page = browser.get(path, headers=HTMX).content.decode()
        assert markup not in page or not re.search(r"[<>\"'{]", markup), path


# Dictionaries


def test_the_administrator_keeps_the_words(cast):
    admin, head = signed_in(cast.admin), signed_in(cast.sector_head)
    url = "/clients/dictionaries/"
    assert admin.get(url).status_code == head.get(url).status_code == 200
    assert head.get(f"{url}topics/new/").status_code == 403
    assert signed_in(cast.manager).get(url).status_code == 403
    assert admin.get(f"{url}rumours/new/").status_code == 404
    data = {"code": "tasting", "name_ru": "Дегустация", "name_en": "Tasting", "order": "5"}
    assert admin.post(f"{url}topics/new/", data, headers=HTMX).status_code == 204
    assert admin.post(f"{url}topics/new/", data, headers=HTMX).status_code == 422
    bad = {**data, "code": "Дегустация"}
    assert admin.post(f"{url}topics/new/", bad, headers=HTMX).status_code == 422
    word = ContactTopic.objects.get(code="tasting")
    edit = {**data, "version": "1", "name_ru": "Проба", "code": "stolen"}
    assert admin.post(f"{url}topics/{word.pk}/edit/", edit, headers=HTMX).status_code == 204
    word.refresh_from_db()
    assert (word.name_ru, word.code) == ("Проба", "tasting")
    stale = {"version": "1", "archived": "1"}
    assert admin.post(f"{url}topics/{word.pk}/archive/", stale, headers=HTMX).status_code == 409
    fresh = {"version": "2", "archived": "1"}
    assert admin.post(f"{url}topics/{word.pk}/archive/", fresh, headers=HTMX).status_code == 204


def test_an_archived_word_is_offered_no_more_and_stays_where_it_is(cast, browser, client):
    refusal = have.result("refusal")
    contact = have.done(client, cast.manager, code="refusal")
    ContactResult.objects.filter(pk=refusal.pk).update(archived_at=timezone.now())
    dictionaries.forget()
    composer = text_of(browser.get(f"/clients/contacts/new/?client={client.pk}"))
    edit = text_of(browser.get(f"/clients/contacts/{contact.pk}/edit/"))
    assert f">{refusal}<" not in composer
    assert f">{refusal}<" in edit


# Snooze


def test_putting_off_needs_a_reason_and_can_be_taken_back(cast, browser, client):
    url = f"/clients/{client.pk}/snooze/"
    assert browser.post(url, {"days": "3", "reason": " "}, headers=HTMX).status_code == 422
    assert browser.post(url, {"days": "99", "reason": "x"}, headers=HTMX).status_code == 422
    answer = browser.post(url, {"days": "3", "reason": "В отпуске"}, headers=HTMX)
    assert answer.status_code == 204
    assert f"/clients/{client.pk}/unsnooze/" in answer.headers["HX-Trigger"]
    assert client.snoozes.get().until == timezone.localdate() + timedelta(days=3)
    assert browser.post(f"/clients/{client.pk}/unsnooze/", headers=HTMX).status_code == 204
    assert client.snoozes.get().cancelled_at is not None
