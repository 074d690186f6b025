"""The way of a monthly plan from the draft to the lock, and its corrections (C.5 no. 23, C.9)."""

from datetime import date
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied

from clients.actions.contact_plan import edit_plan_line
from clients.models import ContactPlanLine
from crm.approvals.actions import decide, seed_routes
from crm.approvals.models import Approval
from crm.errors import RuleViolation, StaleVersion
from crm.notices.models import Notice
from crm.states import move
from reports.actions import plan_moves as actions
from reports.models import PART_MOVES, PLAN_MOVES, MonthlyPlan, PlanLine
from reports.tasks.plans import plan_completeness_check, plan_deadline_reminders, plan_lock
from tests.cast import fresh
from tests.factories import clients, plans

pytestmark = pytest.mark.django_db
TODAY = date(2026, 10, 22)


@pytest.fixture
def plan(cast):
    """A whole draft of November with a client of each manager."""
    seed_routes()
    found = plans.plan(cast.department)
    for manager in (cast.manager, cast.manager2):
        plans.line(found, clients.client(manager), ship="100.00", contacts=3)
    return found


def part_of(plan, person):
    return plan.parts.get(manager=person)


def fill(plan, person):
    part = part_of(plan, person)
    return actions.fill_part(part.pk, by=person, version=part.version)


def submit(plan, cast, by=None):
    plan.refresh_from_db()
    by = by or cast.sector_head
    return actions.submit_unit(plan.pk, cast.sector.pk, by=by, version=plan.version, today=TODAY)


def send(plan, cast):
    plan.refresh_from_db()
    return actions.send_plan(plan.pk, by=cast.department_head, version=plan.version, today=TODAY)


def answer(plan, cast, decision="approve", comment="", today=TODAY):
    plan.refresh_from_db()
    waiting = Approval.objects.get(object_id=plan.pk, kind="plan", state="running")
    decide(
        waiting.pk,
        by=fresh(cast.director),
        decision=decision,
        comment=comment,
        version=waiting.version,
        target_version=plan.version,
        today=today,
    )
    plan.refresh_from_db()
    return plan


def test_a_plan_goes_from_the_managers_to_the_director_and_is_locked(cast, plan):
    with pytest.raises(PermissionDenied):
        actions.fill_part(part_of(plan, cast.manager).pk, by=cast.sector_head, version=1)
    assert fill(plan, cast.manager).state == "filled"
    assert not Notice.objects.filter(kind="plan.unit_filled").exists()
    fill(plan, cast.manager2)
    assert Notice.objects.filter(kind="plan.unit_filled", user=cast.sector_head).exists()
    with pytest.raises(PermissionDenied):
        submit(plan, cast, by=cast.manager)
    with pytest.raises(PermissionDenied):
        send(plan, cast)
    stale = {"by": cast.sector_head, "version": plan.version + 1, "today": TODAY}
    with pytest.raises(StaleVersion):
        actions.submit_unit(plan.pk, cast.sector.pk, **stale)
    assert submit(plan, cast).state == "submitted"
    assert part_of(plan, cast.manager).first_submitted_on == TODAY
    assert send(plan, cast).state == "on_approval"
    answer(plan, cast)
    assert (plan.state, plan.approved_by) == ("approved", cast.director)
    counts = ContactPlanLine.objects.filter(month=plan.month).values_list(
        "planned_count", "version"
    )
    assert sorted(counts) == [(3, 1), (3, 1)]
    assert plan_lock(today=date(2026, 10, 31)) == 0
    assert (plan_lock(today=plan.month), plan_lock(today=plan.month)) == (1, 0)
    plan.refresh_from_db()
    assert plan.state == "locked"


