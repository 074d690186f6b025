"""Results of events and the log of the presented assortment (CL-13, S3.3.1.11)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from reports.parameters import Period
from reports.queries.market import event_results, presented
from tests.cast import signed_in
from tests.factories import clients, deals, events

D = Decimal
TODAY = timezone.localdate()
YEAR = Period(TODAY - timedelta(days=365), TODAY)


@pytest.fixture
def held(cast):
    """Two people of one client came, one of another; both buy before, during and after."""
    event = events.event(cast.department_head, ago=90, lasts=1, cost=D("5000.00"))
    first, second = (clients.client(cast.manager, name=f"ООО «{name}»") for name in "АБ")
    for client in (first, first, second):
        events.marked(events.invited(event, client), "attended")
    for client, amount in ((first, "100.00"), (second, "10.00")):
        for days in (0, 1, 30, 31):
            deals.sale(client, amount, on=event.ends_on + timedelta(days=days))
    return event


def test_each_event_has_its_counts_and_what_was_shipped_afterwards(
    cast, held, django_assert_max_num_queries
):
    foreign = clients.client(cast.stranger)
    events.marked(events.invited(held, foreign), "attended")
    deals.sale(foreign, "1000.00", on=held.ends_on + timedelta(days=2))
    events.event(cast.marketer, ago=3, name="Без гостей")
    later = events.event(cast.marketer, ago=70)
    client = clients.client(cast.manager)
    events.marked(events.invited(later, client), "attended")
    deals.sale(client, "7.00", on=later.ends_on)  # on the day itself
    with django_assert_max_num_queries(8):
        rows = event_results(cast.manager, YEAR)
    told = [(row["invited"], row["attended"], row["clients"], row["net"]) for row in rows]
    # Whoever is invited by a factory brings all the manager's deciders along.
    assert told == [(0, 0, 0, D(0)), (4, 1, 1, D(0)), (3, 3, 2, D("220.00"))]
    whole = event_results(cast.director, YEAR)[-1]
    assert (whole["attended"], whole["net"]) == (4, D("1220.00"))
    page = signed_in(cast.manager).get(held.get_absolute_url())
    assert page.context["page"].sold_total == D("220.00")
    listed = signed_in(cast.manager).get(rows[-1]["attended_url"]).context["list"].rows
    assert len(listed) == rows[-1]["attended"]


def test_the_log_says_who_was_shown_what(cast, held):
    rows = list(presented(cast.manager, YEAR, ""))
    assert len(rows) == 6
    assert [row["client"] for row in presented(cast.manager, YEAR, "Чай")] == [
        "ООО «А»", "ООО «А»", "ООО «Б»",
    ]  # fmt: skip
    assert list(presented(cast.stranger, YEAR, "")) == []
    page = signed_in(cast.manager).get("/reports/presented_assortment/")
    assert page.status_code == 200
