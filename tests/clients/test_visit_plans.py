"""The month of merchandisers: drawn up by the norm, agreed with marketing."""

from datetime import datetime, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from clients.actions import visits as actions
from clients.actions.visit_plans import agree_visit_plan, make_visit_plan, make_visit_plans
from clients.models import MerchandiserVisit, VisitPlan
from clients.visit_norms import spread
from crm.calendar import is_working_day, month_start
from crm.errors import RuleViolation, StaleVersion
from crm.notices.models import Notice
from crm.work.actions import change_setting
from tests.factories import clients, visits
from tests.guarding import refused

TODAY = timezone.localdate()
DAY = timedelta(days=1)
NEXT = month_start(TODAY, 1)


@pytest.fixture
def client(cast):
    return clients.client(cast.manager, category="A", name="ООО «Полка»")


@pytest.fixture
def place(client, cast):
    return visits.outlet(client, cast.merchandiser, address="Тверь, Новая, 1")


def agree(plan, by, on=None):
    moment = timezone.make_aware(datetime.combine(on or TODAY, time(12)))
    return agree_visit_plan(plan.pk, by=by, version=plan.version, now=moment)


def test_visits_are_spread_evenly_and_other_places_get_other_days():
    days = [TODAY + n * DAY for n in range(20)]
    assert spread(days, 4, 0, 10) == [days[0], days[5], days[10], days[15]]
    assert spread(days, 4, 5, 10) == [days[2], days[7], days[12], days[17]]
    assert spread(days, 0, 0, 1) == []
    assert spread(days[:2], 4, 0, 1) == days[:2]
    full = [len([1 for n in range(20) if day in spread(days, 4, n, 20)]) for day in days]
    assert full == [4] * 20


def test_the_month_has_as_many_visits_as_the_norm_of_the_category(cast, client, place):
    second = visits.outlet(clients.client(cast.manager2, category=None), cast.merchandiser)
    closed = visits.outlet(client, cast.merchandiser, archived_at=timezone.now())
    plan = make_visit_plan(NEXT, by=cast.department_head, today=TODAY)
    rows = plan.visits.all()
    assert rows.filter(outlet=place).count() == 4
    assert rows.filter(outlet=second).count() == 1
    assert not rows.filter(outlet=closed).exists()
    assert all(
        is_working_day(row.planned_on) and month_start(row.planned_on) == NEXT for row in rows
    )
    assert all(row.merchandiser == cast.merchandiser for row in rows)
    # Again: only what the norm wants by now is added.
    change_setting("visits.norm_c", value="2", by=cast.admin)
    again = make_visit_plan(NEXT, by=cast.department_head, today=TODAY)
    assert (again.pk, again.version) == (plan.pk, plan.version + 1)
    assert rows.filter(outlet=place).count() == 4
    assert rows.filter(outlet=second).count() == 2


def test_the_clock_draws_up_the_next_month_from_its_day_on_and_tells_marketing_once(cast, place):
    first = month_start(TODAY)
    assert make_visit_plans(today=first.replace(day=19)) > 0
    assert [plan.month for plan in VisitPlan.objects.all()] == [first]
    assert make_visit_plans(today=first.replace(day=20)) == 4
    assert make_visit_plans(today=first.replace(day=21)) == 0
    assert VisitPlan.objects.count() == 2
    told = Notice.objects.filter(kind="visits.plan_waits", channel="ui", user=cast.marketer)
    assert told.count() == 2


def test_without_merchandisers_the_clock_draws_up_nothing_and_a_person_is_told(cast, client):
    clients.outlet(client)
    assert make_visit_plans(today=TODAY.replace(day=28)) == 0
    assert not VisitPlan.objects.exists()
    with pytest.raises(RuleViolation):
        make_visit_plan(NEXT, by=cast.department_head, today=TODAY)
    assert not VisitPlan.objects.exists()
    with pytest.raises(RuleViolation):
        make_visit_plan(month_start(TODAY, -1), by=cast.department_head, today=TODAY)


def test_only_marketing_agrees_and_only_then_the_merchandiser_sees_the_month(cast, place):
    for person in (cast.manager, cast.sector_head, cast.marketer, cast.merchandiser):
        with pytest.raises(PermissionDenied):
            make_visit_plan(NEXT, by=person, today=TODAY)
    plan = make_visit_plan(NEXT, by=cast.department_head, today=TODAY)
    mine = MerchandiserVisit.objects.visible_to(cast.merchandiser)
    assert not mine.exists()
    assert MerchandiserVisit.objects.visible_to(cast.manager).count() == 4
    for person in (cast.department_head, cast.director):
        refused(PermissionDenied, lambda who=person: agree(plan, who), "clients_visitplan")
    with pytest.raises(StaleVersion):
        agree_visit_plan(plan.pk, by=cast.marketer, version=9, now=timezone.now())
    agreed = agree(plan, cast.marketer)
    assert (agreed.state, agreed.approved_by) == ("approved", cast.marketer)
    assert mine.count() == 4
    assert Notice.objects.filter(kind="visits.plan_agreed", user=cast.merchandiser).exists()
    with pytest.raises(RuleViolation):
        agree(agreed, cast.marketer)
    with pytest.raises(RuleViolation):
        make_visit_plan(NEXT, by=cast.department_head, today=TODAY)


def test_days_that_went_by_while_marketing_thought_are_made_up_for(cast, place):
    plan = make_visit_plan(NEXT, by=cast.department_head, today=TODAY)
    days = sorted(plan.visits.values_list("planned_on", flat=True))
    agree(plan, cast.marketer, on=days[2])
    moved = sorted(plan.visits.values_list("planned_on", flat=True))
    assert len(set(moved)) == 4
    assert moved[0] >= days[2]
    assert not plan.visits.filter(state="cancelled").exists()
    assert actions.mark_missed_visits(today=days[2]) == 0


def test_visits_for_which_no_day_is_left_are_called_off_not_missed(cast, place):
    plan = make_visit_plan(NEXT, by=cast.department_head, today=TODAY)
    agree(plan, cast.marketer, on=month_start(NEXT, 1))
    assert set(plan.visits.values_list("state", flat=True)) == {"cancelled"}
