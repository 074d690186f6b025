"""Claims looked into, decided, compensated, answered, closed and opened again (C.5 no. 19)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from claims import permissions
from claims.actions.claim_notices import tell, tell_heads, tell_purchasing
from claims.actions.claims import WRONG_STATE, claim_under_lock, locked_claim
from claims.actions.escalation_ends import end_with_claim
from claims.answer_terms import answer_due
from claims.models import (
    CLAIM_MOVES,
    Claim,
    ClaimDecision,
    ClaimReason,
    ClaimState,
    Compensation,
    GuiltyParty,
)
from crm.accounts.models import User
from crm.errors import AlreadyDecided, RuleViolation, StaleVersion
from crm.history import verb
from crm.states import move
from deals.actions.contracts import absent, said


@dataclass(frozen=True)
class Findings:
    """What was found out; nobody is guilty as long as it is not known."""

    text: str
    guilty_party: str = ""
    guilty_person: User | None = None


@dataclass(frozen=True)
class Decision:
    """What the client gets and by whose fault; roubles with VAT."""

    decision: str
    guilty_party: str
    satisfied_amount: Decimal | None = None  # None: all that was claimed, of a refusal nothing
    guilty_person: User | None = None
    reason: ClaimReason | None = None  # None: as it was registered
    findings: str = ""
    compensation: str = ""


@transaction.atomic
def assign_claim(claim_id: int, *, by: User, version: int, person_id: int) -> Claim:
    """A head says who looks into it; the person must see the claim, and is told."""
    claim = locked_claim(claim_id, by, version)
    if not permissions.can_assign_claim(by, claim):
        raise PermissionDenied
    person = User.objects.working().filter(pk=person_id).first()
    if person is None or not Claim.objects.visible_to(person).filter(pk=claim.pk).exists():
        raise RuleViolation(_("This person does not see the claim."), field="person")
    with _done(claim, "claim.assigned", by):
        if claim.state == ClaimState.REGISTERED:
            move(claim, CLAIM_MOVES, ClaimState.IN_REVIEW, WRONG_STATE, assigned_to=person)
        else:
            _save(claim, assigned_to=person)
    if person.pk != by.pk:
        tell(person, claim, "claim.assigned")
    return claim


@transaction.atomic
def examine_claim(claim_id: int, findings: Findings, *, by: User, version: int) -> Claim:
    """Note what was found out, and whose fault it is as far as that is known."""
    claim = locked_claim(claim_id, by, version)
    if not permissions.can_examine_claim(by, claim):
        raise PermissionDenied
    _check_guilty(findings.guilty_party, findings.guilty_person)
    with _done(claim, "claim.examined", by):
        _save(
            claim,
            findings=said(findings.text, "findings"),
            guilty_party=findings.guilty_party,
            guilty_person=findings.guilty_person,
        )
    return claim


@transaction.atomic
def decide_claim(claim_id: int, decided: Decision, *, by: User, version: int, today: date) -> Claim:
    """Satisfy a claim as a whole or in part, or refuse it; within the limits of the role.

    More than was claimed gives the director alone. Of two at once one decides, the other is told
    who did (AlreadyDecided).
    """
    claim = claim_under_lock(claim_id, by)
    if claim.decided_on is not None:
        raise AlreadyDecided(_decided_by(claim))
    if not permissions.can_decide_claim(by, claim):
        raise PermissionDenied
    if claim.version != version:
        raise StaleVersion(of=claim)
    reason = decided.reason or claim.reason
    if reason.kind not in {"", claim.kind}:
        raise RuleViolation(_("This is not a claim reason for this kind."), field="reason")
    amount, beyond = _amount(claim, decided, by)
    _check_decision(decided, amount, by)
    with _done(claim, "claim.decided", by):
        move(
            claim,
            CLAIM_MOVES,
            ClaimState.DECIDED,
            WRONG_STATE,
            decision=decided.decision,
            satisfied_amount=amount,
            beyond_by=by if beyond else None,
            decided_on=today,
            decided_by=by,
            reason=reason,
            guilty_party=decided.guilty_party,
            guilty_person=decided.guilty_person,
            findings=decided.findings.strip() or claim.findings,
            compensation=_compensation(decided, amount),
        )
    end_with_claim(claim, by=by, today=today)
    _tell_decided(claim, by)
    return claim


def _tell_decided(claim: Claim, by: User) -> None:
    for person in {claim.client.manager_id, claim.assigned_to_id} - {by.pk}:
        if person is not None:
            tell(person, claim, "claim.decided")
    tell_purchasing(claim, f"decided:{claim.times_reopened}")


@transaction.atomic
def compensate_claim(
    claim_id: int, *, by: User, version: int, on: date, today: date, compensation: str = ""
) -> Claim:
    """Note on which day the client has got it, and what, where it became something else."""
    claim = locked_claim(claim_id, by, version)
    if not permissions.can_compensate_claim(by, claim):
        raise PermissionDenied
    _check_day(claim, on, today)
    what = compensation or claim.compensation
    if what in {"", Compensation.NOTHING}:
        raise RuleViolation(_("Say what the client gets."), field="compensation")
    changes: dict[str, Any] = {"compensated_on": on, "compensation": what}
    with _done(claim, "claim.compensated", by):
        move(claim, CLAIM_MOVES, ClaimState.COMPENSATED, WRONG_STATE, **changes)
    return claim


@transaction.atomic
def answer_claim(claim_id: int, *, by: User, version: int, on: date, today: date) -> Claim:
    """Note on which day the client was written to what was decided."""
    claim = locked_claim(claim_id, by, version)
    if not permissions.can_answer_claim(by, claim):
        raise PermissionDenied
    _check_day(claim, on, today)
    with _done(claim, "claim.answered", by):
        _save(claim, answered_on=on)
    return claim


@transaction.atomic
def close_claim(claim_id: int, *, by: User, version: int) -> Claim:
    """Nothing is left to do: answered, and compensated where there is something to."""
    claim = locked_claim(claim_id, by, version)
    if not permissions.can_close_claim(by, claim):
        raise PermissionDenied
    if claim.answered_on is None:
        raise RuleViolation(_("The client has not been answered yet."))
    if claim.is_owed:
        raise RuleViolation(_("The client has not got the compensation yet."))
    with _done(claim, "claim.closed", by):
        move(claim, CLAIM_MOVES, ClaimState.CLOSED, WRONG_STATE)
    return claim


@transaction.atomic
def reopen_claim(claim_id: int, *, by: User, version: int, objection: str, today: date) -> Claim:
    """The client objects: the decision is taken out (the history keeps it), a new term begins."""
    claim = locked_claim(claim_id, by, version)
    if not permissions.can_reopen_claim(by, claim):
        raise PermissionDenied
    changes: dict[str, Any] = {
        **dict.fromkeys(("decided_on", "decided_by", "satisfied_amount", "beyond_by")),
        **dict.fromkeys(("compensated_on", "answered_on")),
        **dict.fromkeys(("decision", "compensation"), ""),
        "objection": said(objection, "objection"),
        "times_reopened": claim.times_reopened + 1,
        "response_due": answer_due(claim.client, today, shipment=claim.shipment, order=claim.order),
    }
    with _done(claim, "claim.reopened", by):
        move(claim, CLAIM_MOVES, ClaimState.IN_REVIEW, WRONG_STATE, **changes)
    tell_heads(claim, "claim.reopened", by=by)
    if claim.assigned_to_id not in {None, by.pk}:
        tell(claim.assigned_to_id, claim, "claim.reopened")
    return claim


def _done(claim: Claim, word: str, by: User) -> Any:
    return verb(word, by=by, on_behalf_of=absent(by, claim.client))


def _save(claim: Claim, **changes: Any) -> None:
    for name, value in {"version": claim.version + 1, **changes}.items():
        setattr(claim, name, value)
    claim.save(update_fields=["version", *changes])


def _decided_by(claim: Claim) -> str:
    # The row came with its lock; whom it names has to be read after it.
    person = User.objects.filter(pk=claim.decided_by_id).first()
    words = {
        "decision": str(claim.get_decision_display()).lower(),
        "person": person.short_name if person else "—",
        "day": f"{claim.decided_on:%d.%m.%Y}",
    }
    return _("Decided already: %(decision)s, %(person)s, %(day)s.") % words


def _amount(claim: Claim, decided: Decision, by: User) -> tuple[Decimal, bool]:
    """What the client gets, and whether it is more than was claimed."""
    if decided.decision == ClaimDecision.REJECTED:
        if decided.satisfied_amount:
            raise RuleViolation(_("A rejection gives nothing."), field="satisfied_amount")
        return Decimal(0), False
    amount, claimed = decided.satisfied_amount, claim.claimed_amount
    if amount is None and decided.decision == ClaimDecision.SATISFIED:
        return claimed, False
    if decided.decision == ClaimDecision.PARTIAL and not 0 < (amount or 0) < claimed:
        text = _("In part is more than nothing and less than was claimed.")
        raise RuleViolation(text, field="satisfied_amount")
    assert amount is not None
    if decided.decision == ClaimDecision.SATISFIED and amount < claimed:
        text = _("This is less than was claimed: satisfied in part.")
        raise RuleViolation(text, field="decision")
    beyond = amount > claimed
    if beyond and not permissions.can_give_beyond(by):
        text = _("More than was claimed may be given by the director alone.")
        raise RuleViolation(text, field="satisfied_amount")
    return amount, beyond


def _check_decision(decided: Decision, amount: Decimal, by: User) -> None:
    if not decided.guilty_party:
        raise RuleViolation(_("Say whose fault it is."), field="guilty_party")
    _check_guilty(decided.guilty_party, decided.guilty_person)
    if decided.guilty_person == by and not permissions.can_give_beyond(by):
        text = _("About one's own fault decides the head.")
        raise RuleViolation(text, field="guilty_person")
    if decided.decision != ClaimDecision.SATISFIED and not decided.findings.strip():
        raise RuleViolation(_("Say why it is not satisfied as a whole."), field="findings")
    if amount and decided.compensation in {"", Compensation.NOTHING}:
        raise RuleViolation(_("Say what the client gets."), field="compensation")


def _check_guilty(party: str, person: User | None) -> None:
    if party and party not in GuiltyParty.values:
        raise RuleViolation(_("Say whose fault it is."), field="guilty_party")
    if person is not None and not permissions.may_be_guilty(party):
        text = _("A person is named where the fault is ours.")
        raise RuleViolation(text, field="guilty_person")


def _compensation(decided: Decision, amount: Decimal) -> str:
    if decided.decision == ClaimDecision.REJECTED:
        return ""
    return decided.compensation or (Compensation.NOTHING if not amount else "")


def _check_day(claim: Claim, on: date, today: date) -> None:
    if on > today:
        raise RuleViolation(_("The day has not come yet."), field="on")
    if claim.decided_on is not None and on < claim.decided_on:
        raise RuleViolation(_("This was before the decision."), field="on")
