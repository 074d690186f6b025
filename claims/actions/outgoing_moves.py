"""Claims that went out: the answer, what came, how they end, stop of shipping (C.5 no. 22)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from claims.actions.outgoing import end, keep_file, locked
from claims.models import OUTGOING_MOVES, OutgoingClaim, OutgoingState
from claims.outgoing.remaining import Remaining
from claims.permissions import outgoing as permissions
from crm.accounts.models import User
from crm.errors import RuleViolation
from crm.history import verb
from crm.money import format_money
from crm.said import gettext as _stored
from crm.states import move
from deals.actions.contracts import absent, said
from deals.actions.stops import stop_client
from deals.models import StopReason, StopShipping


@dataclass(frozen=True)
class Answer:
    """What the client has answered, and whether it acknowledges the debt in writing."""

    on: date
    kind: str
    text: str = ""
    acknowledged: bool = False
    file: tuple[str, bytes] | None = None


@transaction.atomic
def answer_outgoing(
    claim_id: int, answer: Answer, *, by: User, version: int, today: date
) -> OutgoingClaim:
    """Note the answer; acknowledged in writing, the debt's limitation begins anew (ГК 203)."""
    claim = locked(claim_id, by, version)
    if not permissions.can_answer_outgoing(by, claim):
        raise PermissionDenied
    _check_day(claim, answer.on, today)
    if not answer.text.strip() and answer.file is None:
        raise RuleViolation(_("Write what they answer, or add the letter."), field="text")
    with verb("outgoing.answered", by=by, on_behalf_of=absent(by, claim.client)):
        move(
            claim,
            OUTGOING_MOVES,
            OutgoingState.ANSWERED,
            answered_on=answer.on,
            answer_kind=answer.kind,
            answer=answer.text.strip(),
            acknowledged=answer.acknowledged,
        )
    keep_file(claim, answer.file, by)
    return claim


@transaction.atomic
def note_accrual_paid(claim_id: int, *, by: User, version: int, amount: Decimal) -> OutgoingClaim:
    """How much of penalty and interest has come in all; the debt itself is read from invoices."""
    claim = locked(claim_id, by, version)
    if not permissions.can_note_accrual(by, claim):
        raise PermissionDenied
    most = claim.penalty + claim.interest
    if not 0 <= amount <= most:
        text = _("At most %(amount)s are claimed.") % {"amount": format_money(most)}
        raise RuleViolation(text, field="amount")
    with verb("outgoing.accrual_paid", by=by):
        claim.accrual_paid = amount
        claim.version += 1
        claim.save(update_fields=["accrual_paid", "version"])
    return claim


@transaction.atomic
def satisfy_outgoing(
    claim_id: int, *, by: User, version: int, reason: str, today: date
) -> OutgoingClaim:
    """It is settled: paid in full, or in part with the words why the rest is not asked for.

    Raises RuleViolation while a debt is open, and for a part without words.
    """
    claim = locked(claim_id, by, version)
    if not permissions.can_end_outgoing(by, claim):
        raise PermissionDenied
    left = Remaining.of(claim)
    if left.principal > 0:
        text = _("%(amount)s of the debt are still open.")
        raise RuleViolation(text % {"amount": format_money(left.principal)})
    words = said(reason) if left.accrual > 0 else reason.strip() or _stored("Paid in full")
    with verb("outgoing.satisfied", by=by):
        end(claim, OutgoingState.SATISFIED, words, today)
    return claim


@transaction.atomic
def close_outgoing(
    claim_id: int, *, by: User, version: int, reason: str, today: date
) -> OutgoingClaim:
    """Close it without payment and without the court: written off, agreed by instalments."""
    claim = locked(claim_id, by, version)
    if not permissions.can_end_outgoing(by, claim):
        raise PermissionDenied
    with verb("outgoing.closed", by=by):
        end(claim, OutgoingState.CLOSED, said(reason), today)
    return claim


@transaction.atomic
def stop_for_claim(claim_id: int, *, by: User, version: int, now: datetime) -> OutgoingClaim:
    """Stop shipping to the client because of the claim; a stop that stands already is linked."""
    claim = locked(claim_id, by, version)
    if not permissions.can_stop_for(by, claim):
        raise PermissionDenied
    standing: StopShipping | None = (
        StopShipping.objects.standing()
        .filter(client=claim.client_id, reason=StopReason.MANUAL)
        .first()
    )
    note = _stored("Claim %(number)s") % {"number": claim.number}
    stop = standing or stop_client(
        claim.client_id, by=by, reason=StopReason.MANUAL, note=note, now=now
    )
    with verb("outgoing.stopped", by=by):
        claim.stop = stop
        claim.version += 1
        claim.save(update_fields=["stop", "version"])
    return claim


def _check_day(claim: OutgoingClaim, on: date, today: date) -> None:
    if on > today:
        raise RuleViolation(_("The day has not come yet."), field="on")
    if claim.sent_on and on < claim.sent_on:
        raise RuleViolation(_("This is before the day of sending."), field="on")
