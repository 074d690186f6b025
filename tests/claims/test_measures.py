"""Corrective measures: who plans, carries out and judges; the rate before and after (CM-04)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from claims.actions import measures as actions
from claims.actions.measures import Plan
from claims.models import CorrectiveMeasure
from crm.errors import RuleViolation, StaleVersion
from crm.notices.models import Notice
from tests.factories import claims, clients, deals

pytestmark = pytest.mark.django_db
D = Decimal
TODAY = date(2026, 11, 2)


@pytest.fixture
def client(cast):
    """A buyer of 1,000 roubles in October and in December."""
    client = clients.client(cast.manager)
    for day in (date(2026, 10, 12), date(2026, 12, 14)):
        deals.sale(client, "1000.00", on=day)
    return client


def plan(cast, **more):
    more = {"reason": claims.reason("breakage"), "guilty_party": "", "product_group": None} | more
    return Plan(
        title="Новая упаковка",
        description="",
        owner=more.pop("owner", cast.manager),
        due_on=more.pop("due_on", date(2026, 11, 20)),
        **more,
    )


def planned(cast, *, by=None, **more):
    by = by or cast.department_head
    return actions.plan_measure(cast.department.pk, plan(cast, **more), by=by, today=TODAY)


def test_the_rate_before_and_after_is_claimed_of_shipped(cast, client):
    breakage = {"reason": claims.reason("breakage")}
    claims.claim(client, "150.00", on=date(2026, 10, 20), **breakage)
    claims.claim(client, "500.00", on=date(2026, 10, 20))  # of another reason
    withdrawn = {"state": "withdrawn", "objection": "Нет"}
    claims.claim(client, "900.00", on=date(2026, 10, 20), **breakage, **withdrawn)
    claims.claim(client, "30.00", on=date(2026, 12, 20), **breakage)
    row = planned(cast)
    assert (row.before_to, row.before_claims, row.before_rate) == (date(2026, 11, 1), 1, D("15"))
    assert (row.before_to - row.before_from).days == 89

    row = actions.begin_measure(row.pk, by=cast.manager, version=1)
    with pytest.raises(RuleViolation):
        actions.finish_measure(
            row.pk, by=cast.manager, version=2, on=TODAY + timedelta(days=1), today=TODAY
        )
    row = actions.finish_measure(row.pk, by=cast.manager, version=2, on=TODAY, today=TODAY)
    judged = {"by": cast.department_head, "version": 3, "conclusion": "Помогло"}
    with pytest.raises(RuleViolation):
        actions.check_measure(row.pk, today=TODAY, **judged)  # no day has gone by
    with pytest.raises(PermissionDenied):  # whoever answers for it does not judge it
        actions.check_measure(row.pk, today=date(2027, 3, 1), **judged | {"by": cast.manager})
    row = actions.check_measure(row.pk, today=date(2027, 3, 1), **judged)
    assert (row.state, row.after_claims, row.after_rate) == ("checked", 1, D("3"))
    with pytest.raises(PermissionDenied):
        actions.give_up_measure(row.pk, by=cast.director, version=4, reason="Поздно")


def test_by_group_of_goods_it_goes_by_lines(cast):
    tea = deals.product()
    tea.group = tea._meta.get_field("group").related_model.objects.create(name="Чай")
    tea.save(update_fields=["group"])
    client = clients.client(cast.manager)
    line = {"product": tea, "quantity": 1, "price": 200, "amount": D("200.00")}
    deals.sale(client, "1000.00", on=date(2026, 10, 12), lines=[line])
    claimed = {"product": tea, "quantity": 1, "amount": D("20.00")}
    claims.claim(client, "20.00", on=date(2026, 10, 20), lines=[claimed])
    row = planned(cast, reason=None, product_group=tea.group)
    assert (row.before_claims, row.before_rate) == (1, D("10"))


def test_heads_plan_for_their_units_and_only_against_a_problem(cast):
    for by in (cast.manager, cast.accountant, cast.stranger_head, cast.purchasing):
        with pytest.raises((PermissionDenied, cast.department.DoesNotExist)):
            planned(cast, by=by)
    for wrong in ({"due_on": date(2026, 11, 1)}, {"reason": None}):
        with pytest.raises(RuleViolation):
            planned(cast, **wrong)
    assert CorrectiveMeasure.objects.count() == 0
    row = planned(cast, by=cast.director)
    with pytest.raises(StaleVersion):
        actions.begin_measure(row.pk, by=cast.manager, version=7)
    seen = {
        who: CorrectiveMeasure.objects.visible_to(getattr(cast, who)).count()
        for who in ("manager", "manager2", "department_head", "stranger_head", "marketer")
    }
    assert seen == {
        "manager": 1,
        "manager2": 0,
        "department_head": 1,
        "stranger_head": 0,
        "marketer": 0,
    }
    gone = actions.give_up_measure(row.pk, by=cast.director, version=1, reason="Дорого")
    assert (gone.state, gone.conclusion) == ("cancelled", "Дорого")


def test_a_late_measure_is_told_once_to_whoever_answers_and_to_the_head(cast):
    row = planned(cast)
    assert actions.tell_of_late_measures(today=row.due_on) == 0
    actions.tell_of_late_measures(today=row.due_on + timedelta(days=1))
    told = Notice.objects.filter(kind="measure.late", channel="ui")
    assert {one.user_id for one in told} == {cast.manager.pk, cast.department_head.pk}
    assert actions.tell_of_late_measures(today=row.due_on + timedelta(days=2)) == 0
