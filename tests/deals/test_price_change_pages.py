"""Pages of a change of prices: the draft, the work list, marking, the letter, the warning."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from deals.actions.orders import OrderHead, create_order
from deals.actions.price_changes import advance_changes
from deals.actions.price_notices import Mark, mark_notice
from deals.models import PriceChange, PriceChangeNotice
from deals.ordering.order_goods import Goods
from deals.papers.price_notice import values_of
from reports.parameters import Period
from reports.queries.price_notices import notice_rows, notice_totals
from tests.cast import signed_in
from tests.factories import clients, deals, prices

TODAY = timezone.localdate()
SINCE = TODAY + timedelta(days=20)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def notice(cast, tea):
    """The client bought tea yesterday and is to be told of the price in twenty days."""
    client = prices.buyer(cast.manager, tea, on=TODAY - timedelta(days=1), client=ours(cast))
    prices.told(
        cast, {tea: ("100.00", "110.00")}, since=SINCE, today=TODAY, approved_at=timezone.now()
    )
    return PriceChangeNotice.objects.get(client=client)


def ours(cast):
    return clients.client(cast.manager, name="Ромашка")


def test_a_draft_says_whom_it_concerns_and_the_approved_list_how_far_it_is(cast, tea):
    prices.buyer(cast.manager, tea, on=TODAY)
    late = prices.buyer(cast.manager, tea, on=TODAY)
    deals.contract(late, price_notice_days=90)
    deals.price_list(cast.director, {tea: "100.00"}, approved_by=cast.director)
    draft = deals.price_list(cast.department_head, {tea: "105.50"}, since=SINCE)
    director = signed_in(cast.director)
    changes = reverse("deals:price_list_changes", args=[draft.pk])
    assert changes in director.get(draft.get_absolute_url()).text
    told = reverse("deals:price_list_clients", args=[draft.pk])
    compared = director.get(changes)
    assert compared.context["page"].to_tell == {"total": 2, "late": 1}
    assert compared.text.count(told) == 2
    found = director.get(told)
    assert {row.lead_days for row in found.context["list"].rows} == {14, 90}
    assert [f"{row.percent:.2f}" for row in compared.context["list"].rows] == ["5.50"]
    director.post(reverse("deals:price_list_approve", args=[draft.pk]), {"version": 1})
    assert director.get(changes).context["page"].record.state == "approved"
    advance_changes(today=TODAY)
    counts = director.get(changes).context["page"].counts
    assert (counts["total"], counts["open"], counts["late"]) == (2, 2, 1)
    assert signed_in(cast.manager2).get(changes).context["page"].counts["total"] == 0
    exported = b"".join(director.get(changes, {"export": "csv"}).streaming_content).decode()
    assert "105,50" in exported or "105.50" in exported


def test_the_manager_notes_one_and_then_all_that_were_chosen(cast, tea, notice):
    manager, listed = signed_in(cast.manager), reverse("deals:price_notice_list")
    second = prices.buyer(cast.manager, tea, on=TODAY, client=clients.client(cast.manager))
    advance_changes(today=TODAY)
    other = PriceChangeNotice.objects.get(client=second)
    mark = reverse("deals:price_notice_mark", args=[notice.pk, "sent"])
    assert manager.post(mark, {"on": f"{TODAY}"}).status_code == 422
    values = {"on": f"{TODAY}", "channel": "courier", "received": "on", "version": 1}
    manager.post(mark, values)
    stale = manager.post(mark, values, headers=HTMX)
    assert stale.status_code == 409
    notice.refresh_from_db()
    assert (notice.state, notice.delivered_on, notice.in_time) == ("delivered", TODAY, True)
    many = reverse("deals:price_notices_mark", args=["sent"])
    chosen = manager.get(many, {"ids": [notice.pk, other.pk, "x"]}, headers=HTMX)
    assert chosen.context["form"]["ids"].value() == f"{notice.pk},{other.pk}"
    values = {"ids": f"{notice.pk},{other.pk}", "on": f"{TODAY}", "channel": "email"}
    answer = manager.post(many, values)
    assert answer.url == listed
    said = [str(one) for one in get_messages(answer.wsgi_request)]
    assert [("Ромашка" in words) for words in said] == [False, False, True], said
    assert manager.post(many, {"on": f"{TODAY}", "channel": "email"}).status_code == 422
    late = manager.get(listed, {"due": "late"}).context["list"].rows
    waiting = manager.get(listed, {"state": "sent", "change": notice.change_id})
    assert (late, waiting.context["list"].rows) == ([], [other])
    assert "list-select" not in signed_in(cast.director).get(listed).text


def test_the_letter_names_what_the_client_buys_at_both_prices(cast, tea, notice):
    said = values_of(notice, TODAY)
    (line,) = said["lines"]
    shown = {name: line[name] for name in ("name", "old", "new", "percent")}
    assert shown == {
        "name": "Чай чёрный", "old": Decimal("100.00"), "new": Decimal("110.00"),
        "percent": "+10,00",
    }  # fmt: skip
    answer = signed_in(cast.manager).get(reverse("deals:price_notice_pdf", args=[notice.pk]))
    assert answer.content.startswith(b"%PDF")
    page = signed_in(cast.manager).get(notice.get_absolute_url())
    assert "110,00" in page.text
    card = signed_in(cast.manager).get(reverse("deals:client_terms", args=[notice.client_id]))
    assert notice.get_absolute_url() in card.text


def test_orders_of_a_client_told_too_late_say_so_and_are_not_held(cast, tea):
    client, since = ours(cast), TODAY - timedelta(days=1)
    prices.buyer(cast.manager, tea, on=TODAY - timedelta(days=9), client=client)
    prices.told(cast, {tea: ("100.00", "110.00")}, since=since, today=TODAY)
    manager = signed_in(cast.manager)
    notice = PriceChangeNotice.objects.get(client=client)
    page = manager.get(reverse("deals:order_create"), {"client": client.pk})
    assert notice.get_absolute_url() in page.text
    goods = [Goods(tea, Decimal(1))]
    made = create_order(
        by=cast.manager, head=OrderHead(client), goods=goods, key=uuid4(), today=TODAY
    )
    assert notice.get_absolute_url() in manager.get(made.get_absolute_url()).text
    long_ago = TODAY - timedelta(days=15)
    PriceChange.objects.update(created_at=timezone.now() - timedelta(days=30))
    mark = Mark("sent", long_ago, "email", received=True)
    mark_notice(notice.pk, mark, by=cast.manager, version=1, today=TODAY)
    assert notice.get_absolute_url() not in manager.get(made.get_absolute_url()).text


def test_the_report_counts_by_change_and_manager_and_shares_are_of_all(cast, tea, notice):
    for manager in (cast.manager, cast.manager2, cast.stranger):
        prices.buyer(manager, tea, on=TODAY, client=clients.client(manager))
    advance_changes(today=TODAY)
    mark = Mark("sent", TODAY, "email", received=True)
    mark_notice(notice.pk, mark, by=cast.manager, version=1, today=TODAY)
    params = {"period": Period(SINCE, SINCE), "by": "both"}
    rows = notice_rows(cast.sector_head, params)
    assert [(row["manager"], row["notices"], row["in_time_share"]) for row in rows] == [
        (cast.manager2.short_name, 1, Decimal("0.00")),
        (cast.manager.short_name, 2, Decimal("50.00")),
    ]
    totals = notice_totals(cast.sector_head, params, rows)
    assert totals == {"in_time_share": Decimal("33.33"), "acknowledged_share": Decimal("0.00")}
    for by in ("change", "manager"):
        answer = signed_in(cast.director).get(
            reverse("reports:report", args=["price_notices"]),
            {"by": by, "from": f"{SINCE}", "to": f"{SINCE}"},
        )
        assert answer.status_code == 200
    assert notice_rows(cast.director, params | {"period": Period(TODAY, TODAY)}) == []
