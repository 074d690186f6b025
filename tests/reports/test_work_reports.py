"""Execution of assignments (TASK-1), response of units, questions without movement, My day."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from clients.contacting import next_step
from clients.models import Client
from crm.assignments import actions
from reports import registry
from reports.parameters import Period
from tests.cast import signed_in
from tests.factories import categories, work
from tests.kernel.shared_files import shared_example

TODAY = work.TODAY
START = date(2026, 10, 1)
COUNTS = ("total", "done", "overdue")


def ran(name, user, **params):
    report = registry.get(name)
    values = {"kind": "all", "unit": None, **params}
    rows = [dict(row) for row in report.rows(user, values)]
    return rows, dict(report.totals(user, values, rows)) if report.totals else {}


def entered(cast, row):
    due = date.fromisoformat(row["due"])
    if row["state"] == "done":
        on = date.fromisoformat(row["done"])
        return work.solved(cast.sector_head, cast.manager, today=START, on=on, due_on=due)
    made = work.item(cast.sector_head, cast.manager, today=START, due_on=due)
    if row["state"] == "cancelled":
        actions.cancel_work(made.pk, by=cast.sector_head, version=1, reason="Не нужно")
    return made


def test_task_1_done_and_in_time_by_employee(cast):
    example = shared_example("TASK-1")
    for row in example["input"]["items"]:
        entered(cast, row)
    as_of = date.fromisoformat(example["input"]["as_of"])
    period = Period(START, date(2026, 12, 31))
    (row,), totals = ran("work_execution", cast.department_head, period=period, as_of=as_of)
    shares = {name: f"{row[name]:.2f}" for name in ("done_pct", "on_time_pct")}
    assert {**{name: row[name] for name in COUNTS}, **shares} == example["expected"]
    assert {name: f"{totals[name]:.2f}" for name in shares} == shares
    assert row["name"] == cast.manager.short_name
    # The link behind the row leads to the same four.
    page = signed_in(cast.department_head).get(row["url"])
    assert len(page.context["list"].rows) == example["expected"]["total"]
    nothing, _totals = ran("work_execution", cast.stranger_head, period=period, as_of=as_of)
    assert nothing == []


def test_the_same_figures_without_the_shared_files(cast):
    day = START + timedelta(days=9)
    for state, due, done in (
        ("done", day, day - timedelta(days=1)),
        ("done", day, day + timedelta(days=2)),
        ("open", day + timedelta(days=10), None),
        ("open", day + timedelta(days=31), None),
        ("cancelled", day + timedelta(days=5), None),
    ):
        entered(cast, {"state": state, "due": f"{due}", "done": done and f"{done}"})
    period = Period(START, date(2026, 12, 31))
    as_of = date(2026, 10, 31)
    (row,), _totals = ran("work_execution", cast.director, period=period, as_of=as_of)
    assert [row[name] for name in ("total", "done", "in_time", "overdue")] == [4, 2, 1, 1]
    assert (row["done_pct"], row["on_time_pct"]) == (Decimal("50.00"), Decimal("50.00"))


def test_response_of_units_and_questions_that_nobody_answers(cast):
    first = TODAY - timedelta(days=20)
    early = {"today": first, "feedback_due": first + timedelta(days=3)}
    asked = work.item(cast.manager, cast.lawyer, "help", **early)
    late = first + timedelta(days=5)
    actions.answer_work(asked.pk, by=cast.lawyer, version=1, text="Да", today=late)
    work.answered(cast.manager, cast.lawyer, today=first)
    waiting = work.item(cast.manager, cast.sector_head, "help", **early)
    work.item(cast.sector_head, cast.manager, today=first)
    rows, totals = ran("work_response", cast.director, period=Period(first, TODAY))
    found = {row["name"]: row for row in rows}
    company = found[cast.company.name]
    assert (company["asked"], company["answered"], company["average"]) == (2, 2, Decimal("2.5"))
    assert company["share"] == Decimal("50.00")
    assert (found[cast.sector.name]["late"], found[cast.sector.name]["average"]) == (1, None)
    assert totals["share"] == Decimal("33.33")
    rows, _totals = ran("work_stale", cast.director, days=3)
    assert [(row["number"], row["days"], row["late"]) for row in rows] == [(waiting.number, 20, 17)]
    assert ran("work_stale", cast.director, days=20)[0] == []


@pytest.mark.parametrize("name", ["work_execution", "work_response", "work_stale"])
def test_the_pages_open(cast, name):
    work.item(cast.manager, cast.lawyer, "help")
    assert signed_in(cast.department_head).get(f"/reports/{name}/").status_code == 200
    assert signed_in(cast.marketer).get(f"/reports/{name}/").status_code == 403


def test_work_about_a_client_is_a_reason_of_its_managers_day(cast):
    client, other = (categories.client(cast.manager, category="C") for _n in range(2))
    about = {"subject": ("client", client.pk)}
    far = TODAY + timedelta(days=40)
    work.item(cast.sector_head, cast.manager, title="Срочное", due_on=TODAY, **about)
    work.item(cast.sector_head, cast.manager, title="Нескоро", due_on=far, **about)
    work.item(cast.sector_head, cast.manager2, title="Чужое", due_on=TODAY, **about)
    answered = {"title": "Ответ", "subject": ("client", other.pk)}
    work.answered(cast.manager, cast.lawyer, **answered)
    clients = Client.objects.filter(pk__in=[client.pk, other.pk])
    at = next_step.Moment.of(timezone.now())
    reasons = {
        found.client.pk: [
            (reason.rule.code, reason.case.text)
            for reason in found.reasons
            if reason.rule.code.startswith("work_")
        ]
        for found in next_step.find_reasons(clients, at)
    }
    assert reasons == {client.pk: [("work_due", "Срочное")], other.pk: [("work_verify", "Ответ")]}
    assert "Срочное" in signed_in(cast.manager).get("/assignments/mine/").content.decode()
    assert "Срочное" in signed_in(cast.manager).get(f"/clients/{client.pk}/work/").content.decode()
