"""Contracts from the draft to their end: who may do what, in which order, and what is refused."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.accounts.models import Role
from crm.approvals.actions import LevelDraft, change_ladder, decide
from crm.approvals.models import Approval
from crm.errors import RuleViolation, StaleVersion
from crm.notices.models import Notice
from deals.actions import contract_parts as parts
from deals.actions import contract_signatures as signatures
from deals.actions import contracts as actions
from deals.conditions.signing import authority_of, least_signer
from deals.models import CONTRACT_MOVES, Contract, ContractState
from deals.tasks.contracts import announce_ends, contract_expiry
from tests.factories import clients, contracts, deals
from tests.kernel.shared_files import shared_example

TODAY = date(2026, 11, 23)
TERMS = {
    "number": "",
    "kind": "supply",
    "is_standard": True,
    "amount": Decimal("300000.00"),
    "starts_on": date(2026, 12, 1),
    "ends_on": date(2027, 11, 30),
    "deferral_day_type": "calendar",
    "claim_response_days": 30,
    "claim_day_type": "calendar",
    "note": "",
    "subject": "",
    "auto_renew": False,
}


@pytest.fixture
def client(cast):
    return clients.client(cast.manager, category="A")


@pytest.fixture
def contract(cast, client):
    return contracts.draft(client, cast.manager)


def drafted(client, by, **more):
    return actions.draft_contract(client.pk, by=by, today=TODAY, key=uuid4(), **(TERMS | more))


def sent(contract, by):
    return actions.submit_contract(contract.pk, by=by, version=contract.version, today=TODAY)


def visas(approval, *people, today=TODAY):
    """Each says yes in turn; returns the contract as it is then."""
    for person in people:
        now = Approval.objects.get(pk=approval.pk)
        contract = Contract.objects.get(pk=now.object_id)
        decide(
            now.pk,
            by=person,
            decision="approve",
            version=now.version,
            target_version=contract.version,
            today=today,
        )
    return Contract.objects.get(pk=approval.object_id)


def signed(contract, by):
    return signatures.sign_contract(
        contract.pk, by=by, version=contract.version, on=TODAY, today=TODAY
    )


def signed_by_client(contract, by, **more):
    words = {"signatory": "Иванов И. И.", "authority": "устав", "on": TODAY, "today": TODAY}
    return signatures.note_client_signature(
        contract.pk, by=by, version=contract.version, **words | more
    )


def test_who_signs_is_as_in_the_worked_example(db):
    given = shared_example("CONTRACT-1")
    for case, result in zip(given["input"]["cases"], given["expected"], strict=True):
        amount = Decimal(case["amount"])
        assert least_signer(amount, is_standard=case["standard"]) == result, case


def test_a_greater_sum_is_never_signed_by_a_smaller_office(db):
    order = [Role.MANAGER, Role.SECTOR_HEAD, Role.DEPARTMENT_HEAD]
    order += [Role.DIRECTOR, Role.GENERAL_DIRECTOR]
    sums = [Decimal(n) * 250_000 for n in range(1, 100)]
    for standard in (True, False):
        ranks = [order.index(least_signer(amount, is_standard=standard)) for amount in sums]
        assert ranks == sorted(ranks)
    assert least_signer(None, is_standard=True) == Role.GENERAL_DIRECTOR


def test_a_draft_gets_the_next_number_and_a_doubled_click_makes_one(cast, client):
    key = uuid4()
    first, second = (
        actions.draft_contract(client.pk, by=cast.manager, today=TODAY, key=key, **TERMS)
        for _click in range(2)
    )
    assert first.pk == second.pk
    other = drafted(client, cast.manager)
    assert (first.number[:7], other.number[:7]) == ("Д-2026-", "Д-2026-")
    assert int(other.number[-6:]) == int(first.number[-6:]) + 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"ends_on": date(2026, 11, 1)}, "ends_on"),
        ({"amount": Decimal(0)}, "amount"),
        ({"ends_on": None, "auto_renew": True}, "ends_on"),
    ],
)
def test_a_wrong_draft_is_refused_at_its_field(cast, client, wrong, field):
    with pytest.raises(RuleViolation) as refusal:
        drafted(client, cast.manager, **wrong)
    assert refusal.value.field == field
    assert not Contract.objects.filter(client=client).exists()


def test_a_foreign_legal_entity_and_a_known_number_are_refused(cast, client, contract):
    theirs = clients.counterparty(clients.client(cast.manager))
    with pytest.raises(RuleViolation) as refusal:
        drafted(client, cast.manager, counterparty=theirs)
    assert refusal.value.field == "counterparty"
    with pytest.raises(RuleViolation) as refusal:
        drafted(client, cast.manager, number=contract.number)
    assert refusal.value.field == "number"


def test_a_standard_contract_from_the_draft_to_both_signatures(cast, client):
    contracts.power(cast.manager)
    contract = drafted(client, cast.manager)
    contract = visas(sent(contract, cast.manager), cast.department_head)
    assert contract.state == ContractState.APPROVED
    contract = signed(contract, cast.manager)
    assert (contract.state, contract.authority.agent) == ("signed_by_us", cast.manager)
    contract = signed_by_client(contract, cast.manager)
    assert (contract.state, contract.signed_on) == ("active", TODAY)


def test_own_wording_passes_four_visas_and_the_director_signs(cast, client):
    contract = drafted(client, cast.manager, is_standard=False)
    people = (cast.lawyer, cast.accountant, cast.department_head, cast.director)
    contract = visas(sent(contract, cast.manager), *people)
    assert contract.state == ContractState.APPROVED
    contracts.power(cast.department_head, limit=None)
    with pytest.raises(RuleViolation):
        signed(contract, cast.department_head)
    assert signed(contract, cast.director).state == "signed_by_us"


def test_a_marketing_contract_passes_the_visas_of_its_own(cast, client):
    contract = drafted(client, cast.manager, kind="marketing")
    people = (cast.lawyer, cast.marketer, cast.accountant, cast.department_head)
    assert visas(sent(contract, cast.manager), *people).state == ContractState.APPROVED


@pytest.mark.parametrize("limit", [None, "300000.00", "299999.99"])
def test_a_power_of_attorney_covers_the_sum_or_nothing_is_signed(cast, client, limit):
    contracts.power(cast.manager, limit=limit)
    contract = contracts.draft(client, cast.manager, state="approved")
    if limit == "299999.99":
        with pytest.raises(RuleViolation):
            signed(contract, cast.manager)
        assert Contract.objects.get(pk=contract.pk).state == ContractState.APPROVED
    else:
        assert signed(contract, cast.manager).authority is not None


def test_above_everybodys_limit_nobody_signs_and_a_limited_power_needs_a_sum(cast, client):
    contract = contracts.draft(client, cast.manager, state="approved", amount=None)
    contracts.power(cast.manager)
    widest = contracts.power(cast.manager, "2000000.00")
    contracts.power(cast.manager, "900000.00")
    assert authority_of(cast.manager, contract, timezone.localdate()) is None
    contract.amount = Decimal("300000.00")
    assert authority_of(cast.manager, contract, timezone.localdate()) == widest
    rows = [LevelDraft("director", max_amount=Decimal("20000000.00"))]
    change_ladder("contract.signature", by=cast.admin, category="", levels=rows, version=1)
    with pytest.raises(RuleViolation, match="выше любого лимита"):
        signed(contract, cast.director)


def test_a_power_that_is_over_revoked_or_somebody_elses_signs_nothing(cast, client):
    today = timezone.localdate()
    contracts.power(cast.manager, valid_to=today - timedelta(days=1))
    contracts.power(cast.manager, revoked_at=timezone.now(), revoke_reason="Увольнение")
    contracts.power(cast.manager2)
    contract = contracts.draft(client, cast.manager, state="approved")
    with pytest.raises(RuleViolation):
        signatures.sign_contract(contract.pk, by=cast.manager, version=1, on=today, today=today)


def test_an_open_disagreement_keeps_the_pen_away(cast, client):
    contracts.power(cast.manager)
    contract = contracts.draft(client, cast.manager, state="approved")
    row = contracts.disagreement(contract, cast.manager)
    with pytest.raises(RuleViolation):
        signed(contract, cast.manager)
    with pytest.raises(RuleViolation) as refusal:
        parts.settle_disagreement(
            row.pk, by=cast.manager, version=1, state="agreed", proposed="", agreed=" "
        )
    assert refusal.value.field == "agreed"
    parts.settle_disagreement(
        row.pk, by=cast.lawyer, version=1, state="agreed", proposed="", agreed="45 дней"
    )
    assert signed(contract, cast.manager).state == "signed_by_us"


def test_what_is_being_approved_stands_still(cast, client, contract):
    sent(contract, cast.manager)
    contract.refresh_from_db()
    with pytest.raises(PermissionDenied):
        actions.edit_contract(
            contract.pk, by=cast.manager, version=contract.version, **(TERMS | {"number": "X"})
        )
    with pytest.raises(PermissionDenied):
        actions.cancel_contract(
            contract.pk, by=cast.manager, version=contract.version, reason="Нет", today=TODAY
        )
    actions.withdraw_contract(contract.pk, by=cast.manager, today=TODAY)
    contract.refresh_from_db()
    assert contract.state == ContractState.DRAFT


def test_the_second_of_two_editors_is_told(cast, contract):
    actions.edit_contract(contract.pk, by=cast.manager, version=1, **(TERMS | {"subject": "А"}))
    with pytest.raises(StaleVersion):
        actions.edit_contract(
            contract.pk, by=cast.sector_head, version=1, **(TERMS | {"subject": "Б"})
        )
    contract.refresh_from_db()
    assert contract.subject == "А"


@pytest.mark.parametrize(
    ("state", "to"), [(a, b) for a, b in product(ContractState, ContractState) if a != b]
)
def test_no_way_but_those_of_the_map(state, to):
    ways = {
        "draft": {"on_approval", "cancelled"},
        "on_approval": {"approved", "returned", "draft", "cancelled"},
        "returned": {"on_approval", "cancelled"},
        "approved": {"signed_by_us", "returned", "cancelled"},
        "signed_by_us": {"active", "cancelled"},
        "active": {"expired", "terminated"},
    }
    assert (to in CONTRACT_MOVES[state]) == (to in ways.get(state, set()))


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "active"},
        {"state": "active", "signed_by_us_on": TODAY},
        {"state": "signed_by_us"},
        {"state": "cancelled"},
        {"amount": Decimal(-1)},
        {"starts_on": date(2027, 1, 1), "ends_on": date(2026, 1, 1)},
    ],
)
def test_the_database_refuses_what_no_action_would_write(cast, contract, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Contract.objects.filter(pk=contract.pk).update(**wrong)


def test_an_addendum_in_force_changes_its_contract_and_nothing_else_of_it(cast, client):
    parent = contracts.active(client, cast.manager, ends_on=date(2026, 12, 31))
    addendum = drafted(
        client, cast.manager, parent_id=parent.pk, amount=None, ends_on=date(2027, 12, 31)
    )
    assert addendum.number == f"{parent.number}/1"
    Contract.objects.filter(pk=addendum.pk).update(
        state="signed_by_us", signed_by=cast.director, signed_by_us_on=TODAY
    )
    addendum.refresh_from_db()
    with CaptureQueriesContext(connection) as asked:
        signed_by_client(addendum, cast.manager)
    locks = [query for query in asked if 'FOR UPDATE OF "deals_contract"' in query["sql"]]
    assert len(locks) == 2, "the addendum and its contract"
    changed = Contract.objects.get(pk=parent.pk)
    assert (changed.ends_on, changed.amount) == (date(2027, 12, 31), parent.amount)
    with pytest.raises(RuleViolation):
        drafted(client, cast.manager, parent_id=addendum.pk)


@pytest.mark.parametrize(("asked", "ends"), [(0, 9), (20, 20)])
def test_ending_asks_the_lawyer_and_the_director(cast, client, asked, ends):
    """For a day; one that has gone by when the director decides becomes the day of the decision."""
    contract = contracts.active(client, cast.manager)
    day, decided = TODAY + timedelta(days=asked), TODAY + timedelta(days=9)
    with pytest.raises(PermissionDenied):
        signatures.ask_to_end(
            contract.pk, by=cast.manager, version=1, on=TODAY, reason="Долг", today=TODAY
        )
    asked = {"by": cast.department_head, "on": day, "reason": "Долг", "today": TODAY}
    approval = signatures.ask_to_end(contract.pk, version=1, **asked)
    ended = visas(approval, cast.lawyer, cast.director, today=decided)
    assert (ended.state, ended.end_reason) == ("terminated", "Долг")
    assert ended.ended_on == TODAY + timedelta(days=ends)


def test_a_refused_end_leaves_the_contract_in_force(cast, client):
    contract = contracts.active(client, cast.manager)
    asked = {"by": cast.department_head, "on": TODAY, "reason": "Долг", "today": TODAY}
    approval = signatures.ask_to_end(contract.pk, version=1, **asked)
    now = Approval.objects.get(pk=approval.pk)
    decide(
        now.pk,
        by=cast.lawyer,
        decision="return",
        comment="Рано",
        version=now.version,
        target_version=1,
        today=TODAY,
    )
    contract.refresh_from_db()
    assert (contract.state, contract.end_reason, contract.ended_on) == ("active", "", None)
    assert contract.version == 2


def test_a_term_gone_by_ends_or_prolongs_itself_once(cast, client):
    ends = {"starts_on": date(2025, 11, 1), "ends_on": date(2026, 10, 31)}
    over = contracts.active(client, cast.manager, **ends)
    goes_on = contracts.active(client, cast.manager, auto_renew=True, **ends)
    forever = contracts.active(client, cast.manager)
    assert signatures.expire_contracts(TODAY) == 2
    assert signatures.expire_contracts(TODAY) == 0
    states = [Contract.objects.get(pk=row.pk) for row in (over, goes_on, forever)]
    assert [row.state for row in states] == ["expired", "active", "active"]
    assert states[1].ends_on == date(2027, 10, 31)


def test_the_end_is_announced_once_per_step(cast, client):
    today = timezone.localdate()
    contracts.active(client, cast.manager, ends_on=today + timedelta(days=45))
    contracts.active(client, cast.manager, ends_on=today + timedelta(days=5))
    contracts.active(client, cast.manager, ends_on=today + timedelta(days=90))
    contracts.draft(client, cast.manager, ends_on=today + timedelta(days=5))
    contracts.active(client, cast.manager, ends_on=today - timedelta(days=9))
    assert contract_expiry(today=today - timedelta(days=1)) == 1  # ends, and announces nothing
    contract_expiry(today=today)
    told = Notice.objects.filter(kind="contract.ends", channel="ui")
    assert set(told.values_list("user", flat=True)) == {cast.manager.pk, cast.sector_head.pk}
    assert told.count() == 4
    assert announce_ends(today) == 0
    announce_ends(today + timedelta(days=20))  # 45 days before have become 25: the next step
    assert told.count() == 6


def test_contracts_of_the_books_are_in_force_without_papers(cast, client):
    assert deals.contract(client).state == ContractState.ACTIVE
