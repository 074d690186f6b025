"""The change of a category: who asks, who signs, when it takes effect (C.5 no. 2, C.9, CL-07)."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from clients.actions import categories
from clients.actions.categories import save_category_change
from clients.models import (
    CATEGORY_CHANGE_MOVES,
    CategoryAssignment,
    CategoryChangeRequest,
    CategoryChangeState,
    Client,
)
from crm.approvals import actions as approvals
from crm.approvals.models import Approval
from crm.errors import RuleViolation, StaleVersion
from tests.cast import everybody, fresh
from tests.factories import accounts
from tests.factories import categories as make
from tests.factories.categories import TODAY
from tests.guarding import forbidden

FIRST = date(2026, 12, 1)
MOSCOW = ZoneInfo("Europe/Moscow")
REASON = "Заказы выросли втрое за полгода."


def ask(client, by, *, to="A", day=FIRST, today=TODAY, send=True, reason=REASON, known=None):
    """Write a request and send it; returns it as it stands in the table."""
    save_category_change(
        client.pk, by=by, today=today, request_id=known.pk if known else None,
        version=known.version if known else 0, send=send,
        to_category=to, reason=reason, effective_from=day,
    )  # fmt: skip
    return CategoryChangeRequest.objects.filter(client=client).latest("pk")


def decide(request, by, decision="approve", *, comment="", today=TODAY):
    approval = Approval.objects.of(request).running().get()
    approvals.decide(
        approval.pk, by=by, decision=decision, comment=comment, version=approval.version,
        target_version=approval.target_version, today=today,
    )  # fmt: skip
    request.refresh_from_db()
    return request


@pytest.fixture
def client(cast):
    return make.client(cast.manager, name="ООО «Ромашка»", by=cast.department_head)


# --- the way -------------------------------------------------------------------------------------


def test_manager_asks_head_endorses_director_approves(cast, client):
    request = ask(client, cast.manager)
    assert request.state == "submitted"
    assert decide(request, cast.department_head).state == "endorsed"
    assert decide(request, cast.director).state == "approved"
    client.refresh_from_db()
    assert client.category == "B"  # until its day


def test_the_head_as_author_skips_the_endorsement_and_the_director_decides(cast, client):
    request = ask(client, cast.department_head)
    assert request.state == "endorsed"
    approval = Approval.objects.of(request).get()
    assert [s.state for s in approval.steps.all()] == ["skipped", "waiting"]
    with pytest.raises(PermissionDenied):
        decide(request, cast.department_head)
    assert decide(request, cast.director).state == "approved"


def test_the_director_refuses_with_words_and_the_client_may_be_asked_for_again(cast, client):
    request = ask(client, cast.manager)
    decide(request, cast.department_head)
    assert decide(request, cast.director, "reject", comment="Мало").state == "rejected"
    assert ask(client, cast.manager).pk != request.pk


@pytest.mark.parametrize("who", ["department_head", "director"])
def test_a_returned_request_is_corrected_and_sent_again(cast, client, who):
    request = ask(client, cast.manager)
    if who == "director":
        decide(request, cast.department_head)
    assert decide(request, getattr(cast, who), "return", comment="Уточните").state == "returned"
    with pytest.raises(RuleViolation):
        ask(client, cast.manager)
    ask(client, cast.manager, to="C", reason=f"{REASON} И ещё.", known=request)
    request.refresh_from_db()
    assert (request.state, request.to_category) == ("submitted", "C")
    assert Approval.objects.of(request).count() == 2


def test_a_draft_goes_nowhere_until_it_is_sent(cast, client):
    request = ask(client, cast.manager, send=False)
    assert request.state == "draft"
    assert not Approval.objects.of(request).exists()
    assert ask(client, cast.manager, known=request).state == "submitted"


def test_the_evidence_of_the_day_is_kept_with_the_request(cast, client):
    Client.objects.filter(pk=client.pk).update(potential_monthly="640000.00")
    evidence = ask(client, cast.manager).evidence
    assert evidence["on"] == TODAY.isoformat()
    assert evidence["potential"] == "640000.00"
    assert evidence["recommended"] == "A"
    assert evidence["category"] == "B"
    assert "legal details" in evidence["missing"] or "реквизиты" in evidence["missing"]


def test_the_history_names_the_absent_manager(cast, client):
    today = timezone.localdate()
    accounts.delegation(cast.manager, cast.manager2, first=today, last=today)
    request = ask(client, fresh(cast.manager2), day=today, today=today)
    context = request.events.filter(state="submitted").latest("pgh_id").pgh_context
    assert context["user"] == cast.manager2.pk
    assert context["on_behalf_of"] == cast.manager.pk


# --- who may (C.9) -------------------------------------------------------------------------------

ASKS = {"manager", "sector_head", "department_head"}
SEES = ASKS | {
    "director", "general_director", "accountant", "lawyer", "marketer", "logistics",
}  # fmt: skip


def test_who_may_ask_for_a_change(cast, client):
    for name, person in everybody(cast).items():
        if name in ASKS:
            with transaction.atomic():
                assert ask(client, person).author == person
                transaction.set_rollback(True)
            continue
        error = PermissionDenied if name in SEES else Client.DoesNotExist
        with pytest.raises(error):
            ask(client, person)
    assert not CategoryChangeRequest.objects.exists()


def test_only_the_author_corrects_sends_and_withdraws(cast, client):
    request = ask(client, cast.manager, send=False)
    for person in (cast.sector_head, cast.department_head, cast.director):
        with pytest.raises(PermissionDenied):
            ask(client, person, known=request)
        with pytest.raises(PermissionDenied):
            categories.submit_category_change(request.pk, by=person, version=1, today=TODAY)
        with pytest.raises(PermissionDenied):
            categories.withdraw_category_change(request.pk, by=person, today=TODAY)
    with pytest.raises(CategoryChangeRequest.DoesNotExist):
        categories.withdraw_category_change(request.pk, by=cast.stranger, today=TODAY)
    request.refresh_from_db()
    assert (request.state, request.version) == ("draft", 1)
    ask(client, cast.manager, known=request)
    for person in (cast.sector_head, cast.department_head, cast.director, cast.lawyer):
        with pytest.raises(PermissionDenied):
            categories.withdraw_category_change(request.pk, by=person, today=TODAY)
    request.refresh_from_db()
    assert request.state == "submitted"


def test_the_author_withdraws_until_the_head_has_endorsed(cast, client):
    request = ask(client, cast.manager)
    categories.withdraw_category_change(request.pk, by=cast.manager, today=TODAY)
    request.refresh_from_db()
    assert request.state == "withdrawn"
    assert Approval.objects.of(request).get().state == "withdrawn"

    again = ask(client, cast.manager)
    decide(again, cast.department_head)
    with pytest.raises(RuleViolation):
        categories.withdraw_category_change(again.pk, by=cast.manager, today=TODAY)
    again.refresh_from_db()
    assert again.state == "endorsed"


def test_a_draft_is_withdrawn_without_anybody(cast, client):
    request = ask(client, cast.manager, send=False)
    categories.withdraw_category_change(request.pk, by=cast.manager, today=TODAY)
    request.refresh_from_db()
    assert request.state == "withdrawn"


# --- refusals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"to": "B"}, "to_category"),
        ({"reason": "мало"}, "reason"),
        ({"reason": "   девять сл   ".replace("девять сл", "девятьсло")}, "reason"),
        ({"day": TODAY - timedelta(days=1)}, "effective_from"),
        ({"day": date(2027, 6, 1)}, "effective_from"),
    ],
)
def test_a_wrong_request_is_refused_at_its_field(cast, client, values, field):
    with pytest.raises(RuleViolation) as refusal:
        ask(client, cast.manager, **values)
    assert refusal.value.field == field
    assert not CategoryChangeRequest.objects.exists()


def test_ten_characters_today_and_six_months_ahead_are_enough(cast, client):
    ask(client, cast.manager, reason="десять сло", day=TODAY)
    other = make.client(cast.manager)
    ask(other, cast.manager, day=date(2027, 5, 31))


def test_one_open_request_per_client(cast, client):
    ask(client, cast.manager)
    for person in (cast.manager, cast.sector_head):
        with pytest.raises(RuleViolation):
            ask(client, person)
    assert CategoryChangeRequest.objects.count() == 1


def test_archived_clients_and_those_without_a_category_are_not_asked_for(cast, client):
    new = make.client(cast.manager, category=None)
    Client.objects.filter(pk=client.pk).update(status="archived", archived_at=timezone.now())
    for closed in (new, client):
        with pytest.raises(PermissionDenied):
            ask(closed, cast.manager)


def test_a_stale_correction_is_refused(cast, client):
    request = ask(client, cast.manager, send=False)
    ask(client, cast.manager, known=request, to="C", send=False)
    with pytest.raises(StaleVersion):
        ask(client, cast.manager, known=request, to="A", send=False)


# --- the map of states ---------------------------------------------------------------------------


@pytest.mark.parametrize(("before", "after"), forbidden(CategoryChangeState, CATEGORY_CHANGE_MOVES))
def test_no_move_outside_the_map(cast, client, before, after):
    request = make.change(client, cast.manager, state=before)
    with pytest.raises(RuleViolation):
        categories.move_request(request, after)
    request.refresh_from_db()
    assert (request.state, request.version) == (before, 1)


def test_every_state_is_known_to_the_map():
    assert set(CATEGORY_CHANGE_MOVES) == set(CategoryChangeState)


@pytest.mark.parametrize("state", [s for s in CategoryChangeState if s != "draft"])
def test_only_drafts_and_returned_requests_are_sent(cast, client, state):
    request = make.change(client, cast.manager, state=state)
    send = {"by": cast.manager, "version": 1, "today": TODAY}
    if state == CategoryChangeState.RETURNED:
        categories.submit_category_change(request.pk, **send)
        return
    with pytest.raises(RuleViolation):
        categories.submit_category_change(request.pk, **send)


# --- the database --------------------------------------------------------------------------------


def test_the_database_refuses_nonsense(cast, client):
    def refused(name, write):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            write()

    def change(**more):
        return lambda: make.change(client, cast.manager, **more)

    def assigned(**more):
        values = {"category": "A", "kind": "initial", "valid_from": FIRST, **more}
        return lambda: CategoryAssignment.objects.create(
            client=client, decided_by=cast.director, **values
        )

    refused("category_request_changes", change(to="B"))
    refused("category_request_has_reason", change(reason="   коротко   "))
    make.change(client, cast.manager)
    for state in ("draft", "submitted", "endorsed", "approved", "returned"):
        refused("category_request_one_open_per_client", change(state=state))
    make.change(client, cast.manager, state="rejected")
    refused("category_one_per_day", assigned())
    refused("category_change_has_request", assigned(kind="change"))
    CategoryAssignment.objects.filter(client=client).update(valid_to=FIRST)
    refused("category_initial_once", assigned())
    refused(
        "category_ends_after_start",
        lambda: CategoryAssignment.objects.filter(client=client).update(valid_to=date(2020, 1, 1)),
    )


def test_a_request_is_not_sent_when_the_category_changed_meanwhile(cast, client):
    request = ask(client, cast.manager, send=False)
    Client.objects.filter(pk=client.pk).update(category="C")
    with pytest.raises(RuleViolation):
        categories.submit_category_change(
            request.pk, by=cast.manager, version=request.version, today=TODAY
        )
