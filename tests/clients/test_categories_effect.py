"""When an approved change of category takes effect: on its day, once, also late (C.6)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from clients.actions.categories import apply_category_changes
from clients.models import CategoryAssignment, CategoryChangeState
from crm.notices.models import Notice
from tests.clients.test_categories import FIRST, ask, decide
from tests.factories import categories as make
from tests.factories.categories import SINCE, TODAY

MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.fixture
def client(cast):
    return make.client(cast.manager, name="ООО «Ромашка»", by=cast.department_head)


def approved(cast, client, **more):
    request = ask(client, cast.manager, **more)
    decide(request, cast.department_head)
    return decide(request, cast.director)


def history(client):
    rows = CategoryAssignment.objects.filter(client=client).order_by("valid_from")
    return [(row.category, row.valid_from, row.valid_to, row.kind) for row in rows]


def test_a_change_takes_effect_on_its_day_and_not_before(cast, client):
    request = approved(cast, client)
    assert apply_category_changes(today=FIRST - timedelta(days=1)) == 0
    assert apply_category_changes(today=FIRST) == 1
    client.refresh_from_db()
    assert (client.category, client.category_since) == ("A", FIRST)
    assert history(client) == [("B", SINCE, FIRST, "initial"), ("A", FIRST, None, "change")]
    request.refresh_from_db()
    assert request.state == "effective"
    assert request.assignment.decided_by == cast.director
    notice = Notice.objects.get(user=cast.manager, kind="category.effective", channel="ui")
    assert notice.params["to"] == "A"


def test_twice_and_late_changes_nothing_more(cast, client):
    approved(cast, client)
    late = FIRST + timedelta(days=40)
    assert apply_category_changes(today=late) == 1
    before = history(client)
    assert before[-1] == ("A", FIRST, None, "change")  # the day that was approved
    assert apply_category_changes(today=late) == 0
    assert apply_category_changes(today=FIRST) == 0
    assert history(client) == before
    assert Notice.objects.filter(kind="category.effective", user=cast.manager).count() == 2


def test_an_approval_after_the_day_takes_effect_on_the_next_one(cast, client):
    request = ask(client, cast.manager, day=TODAY)
    decide(request, cast.department_head)
    decide(request, cast.director, today=TODAY + timedelta(days=3))
    assert request.effective_from == TODAY + timedelta(days=4)
    assert apply_category_changes(today=TODAY + timedelta(days=3)) == 0
    assert apply_category_changes(today=TODAY + timedelta(days=4)) == 1


@pytest.mark.parametrize("state", [s for s in CategoryChangeState if s != "approved"])
def test_only_approved_requests_take_effect(cast, client, state):
    make.change(client, cast.manager, state=state, effective_from=TODAY)
    assert apply_category_changes(today=TODAY) == 0
    client.refresh_from_db()
    assert client.category == "B"


def test_the_norm_of_contacts_follows_the_category(cast, client):
    from clients.contacting.norms import norm_of

    approved(cast, client)
    apply_category_changes(today=FIRST)
    client.refresh_from_db()
    assert norm_of(client).contacts == 8


def test_the_period_runner_applies_a_missed_night_once(cast, client):
    from crm.work import periodic
    from crm.work.models import PeriodRun

    approved(cast, client)
    moment = datetime(2026, 11, 30, 12, tzinfo=MOSCOW)
    periodic.run_due(moment, only="apply_category_changes")
    assert history(client)[-1][0] == "B"
    after = datetime(2026, 12, 4, 9, tzinfo=MOSCOW)  # down for three nights
    periodic.run_due(after, only="apply_category_changes")
    periodic.run_due(after, only="apply_category_changes")
    assert history(client)[-1] == ("A", FIRST, None, "change")
    runs = PeriodRun.objects.filter(kind="apply_category_changes")
    assert {run.state for run in runs} == {"done"}
    assert sum(run.affected for run in runs) == 1
