"""The lawyer's home page: what waits, what ends, what is overdue; nothing to add up by hand."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deals.actions.contracts import submit_contract
from tests.cast import signed_in
from tests.factories import clients, contracts

URL = "/legal/"


def test_the_lawyer_begins_here_and_nobody_else_may(cast):
    assert signed_in(cast.lawyer).get("/").headers["Location"] == URL
    assert signed_in(cast.director).get(URL).status_code == 403


def test_every_part_shows_its_rows(cast):
    today = timezone.localdate()
    client = clients.client(cast.manager)
    soon = today + timedelta(days=10)
    active = contracts.active(client, cast.manager, ends_on=soon)
    contracts.obligation(
        active, cast.manager, cast.sector, text="Обучить всех", due=today - timedelta(days=2)
    )
    contracts.document(client, cast.manager, number="У-7", valid_to=soon)
    contracts.power(cast.manager, number="ДВ-77", valid_to=soon)
    own = contracts.draft(client, cast.manager, is_standard=False)
    submit_contract(own.pk, by=cast.manager, version=1, today=today)
    page = signed_in(cast.lawyer).get(URL)
    text = page.content.decode()
    for word in (active.number, own.number, "Обучить всех", "У-7", "ДВ-77"):
        assert word in text
    shown = page.context["page"]
    assert (shown.decisions_count, shown.on_their_way) == (1, 1)
    assert (shown.ending_count, shown.late_count) == (1, 1)


def test_the_page_costs_the_same_with_many_contracts(cast):
    browser, today = signed_in(cast.lawyer), timezone.localdate()

    def queries():
        with CaptureQueriesContext(connection) as caught:
            assert browser.get(URL).status_code == 200
        return len(caught)

    def more(count):
        for _ in range(count):
            client = clients.client(cast.manager)
            active = contracts.active(client, cast.manager, ends_on=today + timedelta(days=10))
            late = today - timedelta(days=2)
            contracts.obligation(active, cast.manager, cast.sector, due=late)
            contracts.document(client, cast.manager, valid_to=late)

    more(1)
    queries()
    few = queries()
    more(6)
    assert queries() == few <= 10
