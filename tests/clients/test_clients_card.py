"""The card: few queries, closed tabs cost nothing, nothing hidden is named, text is literal."""

import re
from html import escape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import signed_in
from tests.clients.card_pages import HTMX, url
from tests.factories import clients, registration


@pytest.fixture
def whole(cast):
    return clients.whole(cast.manager)


def test_the_card_takes_few_queries_whatever_it_holds(cast):
    client = clients.client(cast.manager)
    browser = signed_in(cast.manager)

    def count():
        browser.get(client.get_absolute_url())
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(client.get_absolute_url()).status_code == 200
        return len(captured)

    empty = count()
    for _each in range(15):
        clients.person(client)
        clients.counterparty(client)
        clients.need(client)
        clients.client(cast.manager, parent=client)
    assert count() == empty <= 12


def test_everybody_sees_in_the_header_what_is_open_to_them(cast):
    """One after another in one process: what is kept for one must not answer another."""
    chain = clients.client(cast.manager, kind="chain")
    clients.person(chain, full_name="Тихий Ф.")
    decider = clients.person(chain, is_decision_maker=True, phone="+74951234567")
    legal = clients.counterparty(chain)
    clients.client(cast.manager, parent=chain)
    clients.client(cast.stranger, parent=chain)
    clients.client(cast.manager, parent=chain, archived=True)

    def rows(who):
        answer = signed_in(getattr(cast, who)).get(url("header", chain.pk))
        return answer.context["card"].rows if answer.status_code == 200 else answer.status_code

    whole = (decider, legal)
    expected = {
        "manager": (*whole, 1, None),
        "stranger": 404,
        "marketer": (None, None, 2, None),
        "director": (*whole, 2, None),
        "department_head": (*whole, 1, None),
    }
    assert {who: rows(who) for who in expected} == expected
    shown = rows("manager")
    assert (shown.decider.phone, shown.requisites.inn) == ("+74951234567", legal.inn)
    sheet = registration.sheet(chain, cast.department_head)
    assert [getattr(rows(who), "sheet", None) for who in ("manager", "marketer")] == [sheet, None]


def test_a_closed_tab_runs_none_of_the_queries_of_the_header(cast):
    client, browser = clients.client(cast.manager), signed_in(cast.manager)
    browser.get(client.get_absolute_url())
    headers = {**HTMX, "HX-Target": "client-tabs"}
    with CaptureQueriesContext(connection) as captured:
        response = browser.get(f"{client.get_absolute_url()}?tab=needs", headers=headers)
    assert re.findall(r'aria-current="(\w+)"', response.content.decode()) == ["true", "page"]
    assert len(captured) <= 5
    assert b"_client_header" not in response.content


def test_an_unknown_tab_shows_the_first(cast):
    client = clients.client(cast.manager)
    response = signed_in(cast.manager).get(f"{client.get_absolute_url()}?tab=<script>")
    assert response.context["card"].panel.key == "timeline"


def test_tabs_are_grouped_and_a_single_one_needs_no_second_line(cast):
    client = clients.client(cast.manager)
    address = client.get_absolute_url()

    def lines(who, tab):
        page = signed_in(getattr(cast, who)).get(f"{address}?tab={tab}")
        open_one = {tab.key for tab in page.context["card"].group.tabs}
        first = [group.tabs[0].key for group in page.context["card"].groups]
        return first, open_one, b"client-parts" in page.content

    first, open_one, has_parts = lines("director", "invoices")
    assert first == ["timeline", "people", "orders", "contracts", "claims", "files", "history"]
    assert {"contracts", "invoices", "reconciliations"} <= open_one
    assert has_parts
    assert lines("director", "history") == (first, {"history"}, False)
    assert lines("marketer", "") == (["outlets"], {"outlets"}, False)


def test_a_hidden_chain_is_not_named(cast):
    chain = clients.client(cast.stranger, name="CANARY", kind="chain")
    client = clients.client(cast.manager, parent=chain)
    assert b"CANARY" not in signed_in(cast.manager).get(client.get_absolute_url()).content
    assert b"CANARY" in signed_in(cast.director).get(client.get_absolute_url()).content


def test_the_tabs_show_what_was_written(cast, whole):
    browser, client = signed_in(cast.manager), whole["client"]
    requisites = browser.get(url("requisites_tab", client.pk)).content.decode()
    for text in (whole["outlet"].name, whole["counterparty"].inn, whole["account"].account):
        assert text in requisites
    assert whole["person"].full_name in browser.get(url("people_tab", client.pk)).content.decode()
    assert whole["need"].subject in browser.get(url("needs_tab", client.pk)).content.decode()


PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</textarea><svg onload=alert(1)>",
    "{{7*7}}{% debug %}<i>",
    "' hx-get='/x' hx-trigger='load",
    "</title><b data-hx-get=/x>",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_is_shown_literally(cast, payload):
    client = clients.client(
        cast.manager, name=f"Имя {payload}", specifics=payload, tags=[payload], source=payload,
        address=payload, territory=payload, channel=payload,
    )  # fmt: skip
    clients.person(client, full_name=f"Лицо {payload}", specifics=payload, position=payload)
    clients.outlet(client, name=payload, address=payload, format=payload)
    clients.need(client, subject=payload, direction=payload, quality_requirements=payload)
    clients.counterparty(client, full_name=payload, legal_address=payload)
    browser = signed_in(cast.manager)
    pages = ["detail", "peek", "edit", "people_tab", "requisites_tab", "needs_tab", "history_tab"]
    addresses = [url(name, client.pk) for name in pages]
    addresses += [url("list"), url("person_list"), f"{url('duplicates')}?name=Имя"]
    for address in addresses:
        shown = browser.get(address, headers=HTMX).content.decode()
        assert payload not in shown, address
    listed = browser.get(f"{url('list')}?columns=name,tags").content.decode()
    assert escape(payload) in listed or escape(payload, quote=False) in listed