def test_a_plan_comes_back_at_each_step_with_words(cast, plan):
    fill(plan, cast.manager)
    part = part_of(plan, cast.manager)
    back = {"by": cast.sector_head, "version": part.version}
    with pytest.raises(RuleViolation):
        actions.return_part(part.pk, comment=" ", **back)
    assert actions.return_part(part.pk, comment="Мало", **back).comment == "Мало"
    assert Notice.objects.filter(kind="plan.part_returned", user=cast.manager).exists()
    submit(plan, cast)
    part = part_of(plan, cast.manager)
    with pytest.raises(PermissionDenied):
        actions.return_part(part.pk, by=cast.sector_head, version=part.version, comment="Нет")
    actions.return_part(part.pk, by=cast.department_head, version=part.version, comment="Ещё")
    plan.refresh_from_db()
    assert plan.state == "returned"
    with pytest.raises(RuleViolation):
        send(plan, cast)
    assert submit(plan, cast).state == "submitted"
    send(plan, cast)
    answer(plan, cast, "return", "Добавьте новых")
    assert (plan.state, plan.comment) == ("returned", "Добавьте новых")
    assert send(plan, cast).state == "on_approval"


def test_a_plan_with_gaps_is_not_handed_in(cast, plan):
    PlanLine.objects.filter(manager=cast.manager).update(cash=None)
    newcomer = clients.client(cast.manager2)
    with pytest.raises(RuleViolation):
        fill(plan, cast.manager)
    with pytest.raises(RuleViolation, match=newcomer.name):
        fill(plan, cast.manager2)
    with pytest.raises(RuleViolation, match="2"):
        submit(plan, cast)


def test_a_correction_takes_the_place_of_what_holds(cast, plan):
    submit(plan, cast)
    send(plan, cast)
    answer(plan, cast)
    stale = {"by": cast.department_head, "version": plan.version}
    with pytest.raises(PermissionDenied):
        actions.correct_plan(plan.pk, by=cast.sector_head, version=plan.version, comment="x")
    made = actions.correct_plan(plan.pk, comment="Клиент ушёл", **stale)
    with pytest.raises(RuleViolation):
        actions.correct_plan(plan.pk, comment="Ещё раз", **stale)
    made.lines.filter(manager=cast.manager).update(ship=7)
    held = PlanLine.objects.in_force(plan.month)
    assert {line.plan_id for line in held} == {plan.pk}, "the old one holds meanwhile"
    send(made, cast)
    answer(made, cast, today=date(2026, 11, 9))
    plan.refresh_from_db()
    assert (plan.state, made.state, made.revision) == ("superseded", "locked", 2)
    assert {line.plan_id for line in held.all()} == {made.pk}


def test_the_contact_plan_is_changed_in_the_plan_alone(cast, plan):
    submit(plan, cast)
    send(plan, cast)
    answer(plan, cast)
    line = ContactPlanLine.objects.filter(month=plan.month).first()
    change = {"by": cast.department_head, "version": line.version, "today": TODAY}
    with pytest.raises(RuleViolation):
        edit_plan_line(line.pk, planned_count=9, planned_visits=1, **change)
    assert edit_plan_line(line.pk, planned_count=3, planned_visits=1, **change).planned_visits == 1


def test_a_plan_makes_no_other_moves(cast, plan):
    for state, to in product(PLAN_MOVES, PLAN_MOVES):
        if to not in PLAN_MOVES[state]:
            with pytest.raises(RuleViolation):
                move(MonthlyPlan(state=state), PLAN_MOVES, to)
    assert set(PART_MOVES) == {"open", "returned", "filled", "submitted"}


def test_people_are_told_whose_turn_it_is_once_a_day(cast, plan, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY)
    assert plan_deadline_reminders(today=date(2026, 10, 10)) == 0, "a day gone by"
    assert plan_deadline_reminders(today=TODAY) > 0
    assert plan_deadline_reminders(today=TODAY) == 0
    told = Notice.objects.filter(kind="plan.soon", channel="ui").values_list("user", flat=True)
    assert set(told) == {cast.manager.pk, cast.manager2.pk, cast.sector_head.pk}
    plan.lines.filter(manager=cast.manager).update(ship=None)
    assert plan_completeness_check(today=TODAY) == 2
    assert plan_completeness_check(today=TODAY) == 0
    late = date(2026, 10, 26)
    plan_deadline_reminders(today=late)
    assert Notice.objects.filter(kind="plan.late", user=cast.manager).exists()
