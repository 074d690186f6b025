"""The department dashboard: figures by hand, links that give the same rows, rights."""

import re
from datetime import date, timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.utils import timezone

from clients.models import Client, ContactLog, ContactPlanLine, ContactResult
from reports.queries.department import department, units_for, weeks_of
from tests.cast import fresh, signed_in
from tests.factories import categories as make

TODAY = date(2026, 11, 23)
MONTH = date(2026, 11, 1)
URL = "/department/"


def at(day, hour=12):
    return timezone.make_aware(timezone.datetime(day.year, day.month, day.day, hour))


def talk(client, day, *, code="order"):
    return ContactLog.objects.create(
        client=client,
        manager=client.manager,
        kind="call",
        state="done",
        done_at=at(day),
        result=ContactResult.objects.get(code=code),
    )


def plan(client, count):
    return ContactPlanLine.objects.create(
        month=MONTH, client=client, manager=client.manager, planned_count=count
    )


@pytest.fixture
def base(cast):
    """Two clients of one manager, one of another, one of another department."""
    first = make.client(cast.manager, category="A")
    second = make.client(cast.manager, category="C")
    third = make.client(cast.manager2, category="B")
    foreign = make.client(cast.stranger, category="A")
    for client, count in ((first, 8), (second, 2), (third, 4), (foreign, 8)):
        plan(client, count)
    for day in (3, 4, 10, 11, 12):
        talk(first, date(2026, 11, day))
    for day in (3, 17, 18):
        talk(second, date(2026, 11, day))
    talk(third, date(2026, 11, 20), code="no_answer")
    talk(foreign, date(2026, 11, 5))
    return first, second, third, foreign


def figures(person, unit, month=MONTH):
    person = fresh(person)
    return department(person, unit, month, today=TODAY, units=units_for(person))


def test_plan_and_credit_are_counted_as_by_hand(cast, base):
    rows = {row.manager: row for row in figures(cast.department_head, cast.department).rows}
    mine, other = rows[cast.manager], rows[cast.manager2]
    assert (mine.plan.planned, mine.plan.done, mine.plan.credited) == (10, 8, 7)
    assert mine.plan.compliance == Decimal("70.00")
    assert (other.plan.planned, other.plan.done, other.plan.credited) == (4, 0, 0)


def test_totals_come_from_sums_and_leave_the_other_department_out(cast, base):
    total = figures(cast.department_head, cast.department).total
    assert (total.plan.planned, total.plan.credited) == (14, 7)
    assert total.plan.compliance == Decimal("50.00")
    assert total.base.total == 3
    assert dict(total.base.by_category) == {"A": 1, "B": 1, "C": 1}


def test_the_company_is_shown_by_departments(cast, base):
    shown = figures(cast.director, cast.company)
    assert {row.name for row in shown.rows} == {"Отдел сетей", "Отдел регионов"}
    assert shown.total.plan.planned == 22


def test_weeks_share_the_plan_by_working_days(cast, base):
    shown = figures(cast.department_head, cast.department)
    row = next(row for row in shown.rows if row.manager == cast.manager)
    cells = shown.cells(row)
    assert [cell.done for cell in cells] == [3, 3, 2, 0, 0]
    # November 2026 has 20 working days, four of them (the 4th is a holiday) in the first week.
    assert cells[0].share == Decimal(10 * 4) / 20
    assert cells[0].percent == Decimal("150.00")
    assert cells[-1].percent is None  # the week of the 30th has not come


def test_a_month_without_a_working_day_in_a_week_leaves_the_week_out():
    assert next(iter(weeks_of(MONTH, TODAY))).first == date(2026, 11, 2)


def test_silence_follows_the_norm_of_the_category(cast, base):
    first, second, third, _foreign = base
    Client.objects.filter(pk=first.pk).update(last_contact_at=at(TODAY - timedelta(days=8)))
    Client.objects.filter(pk=second.pk).update(last_contact_at=at(TODAY - timedelta(days=8)))
    Client.objects.filter(pk=third.pk).update(last_contact_at=at(TODAY - timedelta(days=14)))
    rows = {row.manager: row for row in figures(cast.department_head, cast.department).rows}
    assert rows[cast.manager].base.silent == 1  # A: 7 days; C: 30 days
    assert rows[cast.manager2].base.silent == 0  # B: exactly 14 days is not over


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("sector_head", 200),
        ("department_head", 200),
        ("director", 200),
        ("general_director", 200),
        ("manager", 403),
        ("accountant", 403),
        ("lawyer", 403),
        ("admin", 403),
    ],
)
def test_chiefs_only(cast, who, status):
    assert signed_in(getattr(cast, who)).get(URL).status_code == status


def test_a_foreign_unit_is_not_found(cast):
    answer = signed_in(cast.sector_head).get(URL, {"unit": cast.other_department.pk})
    assert answer.status_code == 404


@pytest.mark.parametrize("month", ["2026-13", "x", "99999-01", "2026-11-01", "٢٠٢٦-11", "\x00"])
def test_a_nonsense_month_is_a_bad_request(cast, month):
    assert signed_in(cast.director).get(URL, {"period": month}).status_code == 400
    assert signed_in(cast.director).get(URL, {"month": month}).status_code == 400


@pytest.mark.parametrize("unit", ["x", "-1", "10" * 12, "\x00", "１"])
def test_a_nonsense_unit_is_a_bad_request(cast, unit):
    assert signed_in(cast.director).get(URL, {"unit": unit}).status_code == 400


def test_a_head_without_a_unit_is_told_what_to_do(cast):
    cast.department.head = None
    cast.department.save(update_fields=["head"])
    answer = signed_in(cast.department_head).get(URL)
    assert answer.status_code == 200
    assert "reports/department_none.html" in [t.name for t in answer.templates]


def test_every_number_opens_the_rows_that_make_it(cast, base):
    """Follow each link of the client figures and count the rows."""
    browser = signed_in(cast.department_head)
    page = browser.get(URL).content.decode()
    links = set(re.findall(r'href="(/clients/\?[^"]+)">\s*(?:<strong>)?(\d+)', page))
    assert len(links) > 5
    for url, number in links:
        answer = browser.get(unescape(url))
        assert answer.status_code == 200, url
        assert int(number) == answer.context["list"].summary.count, url


def test_queries_do_not_grow_with_managers(cast, base, django_assert_max_num_queries):
    browser = signed_in(cast.department_head)
    browser.get(URL)
    with django_assert_max_num_queries(12):
        browser.get(URL)


@pytest.mark.parametrize(
    "code",
    ["compliance", "coverage", "silence", "active_base", "target_tasks", "month_debt"],
)
def test_how_it_was_counted_is_told(cast, code):
    assert signed_in(cast.department_head).get(f"/how/{code}/").status_code == 200


def test_an_unknown_figure_is_not_found(cast):
    assert signed_in(cast.department_head).get("/how/nothing/").status_code == 404


@pytest.mark.parametrize(
    ("who", "home"),
    [
        ("manager", "/my-day/"),
        ("department_head", "/department/"),
        ("director", "/decisions/"),
        ("admin", "/people/"),
        ("accountant", "/accounting/"),
    ],
)
def test_the_home_page_is_the_role_s(cast, who, home):
    answer = signed_in(getattr(cast, who)).get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, home)
