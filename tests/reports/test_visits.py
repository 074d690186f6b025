"""The work of merchandisers and MERCH-1: by the worked example, over sales of known outlets."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils import timezone

from crm.calendar import month_start
from crm.work.actions import change_setting
from reports.formulas.visits import Economics, beyond_usual
from reports.parameters import Period, month_end
from reports.queries import visits as queries
from tests.cast import signed_in
from tests.factories import clients, deals, orders, visits
from tests.kernel.shared_files import shared_example

D = Decimal
TODAY = timezone.localdate()
MONTH = month_start(TODAY, -1)
LAST = Period(MONTH, month_end(MONTH))
PARAMS = {"period": LAST}


def test_the_figures_are_those_of_the_worked_example():
    example = shared_example("MERCH-1")
    given, wanted = example["input"], example["expected"]
    figures = Economics(
        given["planned"], given["done"], D(given["cost"]), D(given["incremental_gp"])
    )
    assert {name: str(getattr(figures, name)) for name in wanted} == wanted


def test_what_is_not_known_has_no_effect_and_nothing_done_has_no_cost_of_a_visit():
    figures = Economics(planned=3, cost=D(45000))
    assert (figures.completion_pct, figures.cost_per_visit) == (D("0.00"), None)
    assert (figures.net_effect, figures.roi_pct) == (None, None)
    assert Economics().completion_pct is None
    # 300 in 30 days where 900 in 90 days were usual: nothing beyond it.
    same = {"days": 30, "days_before": 90, "margin_pct": D(25)}
    assert beyond_usual(D(300), D(900), **same) == D("0.00")
    assert beyond_usual(D(500), D(900), **same) == D("50.00")
    assert beyond_usual(D(100), D(900), **same) == D("-50.00")


@pytest.fixture
def month(cast):
    """Three visits of last month: two done (one of them with goods missing), one missed."""
    client = clients.client(cast.manager)
    place = visits.outlet(client, cast.merchandiser)
    visits.done(place, on=MONTH, oos_count=2, shelf_share=D(20))
    visits.done(place, on=MONTH + timedelta(days=3), shelf_share=D(30))
    visits.visit(place, on=MONTH + timedelta(days=5), state="missed")
    visits.visit(place, on=MONTH + timedelta(days=6), state="cancelled", cancel_reason="Нет")
    visits.visit(place, on=MONTH + timedelta(days=7), plan=visits.plan(month=MONTH))
    return SimpleNamespace(client=client, place=place)


def test_the_work_is_what_fell_due_and_was_agreed(cast, month):
    (row,) = queries.work_rows(cast.department_head, PARAMS)
    found = {name: row[name] for name in ("planned", "done", "missed", "outlets", "short", "oos")}
    assert found == {"planned": 3, "done": 2, "missed": 1, "outlets": 1, "short": 1, "oos": 2}
    assert (row["completion"], row["shelf"]) == (D("66.67"), D("25.00"))
    assert queries.work_totals(cast.department_head, PARAMS, [row]) == {"completion": D("66.67")}
    assert queries.work_rows(cast.stranger_head, PARAMS) == []


def test_the_effect_is_counted_from_shipments_of_outlets_that_are_known(cast, month):
    days = (LAST.last - LAST.first).days + 1
    first, last = queries.baseline(LAST)
    before = (last - first).days + 1
    deals.sale(month.client, f"{10 * before}.00", on=last)
    deals.sale(month.client, f"{10 * days + 1000}.00", on=MONTH)
    change_setting("visits.month_cost", value="100", by=cast.admin)
    (row,) = queries.economics_rows(cast.department_head, PARAMS)
    assert (row["cost"], row["per_visit"], row["known"]) == (D("100.00"), D("50.00"), 1)
    assert (row["gp"], row["effect"], row["roi"]) == (D("250.00"), D("150.00"), D("150.00"))
    # A second outlet: whose the shipments are is not known any more, unless an order says it.
    other = visits.outlet(month.client, cast.merchandiser)
    visits.done(other, on=MONTH)
    (row,) = queries.economics_rows(cast.department_head, PARAMS)
    assert (row["outlets"], row["known"], row["gp"], row["effect"]) == (2, 0, None, None)
    total = queries.economics_totals(cast.department_head, PARAMS, [row])
    assert (total["effect"], total["completion"]) == (None, D("75.00"))
    order = orders.draft(month.client, by=cast.manager)
    order.outlet, order.state, order.submitted_at = other, "confirmed", timezone.now()
    order.save(update_fields=["outlet", "state", "submitted_at"])
    deals.sale(month.client, "400.00", on=MONTH, order=order)
    (row,) = queries.economics_rows(cast.department_head, PARAMS)
    assert (row["known"], row["shipped"], row["gp"]) == (1, D("400.00"), D("100.00"))


def test_a_head_bears_the_part_of_the_cost_that_the_own_visits_are(cast, month):
    change_setting("visits.month_cost", value="900", by=cast.admin)
    abroad = visits.outlet(clients.client(cast.stranger), cast.merchandiser)
    for days in (1, 2, 3, 4, 8, 9):
        visits.done(abroad, on=MONTH + timedelta(days=days))
    cost = {
        name: [row["cost"] for row in queries.economics_rows(getattr(cast, name), PARAMS)]
        for name in ("department_head", "stranger_head", "director")
    }
    assert cost == {
        "department_head": [D("300.00")],
        "stranger_head": [D("600.00")],
        "director": [D("900.00")],
    }


def test_marketing_opens_the_work_and_not_the_money(cast, month):
    answers = {
        (name, report): signed_in(getattr(cast, name)).get(f"/reports/{report}/").status_code
        for name in ("marketer", "department_head", "merchandiser", "manager")
        for report in ("merchandisers", "merchandising_economics")
    }
    opened = {key for key, status in answers.items() if status == 200}
    assert opened == {
        ("marketer", "merchandisers"),
        ("department_head", "merchandisers"),
        ("department_head", "merchandising_economics"),
    }
    assert set(answers.values()) == {200, 403}


def test_a_visit_of_today_is_due_and_one_of_tomorrow_is_not(cast):
    place = visits.outlet(clients.client(cast.manager), cast.merchandiser)
    visits.visit(place)
    visits.visit(place, on=TODAY + timedelta(days=1))
    wide = Period(date(TODAY.year, 1, 1), TODAY + timedelta(days=400))
    assert queries.due_visits(cast.director, wide, TODAY).count() == 1
