"""Reports of reconciliations: acts in time by manager, late ones, balances that do not agree."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.shell.nav import address
from deals.actions.posting import reverse_shipment
from deals.models import ReconciliationItem
from deals.ordering.order_check import advance_of
from deals.pages.client_money import money_of
from deals.receivables.client_figures import figures_of
from reports import registry
from reports.parameters import Period
from reports.queries.receivables.ageing import advances
from reports.queries.reconciliations import standing
from tests.cast import signed_in
from tests.factories import categories, deals
from tests.factories import reconciliations as factory

D = Decimal
DAY = timedelta(days=1)
TODAY = timezone.localdate()
ITEMS = ReconciliationItem.objects


def bought(manager, **more):
    return categories.client(manager, category="A", status="client", **more)


def rows_of(name, user, **params):
    report = registry.get(name)
    rows = list(report.rows(user, params))
    return rows, report.totals(user, params, rows) if report.totals else {}


def item(manager, *, sent=None, signed=None, sign_by=TODAY, **more):
    """One with its last day for sending two days before that for signing."""
    made = factory.item(bought(manager), as_of=TODAY - 30 * DAY, **more)
    values = {"send_by": sign_by - 2 * DAY, "sign_by": sign_by, "sent_on": sent}
    if signed:
        values |= {"state": "signed", "signed_on": signed}
    elif sent:
        values["state"] = "sent"
    ITEMS.filter(pk=made.pk).update(**values)
    return made


@pytest.fixture
def half(cast):
    """Ten in all of two managers; each differs in one thing."""
    mine = cast.manager
    item(mine, sent=TODAY - 2 * DAY, signed=TODAY)  # in time in both
    item(mine, sent=TODAY - DAY, signed=TODAY)  # sent late, signed in time
    item(mine, sent=TODAY - 9 * DAY, signed=TODAY - DAY, sign_by=TODAY - 2 * DAY)  # signed late
    item(mine, sent=TODAY - 9 * DAY, sign_by=TODAY - DAY)  # not signed
    item(mine, sign_by=TODAY)  # its day is today
    item(mine, sign_by=TODAY + 400 * DAY)  # of another period
    item(mine, state="cancelled", cancel_reason="Итог")
    item(mine, state="requested")
    moved = item(mine, sent=TODAY - 2 * DAY, signed=TODAY)
    ITEMS.filter(pk=moved.pk).update(manager=cast.manager2)  # who answered when it was signed
    item(cast.stranger, sign_by=TODAY - DAY)
    return {"period": Period(TODAY - 60 * DAY, TODAY + 60 * DAY), "by": "manager"}


def test_acts_in_time_are_counted_for_whoever_answered(cast, half):
    rows, totals = rows_of("acts_in_time", cast.department_head, **half)
    names = ("planned", "sent_in_time", "due", "signed_in_time", "late", "share")
    assert {row["name"]: tuple(row[name] for name in names) for row in rows} == {
        cast.manager.short_name: (5, 3, 4, 2, 2, D("50.00")),
        cast.manager2.short_name: (1, 1, 1, 1, 0, D("100.00")),
    }
    assert totals["share"] == D("60.00"), "of the five, not an average of shares"
    (own,), _totals = rows_of("acts_in_time", cast.director, **half, manager=cast.stranger)
    assert (own["planned"], own["late"]) == (1, 1)
    by_client, _totals = rows_of("acts_in_time", cast.manager, **(half | {"by": "client"}))
    assert sum(row["planned"] for row in by_client) == 6


def test_late_ones_say_what_is_late_and_for_how_long(cast, half):
    rows, _totals = rows_of("reconciliations_overdue", cast.department_head)
    assert [(row["what"], row["days"]) for row in rows] == [("отправить", 2), ("подписать", 1)]
    assert [row["manager"] for row in rows] == [cast.manager.short_name] * 2
    assert len(rows_of("reconciliations_overdue", cast.director)[0]) == 3


def test_the_dashboard_of_the_head_counts_what_is_to_be_done(cast, half):
    disputed = item(cast.manager, sent=TODAY)
    ITEMS.filter(pk=disputed.pk).update(state="discrepancy")
    later = item(cast.manager)
    ITEMS.filter(pk=later.pk).update(
        as_of=TODAY + DAY, send_by=TODAY + 2 * DAY, sign_by=TODAY + 2 * DAY
    )
    found = standing(cast.department_head, [cast.department.pk, cast.sector.pk], today=TODAY)
    assert (found.to_send, found.late, found.disputed) == (2, 2, 1)
    page = signed_in(cast.department_head).get(reverse("reports:department_money"))
    line = page.content.decode().split('id="_department_acts"')[1].split("</div></div>")[0]
    assert re.findall(r"\d+(?=<)", line) == ["2", "2", "1"]
    assert ("step=late" in line) == bool(address("deals:reconciliation_list"))


@pytest.fixture
def settled(cast):
    """A client with a debt and an advance, and its act; all of it agrees."""
    client = bought(cast.manager)
    sold = [deals.sale(client, "500.00", on=date(2026, 10, 5)) for _ in range(2)]
    deals.payment(client, "120.00", on=date(2026, 10, 20))
    act = factory.act(client, by=cast.manager)
    return client, sold, act


OCTOBER = {"period": Period(date(2026, 10, 1), date(2026, 10, 31))}


def differing(user):
    names = ("act", "closing", "debt", "advance", "difference", "changed")
    rows, _totals = rows_of("act_differences", user, **OCTOBER)
    return [tuple(row[name] for name in names) for row in rows]


def test_acts_that_agree_are_not_listed_and_what_came_later_is(cast, settled):
    client, sold, act = settled
    assert act.closing == D("880.00")
    assert differing(cast.director) == []
    deals.payment(client, "30.00", on=date(2026, 11, 1))
    assert differing(cast.director) == [], "of a later day"
    deals.payment(client, "80.00", on=date(2026, 10, 31))
    (late,) = differing(cast.manager)
    assert late == (act.number, D("880.00"), D("1000.00"), D("200.00"), D("80.00"), D("-80.00"))
    assert differing(cast.stranger_head) == []
    reverse_shipment(sold[0].pk, by=cast.accountant, on=date(2026, 10, 31), reason="Ошибка")
    assert differing(cast.manager)[0][-1] == D("-580.00")


def test_money_given_back_lowers_the_advance_as_in_the_act(cast):
    client = bought(cast.manager)
    contract = deals.contract(client)
    deals.payment(client, "120.00", on=date(2026, 10, 20), contract=contract)
    deals.payment(
        client, "20.00", on=date(2026, 10, 21), contract=contract, direction="out", kind="refund"
    )
    act = factory.act(client, by=cast.manager, contract=contract)
    assert (act.closing, differing(cast.manager)) == (D("-100.00"), [])
    for day, spare in ((20, "120.00"), (21, "100.00")):
        on = date(2026, 10, day)
        assert advances(cast.manager, as_of=on, by="client") == {(client.pk,): D(spare)}
    assert advance_of(client.pk) == figures_of(client.pk, TODAY).advance == D("100.00")
    assert money_of(client, cast.manager, TODAY).advance == D("100.00")
