"""Plan and fact of several months: only what has a plan in force is held against plans."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from reports.actions import rollup
from reports.days.months import Months
from reports.models import DashboardSubscription
from reports.pages.dashboard import behind
from reports.papers.dashboard import DashboardPaper
from reports.queries.dashboard import course
from reports.queries.department import units_for
from tests.cast import fresh, signed_in
from tests.factories import clients, deals, plans
from tests.standing import standing

D = Decimal
TODAY = date(2026, 11, 30)
HALF = Months(date(2026, 9, 1), date(2026, 11, 1), "")


@standing
def half(cast):
    """A plan in force for October alone; the other department never has one."""
    client = clients.client(cast.manager, since=date(2026, 8, 1), territory="Север")
    other = clients.client(cast.stranger, since=date(2026, 8, 1), territory="Юг")
    for month, amount in ((9, "1000.00"), (10, "80.00"), (11, "500.00")):
        deals.sale(client, amount, on=date(2026, month, 9))
    deals.sale(other, "7.00", on=date(2026, 10, 9))
    plan = plans.plan(cast.department, month=date(2026, 10, 1))
    plans.line(plan, client, ship="100.00", cash="0", active=1, contacts=4)
    plans.settle(plan, cast.director)
    rollup.count_changes(today=TODAY)
    return cast


def of_page(person, **query):
    asked = {"period": "this_half_year", "metric": "ship", **query}
    return signed_in(person).get(reverse("reports:plan_fact"), asked).context["page"]


def row(line):
    one = line.measure
    return (one.plan, one.fact, one.percent, one.deviation)


@pytest.fixture
def in_november(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_args: TODAY)


def test_months_without_a_plan_stand_in_the_fact_and_not_in_the_percentage(half, in_november):
    told = (D(100), D(1580), D(80), D(-20))
    page = of_page(half.department_head)
    assert row(page.total) == told
    assert [row(line) for line in page.lines if line.level == "manager"] == [told]
    opened = of_page(half.department_head, open=half.manager.pk)
    assert [row(line) for line in opened.lines if line.level == "client"] == [told]
    assert row(of_page(half.manager).total) == told
    assert [row(line) for line in of_page(half.department_head, by="territory").lines] == [told]
    assert "4 " in page.unplanned  # of July to November
    assert "сентябрь 2026" in page.unplanned


def test_a_department_without_a_plan_is_no_part_of_what_the_company_is_compared_by(
    half, in_november
):
    page = of_page(half.director)
    assert row(page.total) == (D(100), D(1587), D(80), D(-20))
    assert "отделов" in page.unplanned  # the sentence of a part of the departments
    one = of_page(half.director, period="2026-10")
    assert row(one.total) == (D(100), D(87), D(80), D(-20))
    assert {line.name: line.measure.deviation for line in one.lines} == {
        half.department.name: D(-20), half.other_department.name: None}  # fmt: skip


def test_cards_letters_leaders_and_the_course_say_the_same(half, in_november):
    who = fresh(half.department_head)
    units = units_for(who)
    paper = DashboardPaper(who, half.department, units, HALF, TODAY)
    (ship, *_rest) = paper.cards.cards
    assert ship.percent == D(80)
    assert [row[1:4] for row in paper.rows] == [[D(100), D(1580), D(80)]] * 2
    book = CalamineWorkbook.from_filelike(BytesIO(paper.xlsx()))
    cells = {
        str(cell)
        for name in book.sheet_names
        for row in book.get_sheet_by_name(name).to_python()
        for cell in row
    }
    assert paper.cards.unplanned in cells
    assert "2 " in paper.cards.unplanned
    found = course(who, half.department, [one.pk for one in units], HALF, today=TODAY)
    assert found.ideal[0] is found.ideal[-1] is None  # September and November have no plan
    assert (found.fact[-1], found.ideal[60 - 1]) == (D(1580), D(1080) + D(20) - D(0))
    assert behind(found, TODAY) == D(20)
    http = signed_in(half.department_head)
    places = http.get(reverse("reports:department_leaders"), {"period": "this_half_year"})
    assert [one.measure.percent for one in places.context["leaders"]] == [D(80)]
    assert not DashboardSubscription.objects.exists()


def test_the_report_of_the_months_is_the_page(half, in_november):
    url = reverse("reports:report", args=["plan_fact"])
    asked = {"month": "2026-07", "until": "2026-11", "by": "manager"}
    page = signed_in(half.director).get(url, asked).context["page"]
    found = {one["name"]: one for one in page.result.rows}
    anna = found[half.manager.short_name]
    assert (anna["plan_ship"], anna["ship"], anna["ship_pct"]) == (D(100), D(1580), D(80))
    assert found[half.stranger.short_name]["ship_pct"] is None
    assert page.result.totals["ship_pct"] == D(80)
    assert "сентябрь 2026" in page.figures[0].text
