"""Two heads decide about one claim at once: one wins, the other is told who (G-RL8)."""

from datetime import timedelta

import pytest

from claims.actions.claim_decisions import Decision, decide_claim
from claims.actions.outgoing_alerts import turn_terms
from claims.actions.outgoing_moves import satisfy_outgoing
from claims.models import Claim
from crm.errors import AlreadyDecided
from deals.models import Allocation
from tests.approvals.racing import failures, overtaken, race
from tests.cast import assemble, fresh
from tests.factories import claims, clients, deals
from tests.factories import outgoing as factory

TODAY = deals.DAY + timedelta(days=3)
WORDS = {
    "sector_head": Decision("satisfied", "warehouse", compensation="money"),
    "department_head": Decision("rejected", "client", findings="Принято без замечаний."),
}


@pytest.fixture
def cast(committed_db):
    """The cast in a database of its own, because threads commit."""
    return assemble()


def test_of_two_who_decide_at_once_one_wins_and_the_other_learns_who(cast):
    claim = claims.claim(clients.client(manager=cast.manager))

    assert claim.get_absolute_url()  # addresses are read once, which is no part of the race

    def decide(who):
        person = fresh(getattr(cast, who))
        return lambda: decide_claim(claim.pk, WORDS[who], by=person, version=1, today=TODAY)

    results = race(*map(decide, WORDS))
    lost = failures(results)
    assert {type(one) for one in lost} == {AlreadyDecided}, lost
    assert len(lost) == len(results) - 1
    kept = Claim.objects.get()
    assert kept.version == 2
    assert all(kept.decided_by.short_name in str(one) for one in lost)
    assert kept.decision == WORDS[kept.decided_by.role].decision


def test_the_clock_leaves_alone_what_is_settled_while_it_looks(cast):
    client = clients.client(manager=cast.manager)
    bill = factory.debt(client)
    claim = factory.sent(client, bill, cast=cast, with_accrual=False)
    paid = deals.payment(client, f"{bill.amount}", on=factory.TODAY)
    Allocation.objects.create(
        payment=paid, invoice=bill, amount=bill.amount, kind="manual", on_day=factory.TODAY
    )
    end = {"by": cast.lawyer, "version": claim.version, "reason": "", "today": factory.TODAY}
    turned = overtaken(
        lambda: satisfy_outgoing(claim.pk, **end), lambda: turn_terms(today=claim.response_due)
    )
    assert turned == 0
    claim.refresh_from_db()
    assert (claim.state, claim.ended_on) == ("satisfied", factory.TODAY)
