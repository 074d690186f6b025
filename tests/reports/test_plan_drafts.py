"""Drafts of plans: the forecast, whom they cover, once; their days (FCST-1, CAL-3, PLAN-4)."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from clients.models import ClientAssignment
from deals.actions.posting import reverse_shipment
from reports.actions import rollup
from reports.actions.plan_drafts import draft_plans, draw_up_plan, follow_owners
from reports.days.plans import days_of_plan, following
from reports.formulas.forecasts import FLAT, forecast, season_of
from reports.models import MonthlyPlan, PlanLine
from reports.queries.plan_gaps import coverage_of, gaps_of
from reports.queries.plan_money import brought_to
from reports.tasks.plans import monthly_plan_draft
from tests.factories import clients, contacts, deals, plans
from tests.kernel.shared_files import shared_example
from tests.standing import standing

pytestmark = pytest.mark.django_db
D = Decimal
NOVEMBER = date(2026, 11, 1)
TODAY = date(2026, 10, 15)


def test_the_forecast_of_the_worked_example():
    example = shared_example("FCST-1")
    history = {date(2026, int(m), 1): D(v) for m, v in example["input"]["history"].items()}
    index = {int(month): D(value) for month, value in example["input"]["index"].items()}
    flat = forecast(sum(history.values()), [8, 9, 10], 11, FLAT)
    assert flat == D(example["expected"]["average"])
    found = forecast(sum(history.values()), [8, 9, 10], 11, index)
    assert found == D(example["expected"]["forecast"])
    assert forecast(D("-5"), [8, 9, 10], 11, index) == 0
    assert forecast(D("100.00"), [8, 9, 10], 11, {8: D(0), 9: D(0), 10: D(0), 11: D(2)}) == D(
        "33.33"
    )


def test_a_season_is_made_of_full_years_alone():
    year = {date(2025, month, 1): D(100) for month in range(1, 13)} | {date(2025, 12, 1): D(500)}
    part = {date(2024, month, 1): D(7) for month in range(3, 13)}
    season = season_of(year | part)
    assert season[12] == D(500) * 12 / 1600
    assert set(season_of(part).values()) == {D(1)}


def test_the_days_of_the_worked_example(cast):
    expected = shared_example("CAL-3")["expected"]
    days = days_of_plan(date.fromisoformat(shared_example("CAL-3")["input"]["plan_month"] + "-01"))
    assert str(days.submit_by) == expected["plan_submission"]
    assert str(days.approve_by) == expected["plan_approval"]


@standing
def base(cast):
    """Clients of the sector, one of whom never bought, and some whom no plan covers."""
    found = {
        "regular": clients.client(cast.manager, category="A"),
        "new": clients.client(cast.manager2, category=None),
        "hall": clients.client(cast.manager, status="trading_hall"),
        "gone": clients.client(cast.manager, archived=True),
    }
    for month, amount in ((7, "300.00"), (8, "600.00"), (9, "900.00")):
        deals.sale(found["regular"], amount, on=date(2026, month, 14))
    deals.sale(found["regular"], "5000.00", on=date(2026, 10, 5))  # not a full month yet
    deals.payment(found["regular"], "1200.00", on=date(2026, 9, 30))
    contacts.plan_line(found["regular"], cast.manager, contacts=11)
    rollup.count_changes(today=TODAY)
    return found


def test_a_draft_is_the_average_of_the_last_months_and_is_made_once(cast, base):
    assert monthly_plan_draft(today=date(2026, 10, 14)) == 0
    assert monthly_plan_draft(today=TODAY) == 2
    assert monthly_plan_draft(today=date(2026, 10, 16)) == 0
    plan = MonthlyPlan.objects.get()
    assert (plan.org_unit, plan.month, plan.state) == (cast.department, NOVEMBER, "draft")
    line = plan.lines.get(client=base["regular"])
    assert (line.ship, line.cash, line.active) == (D("600.00"), D("400.00"), 1)
    assert line.contacts == 11, "the contact plan says it already"
    assert (line.manager, line.org_unit) == (cast.manager, cast.sector)
    newcomer = plan.lines.get(client=base["new"])
    assert (newcomer.ship, newcomer.cash, newcomer.active) == (None, None, None)
    assert plan.parts.count() == 2


def test_the_season_of_the_company_turns_the_average(cast, base):
    for month in range(1, 13):
        amount = "300.00" if month == 11 else "100.00"
        deals.sale(base["gone"], amount, on=date(2025, month, 12))
    rollup.count_changes(today=TODAY)
    draft_plans(month=NOVEMBER, today=TODAY)
    assert PlanLine.objects.get(client=base["regular"]).ship == D("1800.00")


def test_a_draft_is_the_average_of_the_fact_column_net_of_refunds(cast, base):
    """Also of a client that somebody else had: returns, refunds and reversals lower what is
    expected as they lower the fact."""
    client = base["regular"]
    deals.returned(client, "-150.00", on=date(2026, 9, 20))
    deals.payment(client, "900.00", on=date(2026, 8, 3))
    deals.payment(client, "450.00", on=date(2026, 9, 2), kind="refund", direction="out")
    wrong = deals.sale(client, "5000.00", on=date(2026, 8, 3))
    reverse_shipment(wrong.pk, by=cast.accountant, on=date(2026, 9, 3), reason="Ошибка учёта")
    ClientAssignment.objects.filter(client=client).update(valid_to=date(2026, 9, 10))
    ClientAssignment.objects.create(
        client=client, manager=cast.manager2, valid_from=date(2026, 9, 10)
    )
    rollup.count_changes(today=TODAY)
    months = [date(2026, month, 1) for month in (7, 8, 9)]
    facts = brought_to(client.pk, months)
    draft_plans(month=NOVEMBER, today=TODAY)
    line = PlanLine.objects.get(client=client)
    assert (line.ship, line.cash) == (D("550.00"), D("550.00"))  # 1800 − 150; 1200 + 900 − 450
    assert line.ship == sum(one.ship for one in facts.values()) / 3
    assert line.cash == sum(one.cash for one in facts.values()) / 3


def test_who_only_talked_has_brought_nothing_to_go_by(cast, base):
    contacts.done(base["new"], cast.manager2, "2026-09-07 10:00")
    rollup.count_changes(today=TODAY)
    draft_plans(month=NOVEMBER, today=TODAY)
    line = PlanLine.objects.get(client=base["new"])
    assert (line.ship, line.cash, line.active) == (None, None, None)


def test_the_head_draws_up_a_plan_and_brings_its_clients_up_to_date(cast, base):
    unit = cast.department.pk
    for person in (cast.manager, cast.sector_head, cast.stranger_head, cast.director):
        with pytest.raises(PermissionDenied):
            draw_up_plan(unit, month=NOVEMBER, by=person, today=TODAY)
    plan = draw_up_plan(unit, month=NOVEMBER, by=cast.department_head, today=TODAY)
    late = clients.client(cast.manager2)
    assert [(gap.client_id, gap.has_line) for gap in gaps_of(plan)] == [
        (base["new"].pk, True),
        (late.pk, False),
    ]
    ClientAssignment.objects.filter(client=base["regular"]).update(manager=cast.sector_head)
    with pytest.raises(PermissionDenied):
        follow_owners(plan.pk, by=cast.sector_head, today=TODAY)
    assert follow_owners(plan.pk, by=cast.department_head, today=TODAY) == 2
    assert follow_owners(plan.pk, by=cast.department_head, today=TODAY) == 0
    assert plan.lines.filter(client=late, manager=cast.manager2).exists()
    moved = plan.lines.get(client=base["regular"])
    assert (moved.manager, moved.ship) == (cast.sector_head, D("600.00"))
    assert plan.parts.filter(manager=cast.sector_head).exists()


def test_completeness_of_the_worked_example(cast):
    example = shared_example("PLAN-4")
    people = dict(
        zip(("M1", "M2", "M3"), (cast.manager, cast.manager2, cast.sector_head), strict=True)
    )
    plan = plans.plan(cast.department)
    for name, count in example["input"]["assigned"].items():
        for number in range(count):
            gap = {} if number < example["input"]["complete"][name] else {"cash": None}
            plans.line(plan, clients.client(people[name]), **gap)
    clients.client(cast.manager, status="trading_hall")
    plans.line(plan, clients.client(cast.stranger), cast.manager, unit=cast.sector)  # not theirs
    found, expected = coverage_of(plan), example["expected"]
    for name, person in people.items():
        assert found.by_part[cast.sector.pk, person.pk].percent == D(expected[name])
    assert found.total.percent == D(expected["department"])
    assert found.total.missing == len(gaps_of(plan)) == expected["missing"]
    assert gaps_of(plan)[0].missing == ("cash",)


def test_months_follow():
    assert following(date(2026, 12, 31)) == date(2027, 1, 1)
