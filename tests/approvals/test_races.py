"""Two at once: exactly one decision wins, and the loser learns whose it was (G-RL5, G-RL8)."""

import threading
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections, models, transaction

from clients.actions import categories
from clients.models import CategoryAssignment, CategoryChangeRequest
from crm.accounts.models import Role
from crm.approvals import actions
from crm.approvals.models import Approval, ApprovalStep
from crm.errors import AlreadyDecided, RuleViolation
from crm.notices.models import Notice
from tests.approvals import toy
from tests.approvals.racing import ROUNDS, failures, race, somebody_waits_for_a_row
from tests.cast import assemble
from tests.factories import accounts
from tests.factories import categories as make
from tests.factories.categories import TODAY

pytestmark = pytest.mark.slow


@pytest.fixture
def cast(committed_db):
    found = assemble()
    found.director2 = accounts.user(
        role=Role.DIRECTOR, org_unit=found.company, last_name="Второй", username="director2"
    )
    return found


@pytest.fixture
def toys(cast):
    with toy.registered() as log:
        toy.route(cast, toy.DIRECTOR)
        yield log


def deciding(approval, person, decision="approve"):
    """A decision on what is shown now, to be run in a thread."""
    shown = {"version": approval.version, "target_version": approval.target_version}

    def run():
        return actions.decide(
            approval.pk, by=person, decision=decision, comment="Потому что", today=TODAY, **shown
        )

    return run


def both_directors(cast, approval):
    return deciding(approval, cast.director), deciding(approval, cast.director2, "reject")


def test_of_two_directors_exactly_one_decides(cast, toys):
    for _ in range(ROUNDS):
        toys.clear()
        approval = submit_fresh(cast)
        lost = failures(race(*both_directors(cast, approval)))
        assert [type(error) for error in lost] == [AlreadyDecided]
        step = ApprovalStep.objects.get(approval=approval)
        assert step.decided_by.short_name in str(lost[0])
        assert step.events.exclude(state__in=["queued", "waiting"]).count() == 1
        assert sum(name in ("on_approved", "on_rejected") for name, *_rest in toys) == 1
        outcome = Notice.objects.filter(
            user=cast.manager, channel="ui", url=approval.get_absolute_url()
        )
        assert outcome.count() == 1


def test_of_two_who_approve_the_same_rows_at_once_each_row_has_one_winner(cast, toys):
    approvals = [submit_fresh(cast) for _ in range(6)]
    rows = [actions.Shown(a.pk, a.version, a.target_version) for a in approvals]

    def all_of_them(person, order):
        return lambda: actions.approve_many(rows[::order], by=person, today=TODAY)

    both = race(all_of_them(cast.director, 1), all_of_them(cast.director2, -1))
    for approval in approvals:
        answers = [one for many in both for one in many if one.approval_id == approval.pk]
        lost = [answer for answer in answers if answer.refusal]
        assert len(lost) == 1
        step = ApprovalStep.objects.get(approval=approval)
        assert step.decided_by.short_name in lost[0].refusal
    assert sum(name == "on_approved" for name, *_rest in toys) == len(approvals)


def submit_fresh(cast):
    """An approval of a unit of its own."""
    return toy.submit(cast, cast.manager, target=accounts.unit(parent=cast.company))


def test_control_without_the_lock_both_directors_decide(cast, toys, monkeypatch):
    """The rig sees the race: the same actions without FOR UPDATE let both of them win."""
    monkeypatch.setattr(models.QuerySet, "select_for_update", lambda self, **how: self)
    for _ in range(200):
        approval = submit_fresh(cast)
        if not failures(race(*both_directors(cast, approval))):
            return
    pytest.fail("Nobody was faster than anybody: this test proves nothing here.")


def test_the_second_decision_waits_for_the_lock_and_then_reads_the_first(cast, toys):
    approval = submit_fresh(cast)
    result = []

    def second():
        try:
            result.append(deciding(approval, cast.director2)())
        except Exception as error:
            result.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=second)
    with transaction.atomic():
        deciding(approval, cast.director)()
        thread.start()
        assert somebody_waits_for_a_row("approvals_approval")
        assert result == []
    thread.join(timeout=20)
    assert isinstance(result[0], AlreadyDecided)
    assert "Орлов" in str(result[0])


