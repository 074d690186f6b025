"""An approval is taken back before it takes effect, whatever was approved (C.5.2)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from crm.approvals import actions as approvals
from crm.approvals.models import Approval
from crm.errors import RuleViolation
from deals.actions import contracts, limit_requests, limits, terms_requests
from deals.actions import proposals as offers
from deals.actions.contract_signatures import sign_contract
from deals.actions.proposal_moves import send_proposal
from deals.models import CreditLimit, PolicyException, Proposal
from tests.factories import clients, deals, proposals
from tests.factories import contracts as papers

D = Decimal


def today():
    return timezone.localdate()


@pytest.fixture
def client(cast):
    return clients.client(cast.manager, category="B", name="Ромашка")


def approve(record, *people):
    for person in people:
        running = Approval.objects.of(record).running().get()
        record.refresh_from_db()
        approvals.decide(
            running.pk, by=person, decision="approve", version=running.version,
            target_version=record.version, today=today(),
        )  # fmt: skip
    record.refresh_from_db()
    return Approval.objects.of(record).first()


def take_back(approval, by):
    now = Approval.objects.get(pk=approval.pk)
    approvals.revoke(now.pk, by=by, reason="Ошибка", version=now.version, today=today())


def test_a_contract_is_taken_back_until_it_is_signed_and_only_by_its_last_approval(cast, client):
    contract = papers.draft(client, cast.manager)

    def sent():
        contract.refresh_from_db()
        version = contract.version
        contracts.submit_contract(contract.pk, by=cast.manager, version=version, today=today())
        return approve(contract, cast.department_head)

    first = sent()
    with pytest.raises(PermissionDenied):
        take_back(first, cast.manager)
    take_back(first, cast.department_head)
    contract.refresh_from_db()
    assert contract.state == "returned"
    second = sent()
    contracts.reopen_contract(contract.pk, by=cast.manager, version=contract.version)
    third = sent()
    with pytest.raises(RuleViolation, match="вступило"):  # another one stands for it now
        take_back(second, cast.department_head)
    contract.refresh_from_db()
    sign_contract(
        contract.pk, by=cast.director, version=contract.version, on=today(), today=today()
    )
    with pytest.raises(RuleViolation, match="вступило"):
        take_back(third, cast.department_head)


def test_a_proposal_is_taken_back_until_it_is_sent(cast, client):
    tea = deals.product(sku="ЧАЙ-01")
    deals.price_list(cast.director, {tea: "100.00"}, approved_by=cast.director)
    offer = proposals.draft(client, {tea: ("1", "23")}, by=cast.manager)

    def approved():
        offer.refresh_from_db()
        offers.submit_proposal(offer.pk, by=cast.manager, version=offer.version, today=today())
        return approve(offer, cast.department_head)

    take_back(approved(), cast.department_head)
    assert Proposal.objects.get(pk=offer.pk).state == "draft"
    last, day = approved(), today()
    send = {"by": cast.manager, "version": offer.version, "channel": "email"}
    send_proposal(offer.pk, on=day, today=day, **send)
    with pytest.raises(RuleViolation, match="вступило"):
        take_back(last, cast.department_head)


@pytest.mark.parametrize(("ahead", "comes_back"), [(1, True), (0, False)])
def test_terms_are_taken_back_until_their_first_day(cast, client, ahead, comes_back):
    first = today() + timedelta(days=ahead)
    request = terms_requests.save_terms_request(
        client.pk, by=cast.manager, today=today(), kind="discount", request_id=None, version=0,
        send=True, value=D(7), valid_from=first, valid_to=first, reason="Крупная партия",
    )  # fmt: skip
    approval = approve(request, cast.department_head)
    noted = PolicyException.objects.get(kind="discount", record_id=request.pk)
    assert noted.ended_on is None
    if not comes_back:
        with pytest.raises(RuleViolation, match="вступило"):
            take_back(approval, cast.department_head)
        return
    take_back(approval, cast.department_head)
    request.refresh_from_db()
    noted.refresh_from_db()
    assert (request.state, request.approved_by, noted.ended_on) == ("returned", None, today())


@pytest.mark.parametrize(("ahead", "comes_back"), [(5, True), (0, False)])
def test_a_limit_is_taken_back_until_it_begins_and_the_former_one_holds(
    cast, client, ahead, comes_back
):
    ends, starts = today() + timedelta(days=60), today() - timedelta(days=30)
    former = deals.credit_limit(client, "100.00", by=cast.director, since=starts)
    CreditLimit.objects.filter(pk=former.pk).update(valid_to=ends)
    request = limit_requests.draft_limit_request(
        client.pk, by=cast.manager, today=today(), amount=D(900),
        valid_from=today() + timedelta(days=ahead), deferral_days=None,
        deferral_day_type="calendar", reason="Рост",
    )  # fmt: skip
    limit_requests.submit_limit_request(request.pk, by=cast.manager, version=1, today=today())
    approval = approve(request, cast.accountant, cast.director)
    former.refresh_from_db()
    assert former.valid_to == request.valid_from
    if not comes_back:
        with pytest.raises(RuleViolation, match="вступило"):
            take_back(approval, cast.director)
        with pytest.raises(RuleViolation, match="начал"):  # begun between the question and the lock
            limits.drop_limit(request, today=today())
        return
    deals.limit_request(clients.client(cast.manager), cast.manager)
    next_one = deals.limit_request(client, cast.manager)
    with pytest.raises(RuleViolation, match="уже"):  # two would be on their way
        take_back(approval, cast.director)
    next_one.delete()
    take_back(approval, cast.director)
    request.refresh_from_db()
    assert request.state == "returned"
    assert list(CreditLimit.objects.values_list("amount", "valid_to")) == [(D(100), ends)]
    assert not PolicyException.objects.filter(kind="limit", ended_on=None).exists()
