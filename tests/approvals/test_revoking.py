"""An approval is taken back before it takes effect, by whoever decided, with a reason."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from crm.accounts.models import OrgUnit
from crm.approvals.models import Approval
from crm.errors import AlreadyDecided, RuleViolation
from crm.notices.models import Notice
from tests.approvals import toy
from tests.cast import everybody
from tests.factories import accounts
from tests.factories.categories import TODAY


@pytest.fixture
def waits():
    """Whether what was approved has not taken effect yet."""
    return {"yet": True}


@pytest.fixture
def approved(cast, waits):
    """Approved by the substitute of the director, after the visa of the department head."""
    with toy.registered(can_revoke=lambda target: waits["yet"]) as log:
        toy.route(cast, toy.HEAD, toy.DIRECTOR)
        accounts.delegation(cast.director, cast.lawyer, first=TODAY, last=TODAY)
        approval = toy.submit(cast, cast.manager)
        toy.decide(approval, cast.department_head)
        toy.decide(approval, cast.lawyer)
        log.clear()
        yield approval, log


@pytest.mark.parametrize("who", ["director", "lawyer"])
def test_whoever_decided_or_for_whom_it_was_decided_takes_it_back(cast, approved, who):
    approval, log = approved
    person = getattr(cast, who)
    toy.revoke(approval, person)
    approval.refresh_from_db()
    assert (approval.state, approval.revoked_by) == ("revoked", person)
    assert approval.revoke_reason == "Ошибка в расчёте"
    assert log == [("on_revoked", who, "Ошибка в расчёте")]
    assert approval.target_version == OrgUnit.objects.get(pk=approval.object_id).version
    told = Notice.objects.filter(kind=f"{toy.KIND}.revoked", channel="ui")
    names = {notice.user.username for notice in told}
    assert names == {"manager", "department_head", "lawyer"} - {who}
    assert approval.events.latest("pgh_id").pgh_context["verb"] == f"{toy.KIND}.revoked"
    with pytest.raises(AlreadyDecided, match=person.last_name):
        toy.decide(approval, cast.director)
    toy.submit(cast, cast.manager)  # a new round may begin


def test_nobody_else_takes_it_back(cast, approved):
    approval, log = approved
    for name, person in everybody(cast).items():
        if name in {"director", "lawyer"}:
            continue
        with pytest.raises((PermissionDenied, Approval.DoesNotExist)):
            toy.revoke(approval, person)
    assert log == []


def test_what_has_taken_effect_stays(cast, approved, waits):
    waits["yet"] = False
    with pytest.raises(RuleViolation):
        toy.revoke(approved[0], cast.director)


def test_it_needs_words_and_the_version_that_was_shown(cast, approved):
    approval, _log = approved
    with pytest.raises(RuleViolation) as refusal:
        toy.revoke(approval, cast.director, "  ")
    assert refusal.value.field == "reason"
    with pytest.raises(AlreadyDecided):
        toy.revoke(approval, cast.director, version=approval.version - 1)


def test_the_database_wants_the_reason_with_the_state(cast, approved):
    rows = Approval.objects.filter(pk=approved[0].pk)
    for values in [{"state": "revoked"}, {"revoke_reason": "…"}, {"revoked_by": cast.admin}]:
        with pytest.raises(IntegrityError, match="revoked_has_reason"), transaction.atomic():
            rows.update(**values)
