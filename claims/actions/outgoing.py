"""Claims against clients until they go out: drawn up, counted, handed to the lawyer, sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models import OUTGOING_MOVES, OutgoingClaim, OutgoingLine, OutgoingState
from claims.outgoing.calculation import count
from claims.outgoing.sheets import Sheet
from claims.outgoing.terms import Term, term_of
from claims.permissions import outgoing as permissions
from clients.models import Client, Counterparty
from crm.accounts.models import Role, User
from crm.approvals import actions as approvals
from crm.errors import RuleViolation, StaleVersion
from crm.files.actions import add_file
from crm.files.models import AttachmentKind
from crm.history import verb
from crm.lines import write_lines
from crm.notices.actions import notify_many
from crm.numbering import format_number, take_numbers
from crm.refusals import politely
from crm.states import move
from deals.actions.contracts import absent, said
from deals.models import DayType, Invoice

PREFIX, KIND, OWNER = "ПК", "outgoing_claim.review", "outgoing_claim"
ONCE = {
    "outgoing_invoice_in_one_claim": (
        gettext_lazy("One of the invoices stands in another claim that is open."),
        "invoices",
    ),
}


@dataclass(frozen=True)
class Wanted:
    """Which invoices are claimed, counted to which day, with or without penalty and interest."""

    invoice_ids: tuple[int, ...]
    to: date
    with_accrual: bool = True
    note: str = ""


@dataclass(frozen=True)
class Sending:
    """Proof that it went out: how, under which number, on which day, with the paper of it."""

    on: date
    sent_by: str
    proof: str
    file: tuple[str, bytes] | None = None


def overdue_of(client: Client, today: date, user: User) -> QuerySet[Invoice]:
    """Overdue invoices of the client that the person sees and that no open claim holds."""
    rows: Any = Invoice.objects.visible_to(user).filter(client=client).overdue(today)
    held = OutgoingLine.objects.filter(is_held=True).values("invoice")
    found: QuerySet[Invoice] = rows.exclude(pk__in=held).select_related("contract").fifo()
    return found


@transaction.atomic
def draft_outgoing(
    client_id: int, wanted: Wanted, *, by: User, today: date, key: UUID
) -> OutgoingClaim:
    """Draw up a claim over overdue invoices of one client, counted to a day; once per `key`.

    Raises PermissionDenied; RuleViolation for none, for a foreign or paid one, for one that stands
    in another claim, and for a day outside of the delay.
    """
    rows = Client.objects.visible_to(by).select_related("org_unit")
    client: Client = rows.select_for_update(of=("self",), no_key=True).get(pk=client_id)
    before: OutgoingClaim | None = OutgoingClaim.objects.filter(
        idempotency_key=key, author=by
    ).first()
    if before is not None:
        return before
    if not permissions.can_draft_outgoing(by, client):
        raise PermissionDenied
    invoices = _chosen(client, wanted, by, today)
    sheet = _counted(invoices, wanted.to, today, with_accrual=wanted.with_accrual)
    term = term_of((invoice.contract for invoice in invoices), today)
    number = take_numbers(OWNER, year=today.year)[0]
    claim = OutgoingClaim(
        number=format_number(PREFIX, today.year, number),
        client=client,
        counterparty=_debtor(client, invoices),
        author=by,
        term_days=term.days,
        term_day_type=term.day_type,
        idempotency_key=key,
        note=wanted.note.strip(),
        with_accrual=wanted.with_accrual,
        **sums_of(sheet),
    )
    with verb("outgoing.drafted", by=by, on_behalf_of=absent(by, client)), politely(ONCE):
        claim.save(force_insert=True)
        _write_lines(claim, sheet)
    return claim


@transaction.atomic
def recount_outgoing(
    claim_id: int, *, by: User, version: int, to: date, with_accrual: bool, today: date
) -> OutgoingClaim:
    """Count a claim that was not sent to another day; what is paid in full leaves it."""
    claim = locked(claim_id, by, version)
    if not permissions.can_edit_outgoing(by, claim):
        raise PermissionDenied
    rows = Invoice.objects.filter(outgoing_lines__claim=claim).select_related("contract").fifo()
    sheet = _counted(rows, to, today, with_accrual=with_accrual)
    with verb("outgoing.recounted", by=by, on_behalf_of=absent(by, claim.client)):
        _write_lines(claim, sheet)
        _save(claim, with_accrual=with_accrual, **sums_of(sheet))
    return claim


@transaction.atomic
def request_outgoing(claim_id: int, *, by: User, version: int, today: date) -> OutgoingClaim:
    """Ask the head of the department to hand it to the lawyer (four eyes)."""
    claim = locked(claim_id, by, version)
    if not permissions.can_request_outgoing(by, claim):
        raise PermissionDenied
    behalf = absent(by, claim.client)
    with verb("outgoing.requested", by=by, on_behalf_of=behalf):
        move(claim, OUTGOING_MOVES, OutgoingState.REQUESTED)
    approvals.submit(
        claim,
        kind=KIND,
        by=by,
        title=f"{claim.number}, {claim.client.name}",
        org_unit=claim.client.org_unit,
        today=today,
        on_behalf_of=behalf,
    )
    return claim


@transaction.atomic
def withdraw_outgoing(claim_id: int, *, by: User, today: date) -> None:
    """Whoever asked the head takes the request back: a draft again."""
    claim = OutgoingClaim.objects.visible_to(by).get(pk=claim_id)
    if not approvals.withdraw_running(claim, by=by, today=today):
        raise RuleViolation(_("It is not on its way to a decision."))


@transaction.atomic
def initiate_outgoing(claim_id: int, *, by: User, version: int) -> OutgoingClaim:
    """The head hands a draft to the lawyer, who is the second pair of eyes."""
    claim = locked(claim_id, by, version)
    if not permissions.can_initiate_outgoing(by, claim):
        raise PermissionDenied
    with verb("outgoing.initiated", by=by, on_behalf_of=absent(by, claim.client)):
        hand_to_lawyer(claim, by)
    return claim


def hand_to_lawyer(claim: OutgoingClaim, by: User) -> None:
    """Of a locked claim; the lawyers are told."""
    move(
        claim,
        OUTGOING_MOVES,
        OutgoingState.LEGAL_REVIEW,
        initiated_by=by,
        initiated_at=timezone.now(),
        lawyer_note="",
    )
    notify_many(
        User.objects.working().filter(role=Role.LAWYER),
        kind="outgoing.to_review",
        params={"number": claim.number, "client": claim.client.name},
        url=claim.get_absolute_url(),
        dedupe_key=f"outgoing.to_review:{claim.pk}:{claim.version}",
    )


@transaction.atomic
def return_outgoing(claim_id: int, *, by: User, version: int, reason: str) -> OutgoingClaim:
    """The lawyer gives it back to be corrected, and says why."""
    claim = locked(claim_id, by, version)
    if not permissions.can_send_outgoing(by, claim):
        raise PermissionDenied
    with verb("outgoing.returned", by=by):
        move(claim, OUTGOING_MOVES, OutgoingState.DRAFT, lawyer_note=said(reason)[:500])
    notify_many(
        {claim.author_id, claim.client.manager_id or claim.author_id},
        kind="outgoing.returned",
        params={"number": claim.number, "client": claim.client.name, "why": claim.lawyer_note},
        url=claim.get_absolute_url(),
        dedupe_key=f"outgoing.returned:{claim.pk}:{claim.version}",
    )
    return claim


@transaction.atomic
def send_outgoing(
    claim_id: int, sending: Sending, *, by: User, version: int, today: date
) -> OutgoingClaim:
    """The lawyer has sent it: proof and day are kept, the term of the answer begins (PRE-1).

    Raises RuleViolation for a day to come, one before the calculation, or without a number.
    """
    claim = locked(claim_id, by, version)
    if not permissions.can_send_outgoing(by, claim):
        raise PermissionDenied
    if sending.on > today:
        raise RuleViolation(_("The day has not come yet."), field="on")
    if sending.on < claim.calculated_to:
        raise RuleViolation(_("The claim is counted to a later day: recalculate it."), field="on")
    term = Term(claim.term_days, DayType(claim.term_day_type))
    with verb("outgoing.sent", by=by):
        move(
            claim,
            OUTGOING_MOVES,
            OutgoingState.SENT,
            sent_on=sending.on,
            sent_by=sending.sent_by,
            proof=said(sending.proof, "proof"),
            lawyer=by,
            response_due=term.last_day(sending.on),
            lawsuit_from=term.lawsuit_from(sending.on),
        )
    keep_file(claim, sending.file, by)
    return claim


@transaction.atomic
def cancel_outgoing(
    claim_id: int, *, by: User, version: int, reason: str, today: date
) -> OutgoingClaim:
    """Give up a claim that was not sent; its invoices are free again."""
    claim = locked(claim_id, by, version)
    if not permissions.can_cancel_outgoing(by, claim):
        raise PermissionDenied
    with verb("outgoing.cancelled", by=by, on_behalf_of=absent(by, claim.client)):
        end(claim, OutgoingState.CANCELLED, said(reason), today)
    return claim


def end(claim: OutgoingClaim, state: OutgoingState, reason: str, on: date) -> None:
    """Of a locked claim: it is over, another one may take its invoices."""
    move(claim, OUTGOING_MOVES, state, ended_on=on, end_reason=reason[:500])
    claim.lines.update(is_held=False)  # type: ignore[attr-defined]


def keep_file(claim: OutgoingClaim, file: tuple[str, bytes] | None, by: User) -> None:
    """Keep an uploaded paper with the claim; RuleViolation for one that is not taken."""
    if file is not None:
        name, content = file
        add_file(OWNER, claim.pk, by=by, name=name, content=content, kind=AttachmentKind.CLAIM)


def locked(claim_id: int, by: User, version: int) -> OutgoingClaim:
    """The claim as it was shown, with the client; StaleVersion if it has changed since."""
    rows = OutgoingClaim.objects.visible_to(by).select_for_update(of=("self",))
    claim: OutgoingClaim = rows.select_related("client__org_unit", "client__manager").get(
        pk=claim_id
    )
    if claim.version != version:
        raise StaleVersion(of=claim)
    return claim


def sums_of(sheet: Sheet) -> dict[str, Any]:
    """What a claim keeps of its sheet."""
    return {
        "calculated_to": sheet.to,
        "principal": sheet.principal,
        "penalty": sheet.penalty,
        "interest": sheet.interest,
        "calculation": sheet.as_json(),
    }


def _chosen(client: Client, wanted: Wanted, by: User, today: date) -> Sequence[Invoice]:
    ids = set(wanted.invoice_ids)
    if not ids:
        raise RuleViolation(_("Choose at least one invoice."), field="invoices")
    found = list(overdue_of(client, today, by).filter(pk__in=ids))
    if len(found) != len(ids):
        text = _("One of the invoices is paid, not overdue, or stands in another open claim.")
        raise RuleViolation(text, field="invoices")
    return found


def _counted(
    invoices: Sequence[Invoice] | QuerySet[Invoice], to: date, today: date, *, with_accrual: bool
) -> Sheet:
    if to > today:
        raise RuleViolation(_("The day has not come yet."), field="to")
    sheet = count(invoices, to, with_accrual=with_accrual)
    lines = tuple(line for line in sheet.lines if line.principal > 0)
    if not lines:
        raise RuleViolation(_("Nothing was owed by these invoices on that day."), field="to")
    if any(line.due_on >= to for line in lines):
        raise RuleViolation(_("Not all of the invoices were overdue on that day."), field="to")
    return Sheet(sheet.to, lines, sheet.rates_to)


def _debtor(client: Client, invoices: Sequence[Invoice]) -> Counterparty | None:
    """The legal entity of the contract, else the client's main one."""
    for invoice in invoices:
        if invoice.contract and invoice.contract.counterparty:
            return invoice.contract.counterparty
    rows = Counterparty.objects.filter(client=client, archived_at=None)
    return rows.order_by("-is_main", "pk").first()


def _write_lines(claim: OutgoingClaim, sheet: Sheet) -> None:
    lines = [
        OutgoingLine(
            claim=claim,
            invoice_id=line.invoice_id,
            position=place,
            principal=line.principal,
            kind=line.kind,
            accrual=line.accrual.total,
        )
        for place, line in enumerate(sheet.lines, start=1)
    ]
    write_lines(OutgoingLine.objects.filter(claim=claim), lines, same=attrgetter("invoice_id"))


def _save(claim: OutgoingClaim, **changes: Any) -> None:
    for name, value in {"version": claim.version + 1, **changes}.items():
        setattr(claim, name, value)
    claim.save(update_fields=["version", *changes])
