"""What can never stand in the tables of plans, whoever writes them; who sees which rows."""

import pytest
from django.db import IntegrityError, transaction

from reports.models import MonthlyPlan, PlanLine, PlanPart
from tests.cast import fresh
from tests.factories import clients, plans


@pytest.fixture
def mine(cast):
    """A plan of the department with a line of each manager of the sector."""
    plan = plans.plan(cast.department)
    for manager in (cast.manager, cast.manager2):
        plans.line(plan, clients.client(manager=manager), manager, ship="100.00")
    return plan


def refused(name):
    return pytest.raises(IntegrityError, match=name)


def test_lines_of_a_plan_that_was_sent_do_not_change(cast, mine):
    first = mine.lines.first()
    plans.settle(mine, cast.director, "approved")
    stranger = clients.client(manager=cast.manager)
    for write in (
        lambda: PlanLine.objects.filter(pk=first.pk).update(ship=1),
        lambda: first.delete(),
        lambda: plans.line(mine, stranger),
    ):
        with refused("that was sent do not change"), transaction.atomic():
            write()


def test_an_approved_plan_is_not_taken_back(cast, mine):
    plans.settle(mine, cast.director)
    rows = MonthlyPlan.objects.filter(pk=mine.pk)
    for change in ({"state": "draft", "approved_by": None}, {"month": "2026-10-01"}):
        with refused("plan that was approved stays"), transaction.atomic():
            rows.update(**change)
    with refused("that was approved stays"), transaction.atomic():
        rows.update(state="approved")
    rows.update(state="superseded")


def test_one_plan_is_in_work_and_one_in_force(cast, mine):
    with refused("plan_one_in_work"), transaction.atomic():
        plans.plan(cast.department, revision=2, comment="Исправлено")
    plans.settle(mine, cast.director)
    with refused("plan_one_in_force"), transaction.atomic():
        plans.plan(cast.department, revision=2, comment="Ещё", state="approved", by=cast.director)
    plans.plan(cast.department, revision=2, comment="Исправлено")


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"ship": "-0.01"}, "plan_line_not_negative"),
        ({"active": 2}, "plan_line_active_0_or_1"),
        ({"contacts": 501}, "plan_line_contacts_bounded"),
    ],
)
def test_a_line_holds_no_nonsense(cast, mine, values, name):
    one = clients.client(manager=cast.manager)
    with refused(name), transaction.atomic():
        plans.line(mine, one, cast.manager, **values)


def test_everybody_sees_own_lines_and_heads_those_of_their_units(cast, mine):
    seen = {
        "manager": (1, 1, 1),
        "sector_head": (1, 2, 2),
        "department_head": (1, 2, 2),
        "director": (1, 2, 2),
        "accountant": (1, 2, 2),
        "stranger": (0, 0, 0),
        "stranger_head": (0, 0, 0),
        "logistics": (0, 0, 0),
        "purchasing": (0, 0, 0),
    }
    for name, counts in seen.items():
        person = fresh(getattr(cast, name))
        models = (MonthlyPlan, PlanPart, PlanLine)
        assert tuple(m.objects.visible_to(person).count() for m in models) == counts, name
