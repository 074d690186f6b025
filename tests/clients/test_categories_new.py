"""The first category of a client: proposed by the manager, decided by the head (C.5 no. 1)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from clients.actions import category_proposals as proposals
from clients.models import (
    CATEGORY_PROPOSAL_MOVES,
    CategoryAssignment,
    CategoryProposal,
    CategoryProposalState,
    Client,
)
from crm.approvals import actions as approvals
from crm.approvals.models import Approval
from crm.errors import RuleViolation
from crm.notices.models import Notice
from deals.actions.posting import reverse_shipment
from tests.cast import everybody, fresh
from tests.factories import accounts, deals
from tests.factories import categories as make
from tests.factories.categories import TODAY
from tests.guarding import forbidden


@pytest.fixture
def new(cast):
    return make.client(cast.manager, category=None, name="ООО «Новичок»")


def propose(client, by, category="C", today=TODAY):
    proposals.propose_category(client.pk, by=by, category=category, reason="Магазин", today=today)
    return CategoryProposal.objects.get(client=client)


def decide(proposal, by, decision="approve", *, comment="", today=TODAY, **extra):
    approval = Approval.objects.of(proposal).running().get()
    approvals.decide(
        approval.pk, by=by, decision=decision, comment=comment, version=approval.version,
        target_version=approval.target_version, extra=extra, today=today,
    )  # fmt: skip
    proposal.refresh_from_db()
    return proposal


def test_the_head_assigns_the_proposed_category_from_the_day_of_the_decision(cast, new):
    assert decide(propose(new, cast.manager), cast.department_head).state == "assigned"
    new.refresh_from_db()
    assert (new.category, new.category_since) == ("C", TODAY)
    row = CategoryAssignment.objects.get(client=new)
    assert (row.kind, row.valid_from, row.decided_by) == ("initial", TODAY, cast.department_head)


def test_the_head_may_assign_another_category(cast, new):
    decide(propose(new, cast.manager), cast.department_head, category="A")
    new.refresh_from_db()
    assert new.category == "A"
    assert CategoryProposal.objects.get().category == "C"


def test_a_proposal_without_a_wish_needs_the_choice_of_the_head(cast, new):
    proposal = propose(new, cast.manager, category=None)
    for extra in ({}, {"category": "D"}):
        with pytest.raises(RuleViolation):
            decide(proposal, cast.department_head, **extra)
    decide(proposal, cast.department_head, category="B")
    new.refresh_from_db()
    assert new.category == "B"


def test_a_returned_proposal_is_sent_again(cast, new):
    proposal = propose(new, cast.manager)
    returned = decide(proposal, cast.department_head, "return", comment="Какой потенциал?")
    assert returned.state == "returned"
    again = propose(new, cast.manager, category="B")
    assert (again.pk, again.state) == (proposal.pk, "proposed")
    assert decide(again, cast.department_head).state == "assigned"


def test_the_head_does_not_refuse_a_client_a_category(cast, new):
    with pytest.raises(RuleViolation):
        decide(propose(new, cast.manager), cast.department_head, "reject", comment="Нет")


DECIDES = {"department_head"}
PROPOSES = {"manager", "sector_head"}
SEES = PROPOSES | DECIDES | {
    "director", "general_director", "accountant", "lawyer", "marketer", "logistics",
}  # fmt: skip


def test_who_may_propose_and_who_may_assign(cast, new):
    """C.9: propose, propose, decide, see."""
    for name, person in everybody(cast).items():
        for allowed, act in (
            (PROPOSES, lambda by: propose(new, by)),
            (
                DECIDES,
                lambda by: proposals.assign_category(new.pk, by=by, category="A", today=TODAY),
            ),
        ):
            if name not in allowed:
                error = PermissionDenied if name in SEES else Client.DoesNotExist
                with pytest.raises(error):
                    act(person)
    assert not CategoryProposal.objects.exists()
    proposals.assign_category(new.pk, by=cast.department_head, category="A", today=TODAY)
    new.refresh_from_db()
    assert new.category == "A"


def test_who_decides_a_proposal(cast, new):
    proposal = propose(new, cast.manager)
    for name, person in everybody(cast).items():
        if name not in DECIDES:
            with pytest.raises((PermissionDenied, Approval.DoesNotExist)):
                decide(proposal, person)


def test_the_substitute_of_the_head_assigns_with_both_names(cast, new):
    today = timezone.localdate()
    accounts.delegation(cast.department_head, cast.sector_head, first=today, last=today)
    deputy = fresh(cast.sector_head)
    proposals.assign_category(new.pk, by=deputy, category="A", today=today)
    context = CategoryAssignment.objects.get(client=new).events.latest("pgh_id").pgh_context
    assert (context["user"], context["on_behalf_of"]) == (deputy.pk, cast.department_head.pk)


def test_the_author_of_a_proposal_does_not_decide_it_as_a_substitute(cast, new):
    today = timezone.localdate()
    accounts.delegation(cast.department_head, cast.sector_head, first=today, last=today)
    proposal = propose(new, fresh(cast.sector_head), today=today)
    with pytest.raises(PermissionDenied):
        decide(proposal, fresh(cast.sector_head), today=today)


def test_a_category_is_given_once(cast, new):
    head = cast.department_head
    proposals.assign_category(new.pk, by=head, category="A", today=TODAY)
    with pytest.raises(RuleViolation):
        proposals.assign_category(new.pk, by=head, category="B", today=TODAY)
    with pytest.raises(PermissionDenied):
        propose(new, cast.manager)


def test_a_proposed_client_is_decided_in_the_inbox(cast, new):
    propose(new, cast.manager)
    with pytest.raises(RuleViolation):
        proposals.assign_category(new.pk, by=cast.department_head, category="A", today=TODAY)
    with pytest.raises(RuleViolation):
        propose(new, cast.sector_head)


@pytest.mark.parametrize(
    ("before", "after"), forbidden(CategoryProposalState, CATEGORY_PROPOSAL_MOVES)
)
def test_no_move_outside_the_map(cast, new, before, after):
    proposal = make.proposal(new, cast.manager, state=before)
    with pytest.raises(RuleViolation):
        proposals.move_proposal(proposal, after)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.version) == (before, 1)


# --- creation of a client ------------------------------------------------------------------------


def test_creating_a_client_starts_its_category(cast):
    def start(by, category):
        client = make.client(cast.manager, category=None)
        proposals.start_category(client.pk, by=by, category=category, today=TODAY)
        client.refresh_from_db()
        return client.category, CategoryProposal.objects.filter(client=client).exists()

    assert start(cast.manager, "A") == (None, True)
    assert start(cast.manager, None) == (None, True)
    assert start(cast.sector_head, "B") == (None, True)
    assert start(cast.department_head, "A") == ("A", False)
    assert start(cast.department_head, None) == (None, False)


def test_a_department_without_a_head_does_not_stop_the_creation(cast, new):
    type(cast.department).objects.filter(pk=cast.department.pk).update(head=None)
    proposals.start_category(new.pk, by=cast.manager, category="A", today=TODAY)
    assert not CategoryProposal.objects.exists()


# --- reminders -----------------------------------------------------------------------------------


def notices(person):
    return Notice.objects.filter(user=person, kind="category.missing", channel="ui")


def test_the_head_learns_of_new_clients_after_five_working_days(cast, new):
    deals.sale(new, on=date(2026, 11, 13))  # a Friday
    assert proposals.remind_of_new_clients(today=date(2026, 11, 20)) == 0
    assert proposals.remind_of_new_clients(today=date(2026, 11, 23)) > 0
    assert notices(cast.department_head).get().params["count"] == 1
    assert not notices(cast.stranger_head).exists()


def test_the_days_begin_with_the_first_sale_that_stands(cast, new):
    """Not with the day on which the client was entered, nor with a sale that was taken back."""
    Client.objects.filter(pk=new.pk).update(created_at=datetime(2026, 1, 12, tzinfo=UTC))
    deals.draft(new, on=date(2026, 10, 1))
    wrong = deals.sale(new, on=date(2026, 10, 5))
    reverse_shipment(wrong.pk, by=cast.accountant, on=date(2026, 10, 6), reason="Ошибка учёта")
    assert proposals.remind_of_new_clients(today=date(2026, 11, 23)) == 0
    for on in (date(2026, 11, 19), date(2026, 11, 16)):
        deals.sale(new, on=on)
    assert proposals.remind_of_new_clients(today=date(2026, 11, 23)) == 0
    assert proposals.remind_of_new_clients(today=date(2026, 11, 24)) > 0


def test_one_reminder_until_a_further_client_is_late(cast, new):
    deals.sale(new, on=date(2026, 11, 2))
    for day in range(5):
        proposals.remind_of_new_clients(today=TODAY + timedelta(days=day))
    assert notices(cast.department_head).count() == 1
    deals.sale(make.client(cast.manager, category=None), on=date(2026, 11, 3))
    proposals.remind_of_new_clients(today=TODAY)
    proposals.remind_of_new_clients(today=TODAY)
    assert [n.params["count"] for n in notices(cast.department_head).order_by("pk")] == [1, 2]


def test_decided_and_archived_clients_are_not_reminded_of(cast, new):
    deals.sale(new, on=date(2026, 11, 2))
    proposals.assign_category(new.pk, by=cast.department_head, category="A", today=TODAY)
    gone = make.client(cast.manager, category=None, status="archived", archived_at=timezone.now())
    deals.sale(gone, on=date(2026, 11, 2))
    assert proposals.remind_of_new_clients(today=TODAY) == 0
