"""A late decision goes on to the next superior, who may then decide beside the signer."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from crm.accounts.models import User
from crm.approvals import actions
from crm.approvals.models import Approval, ApprovalStep
from crm.notices.models import Notice
from crm.work import periodic, registry
from crm.work.models import Setting
from tests.approvals import toy
from tests.factories.categories import TODAY

LAST_DAY = date(2026, 11, 25)  # of the first step
NOT_YET = date(2026, 11, 27)  # two working days later
DUE = date(2026, 11, 30)  # the third one, a Monday


def step_of(approval, order=1):
    return ApprovalStep.objects.get(approval=approval, order=order)


def told():
    found = Notice.objects.filter(kind=f"{toy.KIND}.escalated", channel="ui")
    return sorted(found.values_list("user__username", flat=True))


def test_it_goes_on_after_the_days_of_the_setting_and_only_once(cast, toys):
    approval = toy.submit(cast, cast.manager)
    assert step_of(approval).due_on == LAST_DAY
    with pytest.raises((PermissionDenied, Approval.DoesNotExist)):
        toy.decide(approval, cast.stranger_head)
    for day in (NOT_YET, NOT_YET + timedelta(days=1)):  # a working day too early, a Saturday
        assert actions.escalate_overdue(today=day) == 0
    assert actions.escalate_overdue(today=DUE) == 1
    assert actions.escalate_overdue(today=DUE + timedelta(days=1)) == 0
    step = step_of(approval)
    assert (step.escalated_unit, step.escalated_on) == (cast.department, DUE)
    assert told() == ["department_head", "manager", "sector_head"]
    assert step.events.latest("pgh_id").pgh_context["verb"] == f"{toy.KIND}.escalated"


@pytest.mark.parametrize("who", ["sector_head", "department_head"])
def test_the_superior_may_decide_and_so_may_the_signer(cast, toys, who):
    approval = toy.submit(cast, cast.manager)
    person = getattr(cast, who)
    assert Approval.objects.waiting_for(cast.department_head, today=DUE).count() == 0
    actions.escalate_overdue(today=DUE)
    assert Approval.objects.waiting_for(person, today=DUE).get() == approval
    toy.decide(approval, person, today=DUE)
    assert step_of(approval).decided_by == person


def test_a_superior_who_gave_the_visa_is_not_asked_again(cast, toys):
    approval = toy.submit(cast, cast.manager)  # sector head, department head, director
    actions.escalate_overdue(today=DUE)
    toy.decide(approval, cast.department_head, today=DUE)
    assert step_of(approval, 2).skipped_because == "signed_before"
    toy.decide(approval, cast.director, today=DUE)
    assert Approval.objects.get(pk=approval.pk).state == "approved"


def test_whoever_decides_later_keeps_free_for_it(cast, toys):
    toy.route(cast, toy.VISA, actions.StepDraft("approve", unit_kind="department"))
    approval = toy.submit(cast, cast.manager)
    actions.escalate_overdue(today=DUE)
    assert step_of(approval).escalated_unit == cast.company
    toy.decide(approval, cast.director, today=DUE)
    toy.decide(approval, cast.department_head, today=DUE)
    assert Approval.objects.get(pk=approval.pk).state == "approved"


def test_nobody_below_or_beside_gets_it(cast, toys):
    approval = toy.submit(cast, cast.manager)
    actions.escalate_overdue(today=DUE)
    for person in (cast.manager, cast.manager2, cast.stranger_head, cast.accountant):
        with pytest.raises((PermissionDenied, Approval.DoesNotExist)):
            toy.decide(approval, person, today=DUE)


def test_the_author_and_empty_chairs_are_passed_over(cast, toys):
    """The head of the department asks: the step of the sector goes on to the company."""
    toy.route(cast, toy.VISA, toy.LAWYER)
    toy.submit(cast, cast.department_head)
    actions.escalate_overdue(today=DUE)
    step = ApprovalStep.objects.get(state="waiting")
    assert step.escalated_unit == cast.company


@pytest.mark.parametrize(
    ("role", "superior"), [("lawyer", "director"), ("director", "general_director")]
)
def test_a_role_of_the_company_is_followed_by_the_directors(cast, toys, role, superior):
    toy.route(cast, actions.StepDraft("approve", role=role))
    approval = toy.submit(cast, cast.manager)
    actions.escalate_overdue(today=DUE)
    assert step_of(approval).escalated_role == superior


def test_above_the_top_is_nobody(cast, toys):
    toy.route(cast, actions.StepDraft("approve", role="general_director"))
    toy.submit(cast, cast.manager)
    assert actions.escalate_overdue(today=DUE) == 0
    User.objects.filter(role__in=["director", "general_director"]).update(is_active=False)
    toy.route(cast, toy.LAWYER)
    toy.submit(cast, cast.manager, target=cast.other_department)
    assert actions.escalate_overdue(today=DUE) == 0


def choose(key, value):
    Setting.objects.update_or_create(key=key, org_unit=None, defaults={"value": value})
    registry.forget()


def test_the_setting_moves_the_day_and_switches_it_off(cast, toys):
    toy.submit(cast, cast.manager)
    choose("approvals.escalate_after", 0)
    assert actions.escalate_overdue(today=DUE) == 0
    choose("approvals.escalate_after", 1)
    assert actions.escalate_overdue(today=NOT_YET) == 1


def test_the_superior_is_reminded_too(cast, toys):
    toy.submit(cast, cast.manager)
    actions.escalate_overdue(today=DUE)
    actions.remind_overdue(today=DUE)
    found = Notice.objects.filter(kind=f"{toy.KIND}.overdue", channel="ui")
    names = sorted(found.values_list("user__username", flat=True))
    assert names == ["department_head", "sector_head"]


def test_the_database_knows_one_superior(cast, toys):
    step = step_of(toy.submit(cast, cast.manager))
    for values in [
        {"escalated_on": TODAY},
        {"escalated_role": "director"},
        {"escalated_on": TODAY, "escalated_role": "director", "escalated_unit": cast.company},
    ]:
        with pytest.raises(IntegrityError, match="escalated_to_one"), transaction.atomic():
            ApprovalStep.objects.filter(pk=step.pk).update(**values)


def test_it_runs_every_morning_before_the_reminders():
    jobs = [job.kind for job in periodic.jobs()]
    assert jobs.index("escalate_overdue_approvals") < jobs.index("remind_overdue_approvals")
