"""Lawsuits: prepared after the term of the claim, filed, decided, enforced, closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.actions.outgoing import end, locked
from claims.models import (
    LAWSUIT_MOVES,
    OUTGOING_MOVES,
    Lawsuit,
    LawsuitPackage,
    LawsuitStage,
    LawsuitState,
    OutgoingClaim,
    OutgoingState,
)
from claims.outgoing.calculation import count
from claims.permissions import outgoing as permissions
from crm.accounts.models import User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.refusals import politely
from crm.said import gettext as _stored
from crm.states import check_move, move
from deals.models import Invoice

TOO_EARLY = {
    "lawsuit_not_before_the_term": (
        gettext_lazy(
            "The deadline of the claim has not passed: the court would leave it unexamined."
        ),
        "on",
    ),
}


@dataclass(frozen=True)
class Stage:
    """Where a lawsuit has come to."""

    state: str
    on: date
    note: str = ""
    case_number: str = ""
    awarded: Decimal | None = None


@transaction.atomic
def prepare_lawsuit(
    claim_id: int, *, by: User, version: int, court: str, to: date, today: date
) -> Lawsuit:
    """Begin a lawsuit over what is left, counted to a day; the claim is in court from now on.

    Raises RuleViolation before `lawsuit_from` (the table refuses it as well) and for nothing owed.
    """
    claim = locked(claim_id, by, version)
    if not permissions.can_prepare_lawsuit(by, claim):
        raise PermissionDenied
    if claim.lawsuit_from is None or today < claim.lawsuit_from:
        text = _("The claim may be answered until %(day)s: not before the next day.")
        raise RuleViolation(text % {"day": f"{claim.response_due:%d.%m.%Y}"})
    with verb("lawsuit.prepared", by=by), politely(TOO_EARLY):
        lawsuit = Lawsuit(
            claim=claim,
            court=court.strip(),
            prepared_on=today,
            prepared_by=by,
            **_sums(claim, to, today),
        )
        lawsuit.save(force_insert=True)
        _note_stage(lawsuit, Stage(LawsuitState.PREPARED, today), by)
        move(claim, OUTGOING_MOVES, OutgoingState.IN_COURT)
    return lawsuit


@transaction.atomic
def edit_lawsuit(
    lawsuit_id: int,
    *,
    by: User,
    version: int,
    court: str,
    case_number: str,
    state_duty: Decimal | None,
) -> Lawsuit:
    """Write down what became known: the court, the number of the case, the duty paid."""
    lawsuit = _locked(lawsuit_id, by, version)
    with verb("lawsuit.edited", by=by):
        _save(
            lawsuit,
            court=court.strip(),
            case_number=case_number.strip(),
            state_duty=state_duty,
        )
    return lawsuit


@transaction.atomic
def recount_lawsuit(lawsuit_id: int, *, by: User, version: int, to: date, today: date) -> Lawsuit:
    """Count what is asked of the court to another day, before it is filed."""
    lawsuit = _locked(lawsuit_id, by, version)
    if lawsuit.state != LawsuitState.PREPARED:
        raise RuleViolation(_("It is filed: what is asked for stands."))
    with verb("lawsuit.recounted", by=by):
        _save(lawsuit, **_sums(lawsuit.claim, to, today))
    return lawsuit


@transaction.atomic
def move_lawsuit(lawsuit_id: int, stage: Stage, *, by: User, version: int, today: date) -> Lawsuit:
    """Note the next stage with its day; a closed lawsuit closes its claim."""
    lawsuit = _locked(lawsuit_id, by, version)
    check_move(lawsuit, LAWSUIT_MOVES, stage.state)
    if stage.on > today:
        raise RuleViolation(_("The day has not come yet."), field="on")
    last = lawsuit.stages.order_by("-pk").first()  # type: ignore[attr-defined]
    if last is not None and stage.on < last.on:
        raise RuleViolation(_("This is before the stage that went before."), field="on")
    with verb(f"lawsuit.{stage.state}", by=by), politely(TOO_EARLY):
        move(lawsuit, LAWSUIT_MOVES, stage.state, **_facts(lawsuit, stage))
        _note_stage(lawsuit, stage, by)
        if stage.state == LawsuitState.CLOSED:
            _close_claim(lawsuit, stage)
    return lawsuit


@transaction.atomic
def ask_for_package(lawsuit_id: int, *, by: User, version: int) -> LawsuitPackage:
    """Have the archive for the court made in the background; one is made at a time."""
    lawsuit = _locked(lawsuit_id, by, version)
    waiting: LawsuitPackage | None = LawsuitPackage.objects.filter(
        lawsuit=lawsuit, state="waiting"
    ).first()
    return waiting or LawsuitPackage.objects.create(lawsuit=lawsuit, asked_by=by)


def _facts(lawsuit: Lawsuit, stage: Stage) -> dict[str, Any]:
    """What the stage says besides its day."""
    if stage.state == LawsuitState.FILED:
        number = stage.case_number.strip() or lawsuit.case_number
        return {"filed_on": stage.on, "case_number": number}
    if stage.state == LawsuitState.CLOSED:
        return {"closed_on": stage.on}
    if stage.state == LawsuitState.ENFORCEMENT:
        return {}
    return {"decided_on": stage.on, "awarded": stage.awarded}


def _close_claim(lawsuit: Lawsuit, stage: Stage) -> None:
    rows = OutgoingClaim.objects.select_for_update(of=("self",))
    claim = rows.get(pk=lawsuit.claim_id)
    words = stage.note.strip() or _stored("The lawsuit is closed")
    end(claim, OutgoingState.CLOSED, words, stage.on)


def _note_stage(lawsuit: Lawsuit, stage: Stage, by: User) -> None:
    LawsuitStage.objects.create(
        lawsuit=lawsuit, state=stage.state, on=stage.on, note=stage.note.strip(), noted_by=by
    )


def _sums(claim: OutgoingClaim, to: date, today: date) -> dict[str, Any]:
    """The sheet of the claim's invoices as of the day, less what came of penalty and interest."""
    if to > today:
        raise RuleViolation(_("The day has not come yet."), field="to")
    if to < claim.calculated_to:
        raise RuleViolation(_("The claim itself is counted to a later day."), field="to")
    rows = Invoice.objects.filter(outgoing_lines__claim=claim).select_related("contract").fifo()
    sheet = count(rows, to, with_accrual=claim.with_accrual)
    accrual = max(sheet.accrual - claim.accrual_paid, Decimal(0))
    if sheet.principal + accrual <= 0:
        raise RuleViolation(_("Everything is paid: there is nothing to sue for."))
    return {
        "calculated_to": to,
        "calculation": sheet.as_json(),
        "principal": sheet.principal,
        "accrual": accrual,
    }


def _locked(lawsuit_id: int, by: User, version: int) -> Lawsuit:
    """The lawsuit as it was shown, for who may move it."""
    rows = Lawsuit.objects.visible_to(by).select_for_update(of=("self",))
    lawsuit: Lawsuit = rows.select_related("claim__client").get(pk=lawsuit_id)
    if not permissions.can_move_lawsuit(by, lawsuit):
        raise PermissionDenied
    if lawsuit.version != version:
        raise StaleVersion(of=lawsuit)
    return lawsuit


def _save(lawsuit: Lawsuit, **changes: Any) -> None:
    for name, value in {"version": lawsuit.version + 1, **changes}.items():
        setattr(lawsuit, name, value)
    lawsuit.save(update_fields=["version", *changes])
