"""Clients that order less often than they used to: told to the manager once (DL-07, C.6)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from clients.models import Client
from crm.notices.models import Notice
from crm.work.models import Setting
from crm.work.registry import forget
from deals.models import Order
from deals.rhythm import allowed_gap, quiet_clients
from deals.tasks.money import no_order_alert
from tests.cast import fresh, signed_in
from tests.factories import clients, deals, orders

TODAY = timezone.localdate()


def ordered(client, by, *days_ago, state="submitted"):
    """Orders so many days ago, past the moves of orders."""
    first = orders.draft(client, {deals.product(): 1}, by=by)
    for order, ago in zip(orders.like(first, len(days_ago)), days_ago, strict=True):
        day = TODAY - timedelta(days=ago)
        facts = {"state": state, "dated_on": day}
        Order.objects.filter(pk=order.pk).update(**facts, **FACTS.get(state, {}))


FACTS = {"submitted": {"submitted_at": timezone.now()}}


def quiet(today=TODAY):
    return {one.client_id: one for one in quiet_clients(Client.objects.all(), today)}


def told():
    return sorted(Notice.objects.filter(kind="order.quiet").values_list("user", "channel"))


@pytest.mark.parametrize(
    ("usual", "percent", "least", "days"),
    [("7", 150, 3, 11), ("7", 175, 3, 13), ("1", 150, 3, 3), ("10", 200, 3, 20)],
)
def test_the_allowed_gap_is_a_percent_of_the_usual_one_rounded_up(usual, percent, least, days):
    assert allowed_gap(Decimal(usual), percent, least) == days


def test_a_broken_rhythm_is_told_to_the_manager_once_for_each_silence(cast):
    weekly = clients.client(cast.manager, category="A")
    ordered(weekly, cast.manager, 33, 26, 19, 12)  # every 7 days, 12 > 11 since yesterday
    fine = clients.client(cast.manager, category="B")
    ordered(fine, cast.manager, 33, 26, 19, 12)  # 13 days are allowed
    few = clients.client(cast.manager, category="A")
    ordered(few, cast.manager, 40, 26, 19)
    drafts = clients.client(cast.manager, category="A")
    ordered(drafts, cast.manager, 33, 26, 19, 12, state="draft")
    long_ago = clients.client(cast.manager, category="A")
    ordered(long_ago, cast.manager, 100, 93, 86, 79)
    found = quiet()
    assert found.keys() == {weekly.pk, long_ago.pk}
    one = found[weekly.pk]
    assert (one.usual, one.allowed, one.silent) == (7, 11, 12)
    assert one.broken_on == TODAY
    assert no_order_alert(today=TODAY) == 1  # the other silence is no news any more
    assert no_order_alert(today=TODAY) == 0
    assert told() == [(cast.manager.pk, "ui")]
    assert no_order_alert(today=TODAY - timedelta(days=1)) == 0  # a day gone by
    ordered(weekly, cast.manager, 1)
    assert weekly.pk not in quiet()


def test_the_norm_of_the_category_is_a_setting(cast):
    client = clients.client(cast.manager, category="B")
    ordered(client, cast.manager, 33, 26, 19, 12)
    assert quiet() == {}
    Setting.objects.create(key="orders.quiet_percent.B", value=150)
    forget()
    assert quiet().keys() == {client.pk}
    forget()


def test_the_report_shows_each_reader_the_own_clients(cast):
    mine, foreign = (
        clients.client(cast.manager, category="A", name="ООО «Тихий»"),
        clients.client(cast.stranger, category="A", name="ООО «Чужой»"),
    )
    ordered(mine, cast.manager, 50, 43, 36, 29)
    ordered(foreign, cast.stranger, 50, 43, 36, 29)
    page = signed_in(fresh(cast.sector_head)).get("/reports/quiet_orders/").content.decode()
    assert "Тихий" in page
    assert "Чужой" not in page
    assert signed_in(cast.logistics).get("/reports/quiet_orders/").status_code == 403
