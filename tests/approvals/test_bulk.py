"""Several requests are approved at once: each by itself, in the version that was shown."""

import pytest

from crm.accounts.models import OrgUnit
from crm.approvals import actions
from crm.approvals.actions import Shown
from crm.approvals.models import Approval
from tests.approvals import toy
from tests.factories.categories import TODAY


def shown(approval):
    approval.refresh_from_db()
    return Shown(approval.pk, approval.version, approval.target_version)


def many(rows, by):
    return [answer.refusal for answer in actions.approve_many(rows, by=by, today=TODAY)]


@pytest.fixture
def asked(cast, toys):
    """Four requests that wait for the director."""
    toy.route(cast, toy.DIRECTOR)
    units = (cast.sector, cast.other_sector, cast.department, cast.other_department)
    return [toy.submit(cast, cast.manager, target=unit) for unit in units]


def test_one_refusal_stops_none_of_the_others(cast, asked):
    rows = [shown(approval) for approval in asked]
    toy.decide(asked[1], cast.director, "return", comment="Уточните")
    OrgUnit.objects.filter(pk=asked[2].object_id).update(version=99)
    refusals = many(rows, cast.director)
    assert [bool(refusal) for refusal in refusals] == [False, True, True, False]
    assert cast.director.short_name in refusals[1]
    states = [Approval.objects.get(pk=approval.pk).state for approval in asked]
    assert states == ["approved", "returned", "running", "approved"]


def test_what_is_approved_is_what_was_shown(cast, asked):
    rows = [shown(approval) for approval in asked]
    stale = [Shown(row.approval_id, row.version, row.target_version - 1) for row in rows[:2]]
    older = [Shown(rows[2].approval_id, rows[2].version + 1, rows[2].target_version)]
    assert all(many([*stale, *older], cast.director))
    assert not Approval.objects.filter(kind=toy.KIND).exclude(state="running").exists()


def test_who_may_not_decide_approves_nothing_and_learns_no_title(cast, asked):
    rows = [shown(approval) for approval in asked]
    for person in (cast.manager, cast.general_director, cast.stranger):
        answers = actions.approve_many(rows, by=person, today=TODAY)
        assert all(answer.refusal for answer in answers)
    assert {answer.title for answer in answers} == {""}
    assert not Approval.objects.filter(kind=toy.KIND).exclude(state="running").exists()


def test_where_the_signer_has_to_choose_something_nothing_is_approved_unseen(cast, asked):
    with toy.registered(decision_form=lambda data, target: None):
        assert all(many([shown(asked[0])], cast.director))
    assert Approval.objects.get(pk=asked[0].pk).state == "running"
