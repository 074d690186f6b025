"""What plans and budgets have in common: what was approved never goes back, whoever asks."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from reports.models import Budget, MonthlyPlan
from reports.models.budgets import BUDGET
from reports.models.plans import PLAN
from tests.factories import clients, costs, plans


def a_plan(cast):
    plan = plans.plan(cast.department, state="draft")
    plans.line(plan, clients.client(cast.manager))
    return plan


def a_budget(cast):
    return costs.budget(cast.department, cast.department_head, travel="10")


KINDS = pytest.mark.parametrize(
    ("model", "way", "made"),
    [(MonthlyPlan, PLAN, a_plan), (Budget, BUDGET, a_budget)],
    ids=["plan", "budget"],
)


def refused(write, name):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        write()
    assert refusal.value.__cause__.diag.constraint_name == name


@KINDS
def test_what_was_approved_goes_only_on(cast, model, way, made):
    rows = model.objects.filter(pk=made(cast).pk)
    now = timezone.now()
    sent = {"sent_by": cast.department_head, "sent_at": now}
    refused(lambda: rows.update(state="on_approval"), f"{way.name}_sent_by_somebody")
    refused(lambda: rows.update(state="approved", **sent), f"{way.name}_approved_has_approver")
    rows.update(state="approved", approved_by=cast.director, approved_at=now, **sent)
    assert way.decided[0] == "approved"
    kept = f"{way.name}_decided_stays"
    for place, state in enumerate(way.decided):
        rows.update(state=state)
        for other in {*way.in_work, *way.decided[:place]}:
            refused(lambda other=other: rows.update(state=other), kept)
        moved = {"revision": 9, "org_unit": cast.other_department, "approved_by": cast.admin}
        for change in ({name: value} for name, value in moved.items()):
            refused(lambda change=change: rows.update(**change), kept)
        refused(rows.get().lines.all().delete, f"{way.name}_line_sent_stays")
        refused(lambda: rows._raw_delete("default"), kept)


@KINDS
def test_every_state_is_in_work_or_decided(model, way, made):
    states = set(way.moves)
    assert states == {*way.in_work, *way.decided} == {value for value, _label in state_of(model)}
    rows = model.objects.all()
    assert (set(rows.IN_WORK), set(rows.IN_FORCE)) == (set(way.in_work), set(way.in_force))
    assert way.period == rows.PERIOD
    assert way.taken_back in way.moves["on_approval"]


def state_of(model):
    return model._meta.get_field("state").choices
