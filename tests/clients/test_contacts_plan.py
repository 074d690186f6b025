"""The contact plan: norms, generation, compliance (CONT-1), changes, page."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from clients.actions.contact_plan import (
    edit_plan_line,
    generate_contact_plan,
    plan_contacts_of_months,
)
from clients.contacting.norms import contact_norms, next_contact_day
from clients.contacting.plan_progress import tone_of
from clients.models import Client, ClientAssignment, ContactPlanLine
from clients.pages.contact_plan import manager_plan, plan_table, read_month
from clients.querysets.plan_totals import PlanSums, sums_by_manager
from crm.accounts.models import Role
from crm.errors import RuleViolation, StaleVersion
from crm.work import registry
from crm.work.models import Setting
from tests.cast import fresh, signed_in
from tests.factories import accounts
from tests.factories import categories as make
from tests.factories import contacts as have
from tests.kernel.shared_files import shared_example

TODAY = date(2026, 11, 23)
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)


@pytest.fixture
def norm():
    """Change a setting for the time of a test."""

    def change(key, value):
        Setting.objects.update_or_create(key=key, org_unit=None, defaults={"value": value})
        registry.forget()

    return change


def lines(month=NOVEMBER):
    return {
        line.client.name: (line.manager, line.planned_count, line.planned_visits)
        for line in ContactPlanLine.objects.of_month(month).select_related("client", "manager")
    }


# The norm


@pytest.mark.parametrize(
    ("category", "today", "expected"),
    [
        ("A", "2026-11-23", "2026-11-26"),  # 20 working days, 8 contacts: every third day
        ("B", "2026-11-23", "2026-11-30"),
        ("C", "2026-11-23", "2026-12-07"),
        ("A", "2026-10-30", "2026-11-05"),  # 4 November is a holiday
        ("A", "2027-02-18", "2027-02-20"),  # a Saturday that is worked
        ("A", "2027-02-19", "2027-02-24"),  # 22 and 23 February are not
        ("B", "2026-12-28", "2027-01-14"),  # six working days over the New Year holidays
        (None, "2026-11-23", "2026-11-30"),
    ],
)
def test_the_next_contact_falls_on_the_working_day_of_the_norm(
    seeded_calendar, category, today, expected
):
    client = Client(category=category, status="client")
    assert next_contact_day(client, date.fromisoformat(today)) == date.fromisoformat(expected)


def test_the_trading_hall_has_no_next_contact(seeded_calendar):
    assert next_contact_day(Client(category="C", status="trading_hall"), TODAY) is None


def test_the_norm_follows_the_setting(seeded_calendar, norm):
    norm("contacts.norm.C", 10)
    assert next_contact_day(Client(category="C", status="client"), TODAY) == date(2026, 11, 25)


def test_there_are_never_more_visits_than_contacts(db, norm):
    norm("contacts.norm.A", 1)
    assert contact_norms()["A"].visits == 1


# Generation


def test_the_plan_covers_open_clients_with_a_category_and_a_manager(cast):
    by = cast.department_head
    make.client(cast.manager, name="А", category="A", by=by)
    make.client(cast.manager2, name="Б", category="B", by=by)
    make.client(cast.manager, name="В", category="C", by=by)
    make.client(cast.manager, name="Новый", category=None)
    make.client(cast.manager, name="Зал", category="C", status="trading_hall", by=by)
    gone = make.client(cast.manager, name="Архив", category="A", by=by)
    Client.objects.filter(pk=gone.pk).update(
        status="archived", archived_at="2026-10-01T00:00Z", archive_reason="Закрылись"
    )
    assert generate_contact_plan(NOVEMBER, today=TODAY) == 3
    assert lines() == {
        "А": (cast.manager, 8, 2), "Б": (cast.manager2, 4, 1), "В": (cast.manager, 2, 0),
    }  # fmt: skip


def test_the_plan_is_made_once_however_often_it_runs(cast):
    make.client(cast.manager, by=cast.department_head)
    assert [generate_contact_plan(NOVEMBER, today=TODAY) for _ in range(3)] == [1, 0, 0]


def test_the_manager_of_the_first_day_gets_the_line(cast):
    client = make.client(cast.manager, name="Р", by=cast.department_head)
    ClientAssignment.objects.filter(client=client).update(valid_to=date(2026, 12, 1))
    ClientAssignment.objects.create(
        client=client, manager=cast.manager2, valid_from=date(2026, 12, 1)
    )
    generate_contact_plan(NOVEMBER, today=TODAY)
    generate_contact_plan(DECEMBER, today=TODAY)
    assert lines(NOVEMBER)["Р"][0] == cast.manager
    assert lines(DECEMBER)["Р"][0] == cast.manager2


def test_until_the_month_begins_an_untouched_line_follows_manager_and_category(cast):
    client = make.client(cast.manager, name="Р", category="C", by=cast.department_head)
    generate_contact_plan(DECEMBER, today=TODAY)
    Client.objects.filter(pk=client.pk).update(category="A")
    assert generate_contact_plan(DECEMBER, today=date(2026, 12, 1)) == 1
    assert lines(DECEMBER)["Р"] == (cast.manager, 8, 2)
    Client.objects.filter(pk=client.pk).update(category="B")
    assert generate_contact_plan(DECEMBER, today=date(2026, 12, 2)) == 0
    assert lines(DECEMBER)["Р"] == (cast.manager, 8, 2)


def test_a_line_changed_by_a_person_stays(cast):
    client = make.client(cast.manager, name="Р", category="C", by=cast.department_head)
    generate_contact_plan(DECEMBER, today=TODAY)
    line = ContactPlanLine.objects.get()
    edit_plan_line(
        line.pk, by=cast.sector_head, version=1, planned_count=6, planned_visits=3, today=TODAY
    )
    Client.objects.filter(pk=client.pk).update(category="A")
    generate_contact_plan(DECEMBER, today=date(2026, 12, 1))
    assert lines(DECEMBER)["Р"] == (cast.manager, 6, 3)


@pytest.mark.parametrize(
    ("today", "months"),
    [
        (date(2026, 11, 23), {NOVEMBER}),  # the first start: this month had no plan at all
        (date(2026, 11, 25), {NOVEMBER, DECEMBER}),
        (date(2026, 12, 1), {DECEMBER}),
        (date(2026, 12, 31), {DECEMBER, date(2027, 1, 1)}),
    ],
)
def test_which_months_a_day_plans(cast, today, months):
    make.client(cast.manager, by=cast.department_head)
    plan_contacts_of_months(today=today, plan_day=25)
    assert set(ContactPlanLine.objects.values_list("month", flat=True)) == months


# Compliance


def test_the_worked_example_cont_1(cast):
    given = shared_example("PLAN-1")["input"]
    expected = shared_example("CONT-1")["expected"]
    managers = {}
    for name, facts in given["managers"].items():
        managers[name] = accounts.user(role=Role.MANAGER, org_unit=cast.sector)
        for code in facts["clients"]:
            client = make.client(managers[name], name=code, by=cast.department_head)
            plan = given["clients"][code]
            have.plan_line(
                client, managers[name], month="2026-10-01", contacts=plan["plan"]["contacts"]
            )
            for number in range(plan["fact"]["contacts"]):
                have.done(client, managers[name], f"2026-10-{number + 1:02d} 10:00")
    sums = sums_by_manager(ContactPlanLine.objects.all(), date(2026, 10, 1))
    for name, manager in managers.items():
        check(sums[manager.pk], expected["by_manager"][name])
    check(sum(sums.values(), PlanSums()), expected["department"])


def check(sums, expected):
    assert (sums.planned, sums.done, sums.credited) == (
        expected["plan"], expected["done"], expected["credited"],
    )  # fmt: skip
    assert sums.compliance == Decimal(expected["compliance_pct"])
    assert sums.activity == Decimal(expected["activity_pct"])


def test_what_counts_for_the_plan(cast):
    client = make.client(cast.manager, by=cast.department_head)
    have.plan_line(client, cast.manager, contacts=9, visits=2)
    have.done(client, cast.manager, "2026-11-01 00:00")
    have.done(client, cast.manager, "2026-11-30 23:59", kind="visit")
    have.done(client, cast.director, "2026-11-05 10:00")  # whoever made it
    have.done(client, cast.manager, "2026-11-06 10:00", code="no_answer")
    have.done(client, cast.manager, "2026-10-31 23:59")
    have.done(client, cast.manager, "2026-12-01 00:00")
    have.planned(client, cast.manager, "2026-11-26")
    have.planned(client, cast.manager, "2026-11-12", state="missed")
    line = ContactPlanLine.objects.with_done(NOVEMBER).get()
    assert (line.done, line.done_visits, line.credited) == (3, 1, 3)
    sums = sums_by_manager(ContactPlanLine.objects.all(), NOVEMBER)[cast.manager.pk]
    assert (sums.done, sums.done_visits, sums.credited) == (3, 1, 3)


def test_a_month_under_way_is_judged_by_what_is_due(seeded_calendar):
    half = PlanSums(planned=40, credited=14)
    assert tone_of(half, NOVEMBER, TODAY) == "danger"  # 14 of 20 working days gone: 28 are due
    assert tone_of(PlanSums(planned=40, credited=27), NOVEMBER, TODAY) == "success"
    assert tone_of(PlanSums(planned=40, credited=22), NOVEMBER, TODAY) == "warning"
    assert tone_of(half, DECEMBER, TODAY) == "neutral"
    assert tone_of(PlanSums(planned=40, credited=35), date(2026, 10, 1), TODAY) == "warning"


# Changes and rights


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("sector_head", "done"), ("department_head", "done"), ("manager", "refused"),
        ("director", "refused"), ("accountant", "refused"), ("manager2", "not found"),
        ("stranger_head", "not found"), ("marketer", "not found"), ("admin", "not found"),
    ],
)  # fmt: skip
def test_who_changes_a_planned_number(cast, name, answer):
    client = make.client(cast.manager, by=cast.department_head)
    line = have.plan_line(client, cast.manager)

    def edit():
        edit_plan_line(
            line.pk, by=getattr(cast, name), version=1, planned_count=7, planned_visits=0,
            today=TODAY,
        )  # fmt: skip

    if answer == "done":
        edit()
    else:
        refusals = {"refused": PermissionDenied, "not found": ContactPlanLine.DoesNotExist}
        with pytest.raises(refusals[answer]):
            edit()
    line.refresh_from_db()
    assert line.planned_count == (7 if answer == "done" else 4)


def test_the_owner_changes_it_where_the_setting_allows(cast, norm):
    norm("contacts.plan_owner_may_edit", True)
    line = have.plan_line(make.client(cast.manager, by=cast.department_head), cast.manager)
    edit_plan_line(
        line.pk, by=cast.manager, version=1, planned_count=5, planned_visits=0, today=TODAY
    )
    line.refresh_from_db()
    assert (line.planned_count, line.version) == (5, 2)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"version": 9}, StaleVersion),
        ({"planned_visits": 9}, RuleViolation),
        ({"today": date(2026, 12, 1)}, RuleViolation),
    ],
)
def test_a_wrong_change_is_refused(cast, change, error):
    line = have.plan_line(make.client(cast.manager, by=cast.department_head), cast.manager)
    values = {"version": 1, "planned_count": 5, "planned_visits": 1, "today": TODAY, **change}
    with pytest.raises(error):
        edit_plan_line(line.pk, by=cast.sector_head, **values)


# The page


def test_levels_are_sums_of_their_managers(cast):
    for manager, done in ((cast.manager, 3), (cast.manager2, 1)):
        client = make.client(manager, by=cast.department_head)
        have.plan_line(client, manager)
        for number in range(done):
            have.done(client, manager, f"2026-11-{number + 2:02d} 10:00")
    table = plan_table(cast.department_head, NOVEMBER, None, TODAY)
    assert [(row.name, row.sums.planned, row.sums.done, row.is_unit) for row in table.rows] == [
        ("Отдел сетей", 8, 4, True), ("Сектор север", 8, 4, True),
        ("Ёлкин\u00a0Б.\u00a0С.", 4, 1, False), ("Иванова\u00a0А.\u00a0П.", 4, 3, False),
    ]  # fmt: skip
    assert table.total.done == 4


def test_a_manager_sees_the_own_plan_only(cast):
    have.plan_line(make.client(cast.manager, by=cast.department_head), cast.manager)
    have.plan_line(make.client(cast.manager2, by=cast.department_head), cast.manager2)
    assert len(manager_plan(cast.manager, cast.manager, NOVEMBER, TODAY).rows) == 1
    assert manager_plan(cast.manager, cast.manager2, NOVEMBER, TODAY).rows == []


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2026-10", date(2026, 10, 1)), ("2026-13", NOVEMBER), ("", NOVEMBER), (None, NOVEMBER),
        ("0000-01", NOVEMBER), ("99999999999-01", NOVEMBER), ("٢٠٢٦-11", NOVEMBER),
        ("2026-1\0", NOVEMBER), ("2026--1", NOVEMBER), ("2026-000000010", NOVEMBER),
    ],
)  # fmt: skip
def test_a_month_of_the_address(text, month):
    assert read_month(text, TODAY) == month


def test_the_pages_of_the_plan(cast, django_assert_max_num_queries):
    for number in range(12):
        client = make.client(cast.manager, by=cast.department_head, name=f"Клиент {number}")
        line = have.plan_line(client, cast.manager)
        have.done(client, cast.manager, "2026-11-05 10:00")
    head, own = signed_in(cast.department_head), signed_in(cast.manager)
    for browser in (head, own):
        browser.get("/profile/")  # the first page of a session notes that it is alive
    with django_assert_max_num_queries(12):
        assert head.get("/clients/plan/?month=2026-11").status_code == 200
    with django_assert_max_num_queries(12):
        page = own.get("/clients/plan/?month=2026-11")
    assert page.content.decode().count("/clients/contacts/?client=") == 12
    assert own.get("/clients/plan/how/").status_code == 200
    assert own.get(f"/clients/plan/{line.pk}/edit/").status_code == 403
    assert head.get(f"/clients/plan/{line.pk}/edit/").status_code == 200
    answer = head.post(
        f"/clients/plan/{line.pk}/edit/",
        {"version": "1", "planned_count": "2", "planned_visits": "3"},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 422
    assert 'value="3"' in answer.content.decode()
    assert signed_in(cast.accountant).get("/clients/plan/").status_code == 403
    assert fresh(cast.manager) == cast.manager
