"""Escalations of a large demo: every state, whole ladders, nothing that the rules would refuse."""

from datetime import date

import pytest

from claims.models import Claim, Escalation
from claims.permissions import can_settle_escalation
from crm.history import verb
from reports.demo import handed_up
from tests.factories import claims, clients, contracts

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 25)


@pytest.fixture
def filled(cast, monkeypatch):
    """Records enough for each way, all of which go up."""
    for name in ("CONTRACTS", "TALKS", "CLAIMS", "CLIENTS", "DEBTORS"):
        monkeypatch.setattr(handed_up, name, 1)
    for number in range(20):
        client = clients.client(cast.manager, category="ABC"[number % 3], status="client")
        claims.claim(client, state="in_review")
        if number < 8:
            claims.claim(client, state="registered")
            contracts.draft(client, cast.manager)
    with verb("demo.filled", by=None):
        handed_up.add_handed_up(TODAY)
    return Escalation.objects.order_by("pk")


def test_every_state_is_there_and_some_are_late(filled):
    states = set(filled.values_list("state", flat=True))
    assert states == {"open", "in_work", "resolved", "fiasco"}
    assert set(filled.values_list("kind", flat=True)) >= {"claim", "contract", "conflict"}
    assert filled.late(TODAY).exists()
    assert not filled.late(TODAY).filter(level="sector_head").exists(), "the clock has passed them"
    assert filled.filter(by_time=True).exists()


def test_a_level_that_failed_has_the_next_one_above_it(filled, cast):
    ladder = [cast.sector_head, cast.department_head, cast.director]
    for first in filled.filter(parent=None).select_related("client"):
        row, below = first, cast.manager
        for person in ladder:
            assert (row.to_user, row.from_user) == (person, below)
            assert row.personally == (person == cast.department_head and row.client.category == "A")
            if row.state != "fiasco":
                break
            assert row.ended_on > row.due_on if row.by_time else row.ended_on >= row.opened_on
            assert row.above.opened_on == row.ended_on
            row, below = row.above, None if row.by_time else person
        else:
            pytest.fail("nobody is left above")


def test_a_claim_that_is_up_waits_for_the_heads_and_the_next_demo_adds_nothing(filled, cast):
    up = Claim.objects.filter(escalations__in=filled.open())
    assert set(up.values_list("state", flat=True)) == {"escalated"}
    assert not Claim.objects.filter(state="escalated").exclude(pk__in=up).exists()
    row = filled.open().filter(to_user=cast.sector_head).first()
    assert can_settle_escalation(cast.sector_head, row)
    before = filled.count()
    handed_up.add_handed_up(TODAY)
    assert filled.count() == before