def test_of_a_withdrawal_and_an_approval_exactly_one_wins(cast, toys):
    seen = set()
    for _ in range(ROUNDS):
        approval = submit_fresh(cast)
        results = race(
            lambda pk=approval.pk: actions.withdraw(pk, by=cast.manager, today=TODAY),
            deciding(approval, cast.director),
        )
        lost = failures(results)
        assert [type(error) for error in lost] == [AlreadyDecided]
        approval.refresh_from_db()
        seen.add(approval.state)
        winner = "withdrawn" if results[1] is lost[0] else "approved"
        assert approval.state == winner
    assert seen <= {"withdrawn", "approved"}


def test_one_person_clicking_ten_times_signs_once(cast, toys):
    approval = submit_fresh(cast)
    results = race(*[deciding(approval, cast.director)] * 10)
    assert len(failures(results)) == 9
    assert all(isinstance(e, AlreadyDecided | PermissionDenied) for e in failures(results))
    assert ApprovalStep.objects.filter(approval=approval, state="approved").count() == 1


def test_one_record_is_submitted_once(cast, toys):
    unit = accounts.unit(parent=cast.company)
    results = race(
        *[
            lambda by=by: toy.submit(cast, by, target=unit)
            for by in (cast.manager, cast.manager2, cast.sector_head, cast.department_head)
        ]
    )
    assert [type(error) for error in failures(results)] == [RuleViolation] * 3
    assert Approval.objects.filter(object_id=unit.pk).count() == 1


def test_two_administrators_do_not_overwrite_a_route(cast, toys):
    results = race(
        *[
            lambda step=step: actions.change_route(toy.KIND, by=cast.admin, steps=[step], version=1)
            for step in (toy.DIRECTOR, toy.LAWYER)
        ]
    )
    assert len(failures(results)) == 1
    assert failures(results)[0].status == 409


# --- categories ----------------------------------------------------------------------------------


def ask(client, by):
    categories.save_category_change(
        client.pk, by=by, today=TODAY, request_id=None, version=0, send=True,
        to_category="A", reason="Заказы выросли втрое.", effective_from=date(2026, 12, 1),
    )  # fmt: skip


def test_one_request_per_client_even_at_the_same_moment(cast):
    for _ in range(5):
        client = make.client(cast.manager)
        people = (cast.manager, cast.sector_head, cast.department_head)
        results = race(*[lambda by=by, to=client: ask(to, by) for by in people])
        assert [type(error) for error in failures(results)] == [RuleViolation] * 2
        assert CategoryChangeRequest.objects.filter(client=client).count() == 1


def night():
    return categories.apply_category_changes(today=date(2026, 12, 1))


def approved_request(cast):
    client = make.client(cast.manager)
    ask(client, cast.manager)
    request = CategoryChangeRequest.objects.get(client=client)
    for person in (cast.department_head, cast.director):
        deciding(Approval.objects.of(request).get(), person)()
    return client


def test_parallel_nights_apply_each_change_once(cast):
    for _ in range(5):
        clients = [approved_request(cast) for _ in range(3)]
        results = race(*[night] * 4)
        assert failures(results) == []
        assert sum(results) == 3
        for client in clients:
            rows = CategoryAssignment.objects.filter(client=client)
            assert [row.kind for row in rows.order_by("valid_from")] == ["initial", "change"]
            client.refresh_from_db()
            assert client.category == "A"
    effective = Notice.objects.filter(kind="category.effective", channel="ui")
    assert effective.count() == 15


def test_a_decision_of_the_night_waits_for_the_work_of_the_night(cast):
    """The client's row is locked while its category changes."""
    client = approved_request(cast)
    done = []

    def work():
        try:
            done.append(night())
        finally:
            connections.close_all()

    thread = threading.Thread(target=work)
    with transaction.atomic():
        type(client).objects.select_for_update().get(pk=client.pk)
        thread.start()
        assert somebody_waits_for_a_row("clients_client")
        assert done == []
    thread.join(timeout=20)
    assert done == [1]
