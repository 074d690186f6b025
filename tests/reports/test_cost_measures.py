"""Cost-reduction measures: planned, carried out, the saving believed by another; late ones told."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from crm.errors import RuleViolation, StaleVersion
from crm.notices.models import Notice
from reports.actions import cost_measures as actions
from reports.models import SAVING_MOVES, CostMeasure, SavingState
from tests.cast import signed_in
from tests.factories import costs
from tests.guarding import refused

D = Decimal
TODAY = costs.TODAY
DONE = {"on": TODAY, "actual_saving": D("90000"), "result": "Курьер не нужен", "today": TODAY}


def plan(owner, **more):
    values = {"title": "ЭДО вместо курьера", "description": "", "item": None, "owner": owner}
    values |= {"due_on": TODAY + timedelta(days=30), "planned_saving": D("120000")}
    return actions.SavingPlan(**values | more)


def test_a_measure_is_carried_out_and_believed_by_another(cast):
    head, owner = cast.department_head, cast.sector_head
    row = actions.plan_saving(cast.sector.pk, plan(owner), by=head, today=TODAY)
    assert Notice.objects.filter(kind="saving.planned", user=owner, channel="ui").count() == 1
    for other in (cast.manager, cast.stranger_head, cast.accountant):
        with pytest.raises(PermissionDenied):
            actions.plan_saving(cast.sector.pk, plan(owner), by=other, today=TODAY)
    refused(
        StaleVersion,
        lambda: actions.begin_saving(row.pk, by=owner, version=9),
        "reports_costmeasure",
    )
    row = actions.begin_saving(row.pk, by=owner, version=1)
    row = actions.finish_saving(row.pk, by=owner, version=2, **DONE)
    assert Notice.objects.filter(kind="saving.done", user=head, channel="ui").count() == 1
    refused(PermissionDenied, lambda: actions.confirm_saving(row.pk, by=owner, version=3))
    row = actions.send_saving_back(row.pk, by=head, version=3, reason="Где расчёт?")
    assert (row.state, row.actual_saving) == ("running", None)
    row = actions.finish_saving(row.pk, by=owner, version=4, **DONE)
    row = actions.confirm_saving(row.pk, by=head, version=5)
    assert (row.state, row.confirmed_by) == ("confirmed", head)


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("title", {"title": " "}),
        ("due_on", {"due_on": TODAY - timedelta(days=1)}),
        ("planned_saving", {"planned_saving": D(0)}),
    ],
)
def test_what_is_wrong_is_said_at_the_field(cast, field, change):
    what = plan(cast.sector_head, **change)
    with pytest.raises(RuleViolation) as wrong:
        actions.plan_saving(cast.sector.pk, what, by=cast.department_head, today=TODAY)
    assert wrong.value.field == field


def test_every_forbidden_move_is_refused(cast):
    head, owner = cast.department_head, cast.sector_head
    moves = {
        "running": lambda pk: actions.begin_saving(pk, by=owner, version=1),
        "done": lambda pk: actions.finish_saving(pk, by=owner, version=1, **DONE),
        "confirmed": lambda pk: actions.confirm_saving(pk, by=head, version=1),
        "cancelled": lambda pk: actions.give_up_saving(pk, by=head, version=1, reason="Дорого"),
    }
    assert set(SAVING_MOVES) == set(SavingState)
    for state in SavingState.values:
        for target, act in moves.items():
            if target in SAVING_MOVES[state] and (state, target) != ("done", "running"):
                continue
            row = costs.measure(owner, head, state=state)
            with pytest.raises((RuleViolation, PermissionDenied)):
                act(row.pk)
            row.refresh_from_db()
            assert row.state == state


def test_the_database_keeps_the_facts(cast):
    wrong = {
        "cost_measure_done_has_result": {"state": "done", "result": ""},
        "cost_measure_confirmed_by_another": {"state": "confirmed", "confirmed_by": cast.manager},
        "cost_measure_given_up_says_why": {"state": "cancelled", "comment": ""},
        "cost_measure_savings_in_bounds": {"planned_saving": D(0)},
    }
    for name, values in wrong.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            costs.measure(cast.manager, cast.department_head, **values)


def test_late_ones_are_told_of_once(cast):
    row = costs.measure(cast.manager, cast.department_head, due_on=TODAY)
    costs.measure(cast.manager, cast.department_head, due_on=TODAY, state="done")
    assert actions.tell_of_late_savings(today=TODAY) == 0
    tomorrow = TODAY + timedelta(days=1)
    # The owner and the sector's head, each in the product and by letter.
    assert actions.tell_of_late_savings(today=tomorrow) == 4
    assert actions.tell_of_late_savings(today=tomorrow + timedelta(days=9)) == 0
    assert row in CostMeasure.objects.late(tomorrow)


def test_the_pages_and_who_sees_them(cast):
    row = costs.measure(cast.sector_head, cast.department_head)
    page = signed_in(cast.department_head).get(reverse("reports:saving_list")).content.decode()
    assert row.title in page
    assert "120\xa0000,00" in page
    assert signed_in(cast.stranger_head).get(row.get_absolute_url()).status_code == 404
    assert signed_in(cast.manager).get(row.get_absolute_url()).status_code == 404
    browser = signed_in(cast.department_head)
    url = reverse("reports:saving_edit", args=[row.pk])
    data = {"title": "Новое", "owner": cast.manager.pk, "due_on": "2026-12-31"}
    assert browser.post(url, data | {"planned_saving": "0", "version": 1}).status_code == 422
    assert browser.post(url, data | {"planned_saving": "5", "version": 1}).status_code == 302
    row.refresh_from_db()
    assert (row.title, row.owner, row.planned_saving) == ("Новое", cast.manager, 5)
