"""The engine on a kind it has never seen: steps, outcomes, versions, history."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from crm.accounts.models import OrgUnit, Role
from crm.approvals import actions, registry
from crm.approvals.models import (
    APPROVAL_MOVES,
    STEP_MOVES,
    Approval,
    ApprovalState,
    ApprovalStep,
    StepState,
)
from crm.approvals.routes import preview
from crm.errors import AlreadyDecided, RuleViolation, StaleVersion
from crm.notices.models import Notice
from tests.approvals import toy
from tests.approvals.toy import decide, submit
from tests.factories.categories import TODAY


def states(approval):
    return [step.state for step in ApprovalStep.objects.filter(approval=approval)]


def unit_of(approval):
    return OrgUnit.objects.get(pk=approval.object_id)


def test_a_request_passes_its_steps_in_order_and_is_approved_by_the_last(cast, toys):
    approval = submit(cast, cast.manager)
    assert states(approval) == ["waiting", "queued", "queued"]
    decide(approval, cast.sector_head)
    assert states(approval) == ["approved", "waiting", "queued"]
    decide(approval, cast.department_head, comment="Согласна")
    assert states(approval) == ["approved", "approved", "waiting"]
    decide(approval, cast.director)
    approval.refresh_from_db()
    assert approval.state == "approved"
    assert approval.closed_at is not None
    assert toys == [
        ("on_submitted", "manager", ""),
        ("on_step_approved", "sector_head", ""),
        ("on_step_approved", "department_head", "Согласна"),
        ("on_endorsed", "department_head", "Согласна"),
        ("on_step_approved", "director", ""),
        ("on_approved", "director", ""),
    ]
    assert unit_of(approval).territory == "on_approved"


def test_the_term_of_a_step_runs_in_working_days_from_its_turn(cast, toys):
    approval = submit(cast, cast.manager)  # a Monday
    assert approval.steps.get(order=1).due_on.isoformat() == "2026-11-25"
    friday = TODAY.replace(day=27)
    decide(approval, cast.sector_head, today=friday)
    assert approval.steps.get(order=2).due_on.isoformat() == "2026-12-01"


@pytest.mark.parametrize(
    ("decision", "state", "hook"),
    [("return", "returned", "on_returned"), ("reject", "rejected", "on_rejected")],
)
def test_a_no_closes_the_request_and_spares_the_later_signers(cast, toys, decision, state, hook):
    toy.route(cast, toy.DIRECTOR, toy.LAWYER)
    approval = submit(cast, cast.manager)
    decide(approval, cast.director, decision, comment="Мало оснований")
    approval.refresh_from_db()
    assert approval.state == state
    assert states(approval) == [state, "skipped"]
    assert toys[-1] == (hook, "director", "Мало оснований")
    notice = Notice.objects.get(user=cast.manager, kind=f"{toy.KIND}.{state}", channel="ui")
    assert notice.params["comment"] == "Мало оснований"


@pytest.mark.parametrize("decision", ["return", "reject"])
@pytest.mark.parametrize("comment", ["", "   "])
def test_a_no_needs_words(cast, toys, decision, comment):
    toy.route(cast, toy.DIRECTOR)
    approval = submit(cast, cast.manager)
    with pytest.raises(RuleViolation) as refusal:
        decide(approval, cast.director, decision, comment=comment)
    assert refusal.value.field == "comment"
    assert states(approval) == ["waiting"]


def test_a_visa_is_given_or_returned_but_never_refused(cast, toys):
    approval = submit(cast, cast.manager)
    with pytest.raises(RuleViolation):
        decide(approval, cast.sector_head, "reject", comment="Нет")
    decide(approval, cast.sector_head, "return", comment="Уточните")
    approval.refresh_from_db()
    assert approval.state == "returned"


def test_a_returned_request_goes_round_again_as_a_new_approval(cast, toys):
    first = submit(cast, cast.manager)
    decide(first, cast.sector_head, "return", comment="Уточните")
    second = submit(cast, cast.manager)
    assert second.pk != first.pk
    assert states(second) == ["waiting", "queued", "queued"]


def test_one_record_is_on_one_way_only(cast, toys):
    submit(cast, cast.manager)
    with pytest.raises(RuleViolation):
        submit(cast, cast.manager2)
    assert Approval.objects.filter(kind=toy.KIND).count() == 1


def test_what_is_approved_is_what_was_shown(cast, toys):
    approval = submit(cast, cast.manager)
    with pytest.raises(StaleVersion):
        decide(approval, cast.sector_head, version=approval.version + 1)
    with pytest.raises(StaleVersion):
        decide(approval, cast.sector_head, target_version=approval.target_version - 1)
    OrgUnit.objects.filter(pk=approval.object_id).update(version=99)
    with pytest.raises(StaleVersion):
        decide(approval, cast.sector_head)
    with pytest.raises(StaleVersion):  # nor the new one: nobody has submitted it
        decide(approval, cast.sector_head, target_version=99)
    assert states(approval)[0] == "waiting"


def test_who_is_late_learns_who_was_faster_and_when(cast, toys):
    toy.route(cast, toy.DIRECTOR)
    approval = submit(cast, cast.manager)
    shown = approval.version
    decide(approval, cast.director)
    with pytest.raises(AlreadyDecided) as refusal:
        decide(approval, cast.general_director, version=shown)
    assert "Орлов\u00a0Г.\u00a0П." in str(refusal.value)
    assert refusal.value.status == 409


def test_only_the_signer_of_the_current_step_decides(cast, toys):
    approval = submit(cast, cast.manager)
    for person in (cast.department_head, cast.director, cast.general_director):
        with pytest.raises(PermissionDenied):
            decide(approval, person)
    for person in (cast.manager2, cast.stranger_head, cast.lawyer, cast.admin):
        with pytest.raises(Approval.DoesNotExist):
            decide(approval, person)


def test_the_author_withdraws_until_somebody_has_signed(cast, toys):
    approval = submit(cast, cast.manager)
    with pytest.raises(PermissionDenied):
        actions.withdraw(approval.pk, by=cast.sector_head, today=TODAY)
    actions.withdraw(approval.pk, by=cast.manager, today=TODAY)
    assert toys[-1][0] == "on_withdrawn"
    with pytest.raises(AlreadyDecided):
        actions.withdraw(approval.pk, by=cast.manager, today=TODAY)
    assert Notice.objects.filter(user=cast.sector_head, kind=f"{toy.KIND}.withdrawn").exists()

    again = submit(cast, cast.manager)
    decide(again, cast.sector_head)
    with pytest.raises(RuleViolation):
        actions.withdraw(again.pk, by=cast.manager, today=TODAY)


def test_a_running_approval_keeps_its_steps_when_the_route_changes(cast, toys):
    approval = submit(cast, cast.manager)
    toy.route(cast, toy.LAWYER)
    assert states(approval) == ["waiting", "queued", "queued"]
    assert approval.route.version == 1
    assert submit(cast, cast.manager, target=cast.department).route.version == 2


def test_the_history_keeps_the_verb_and_both_names(cast, toys):
    from tests.factories import accounts

    accounts.delegation(cast.sector_head, cast.manager2, first="2026-11-20", last="2026-11-30")
    approval = submit(cast, cast.manager)
    decide(approval, cast.manager2)
    step = approval.steps.get(order=1)
    assert (step.decided_by, step.on_behalf_of) == (cast.manager2, cast.sector_head)
    context = step.events.latest("pgh_id").pgh_context
    assert context["verb"] == f"{toy.KIND}.endorsed"
    assert context["user"] == cast.manager2.pk
    assert context["on_behalf_of"] == cast.sector_head.pk


def test_a_kind_may_do_without_a_refusal(cast, toys):
    with toy.registered(may_refuse=False):
        toy.route(cast, toy.DIRECTOR)
        approval = submit(cast, cast.manager)
        with pytest.raises(RuleViolation):
            decide(approval, cast.director, "reject", comment="Нет")


def test_nobody_submits_what_nobody_can_sign(cast, toys):
    cases = [
        (lambda: OrgUnit.objects.filter(pk=cast.department.pk).update(head=None), cast.manager),
        (lambda: type(cast.director).objects.filter(role=Role.DIRECTOR).update(is_active=False),
         cast.manager),
    ]  # fmt: skip
    for spoil, author in cases:
        with transaction.atomic():
            spoil()
            with pytest.raises(RuleViolation):
                submit(cast, author)
            transaction.set_rollback(True)
    registry_route = preview(toy.KIND, author=cast.manager, org_unit=cast.company, today=TODAY)
    assert registry_route[0].problem
    with pytest.raises(RuleViolation):
        submit(cast, cast.manager, unit=cast.company)
    assert not Approval.objects.filter(kind=toy.KIND).exists()


FORBIDDEN = [
    (before, after) for before in ApprovalState for after in ApprovalState
    if after not in APPROVAL_MOVES[before] and before != ApprovalState.RUNNING
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), FORBIDDEN)
def test_a_closed_approval_never_moves(cast, toys, before, after):
    toy.route(cast, toy.DIRECTOR)
    approval = submit(cast, cast.manager)
    _bring(approval, before, cast)
    moves = {
        ApprovalState.APPROVED: lambda: decide(approval, cast.director),
        ApprovalState.RETURNED: lambda: decide(approval, cast.director, "return", comment="…"),
        ApprovalState.REJECTED: lambda: decide(approval, cast.director, "reject", comment="…"),
        ApprovalState.WITHDRAWN: lambda: actions.withdraw(
            approval.pk, by=cast.manager, today=TODAY
        ),
        ApprovalState.REVOKED: lambda: toy.revoke(approval, cast.director),
    }
    if after in moves:
        with pytest.raises(AlreadyDecided):
            moves[after]()
    approval.refresh_from_db()
    assert approval.state == before


def _bring(approval, state, cast):
    if state == ApprovalState.WITHDRAWN:
        actions.withdraw(approval.pk, by=cast.manager, today=TODAY)
        return
    taken_back = state == ApprovalState.REVOKED
    answers = {"approved": "approve", "returned": "return", "rejected": "reject"}
    decide(approval, cast.director, answers.get(state, "approve"), comment="…")
    if taken_back:
        with toy.registered(can_revoke=lambda target: True):
            toy.revoke(approval, cast.director)


STEP_PAIRS = [
    (before, after) for before in StepState for after in ("approved", "returned", "rejected")
    if after not in STEP_MOVES[before]
]  # fmt: skip


@pytest.mark.parametrize(("before", "after"), STEP_PAIRS)
def test_a_step_is_signed_only_in_its_turn(cast, toys, before, after):
    from crm.approvals.actions.approvals import _sign
    from crm.approvals.registry import Decision
    from crm.approvals.signers import Capacity

    approval = submit(cast, cast.manager)
    step = approval.steps.get(order=2)
    step.state = before
    event = Decision(approval, cast.department_head, TODAY, step)
    with pytest.raises(RuleViolation):
        _sign(step, after, event, Capacity())


def refuses(name, **values):
    """The database refuses to write the step like this, by the named constraint."""
    step = ApprovalStep.objects.get(order=1)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        ApprovalStep.objects.filter(pk=step.pk).update(**values)


def test_the_database_refuses_half_signatures(cast, toys):
    from django.utils import timezone

    submit(cast, cast.manager)
    now, head = timezone.now(), cast.sector_head
    refuses("approval_step_decided_has_signer", state="approved")
    refuses("approval_step_decided_has_signer", decided_by=head, decided_at=now)
    refuses("approval_step_no_has_comment", state="rejected", decided_by=head, decided_at=now)
    refuses(
        "approval_step_not_for_oneself",
        state="approved", decided_by=head, decided_at=now, on_behalf_of=head,
    )  # fmt: skip
    refuses("approval_step_skipped_has_reason", state="skipped")
    refuses("approval_step_waiting_has_term", due_on=None)
    refuses("approval_step_has_one_signer", role="director")
    for author in (
        {"decided_by": cast.manager},
        {"decided_by": head, "on_behalf_of": cast.manager},
    ):
        refuses("approval_author_never_decides", state="approved", decided_at=now, **author)
    two = ApprovalStep.objects.filter(order__gt=1)
    with pytest.raises(IntegrityError, match="approval_one_step_waiting"), transaction.atomic():
        two.update(state="waiting", due_on=TODAY)
    with pytest.raises(IntegrityError, match="signed_once_per_person"), transaction.atomic():
        ApprovalStep.objects.update(state="approved", decided_by=head, decided_at=now)


def test_the_database_keeps_one_running_approval_per_record(cast, toys):
    approval = submit(cast, cast.manager)
    approval.pk = None
    with pytest.raises(IntegrityError, match="one_running_per_object"), transaction.atomic():
        approval.save()
    with pytest.raises(IntegrityError, match="closed_has_moment"), transaction.atomic():
        Approval.objects.update(state="approved")


def test_an_unknown_kind_is_not_submitted(cast):
    with pytest.raises(KeyError):
        registry.handler("nobody.knows")
