"""Escalations that end with their claim: decided or withdrawn, it is nobody's matter any more."""

from __future__ import annotations

from datetime import date

from claims.models import ESCALATION_MOVES, Claim, Escalation, EscalationState
from crm.accounts.models import User
from crm.history import verb
from crm.said import said
from crm.states import move


def end_with_claim(claim: Claim, *, by: User, today: date) -> None:
    """Settle what was handed up of a claim that its caller has locked and moved.

    Whoever writes both locks the claim first.
    """
    rows = Escalation.objects.open().select_for_update(of=("self",)).filter(claim=claim)
    for row in rows.order_by("pk"):
        with verb("escalation.settled", by=by):
            move(
                row,
                ESCALATION_MOVES,
                EscalationState.RESOLVED,
                outcome=said(lambda: claim.get_decision_display() or claim.get_state_display()),
                ended_on=today,
            )
