"""What the page of one claim against a client shows, and the form that draws one up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from claims.actions.outgoing import overdue_of
from claims.models import (
    LAWSUIT_MOVES,
    Lawsuit,
    LawsuitPackage,
    LawsuitState,
    OutgoingClaim,
    OutgoingLine,
    OutgoingState,
)
from claims.outgoing import calculation
from claims.outgoing.remaining import Remaining, settled_since
from claims.outgoing.sheets import Sheet, SheetLine
from claims.outgoing.terms import Term
from claims.outgoing.way import WayStep, steps_of
from claims.permissions import outgoing as permissions
from clients.models import Client
from crm.accounts.models import User
from crm.approvals.way import WayOfApproval
from crm.errors import RuleViolation
from crm.work.registry import setting
from deals.models import Allocation, Contract, DayType, Invoice, StopShipping
from deals.receivables.limitation import Limitation, limitations


class OutgoingPage(WayOfApproval):
    """One visible claim for one person; every part is read when it is shown."""

    suffixes = ("pdf", "docx")

    def __init__(self, claim: OutgoingClaim, user: User, today: date) -> None:
        self.claim = self.target = claim
        self.user, self.today = user, today

    @cached_property
    def sheet(self) -> Sheet:
        """As it was counted for the claim."""
        return Sheet.of(self.claim.calculation)

    @cached_property
    def now(self) -> Sheet | None:
        """Counted to today, while it is open; None where a key rate is missing."""
        if not self.claim.is_open or self.today <= self.claim.calculated_to:
            return None
        rows = Invoice.objects.filter(outgoing_lines__claim=self.claim)
        try:
            return calculation.count(
                rows.select_related("contract").fifo(),
                self.today,
                with_accrual=self.claim.with_accrual,
            )
        except RuleViolation:
            return None

    @cached_property
    def left(self) -> Remaining:
        """What is still claimed after what was paid."""
        return Remaining.of(self.claim)

    @cached_property
    def settled(self) -> list[Allocation]:
        """What was paid since it was counted."""
        return list(settled_since(self.claim))

    @cached_property
    def steps(self) -> list[WayStep]:
        return steps_of(self.claim, self.lawsuit)

    @property
    def term(self) -> Term:
        """The term of the answer as the contract names it."""
        return Term(self.claim.term_days, DayType(self.claim.term_day_type))

    @cached_property
    def contracts(self) -> list[Contract]:
        """Contracts of the invoices."""
        rows = Contract.objects.filter(invoices__outgoing_lines__claim=self.claim)
        return list(rows.distinct().order_by("number"))

    @cached_property
    def invoices(self) -> list[tuple[SheetLine, OutgoingLine]]:
        """Lines of the sheet with their invoices and what is left of each."""
        rows = OutgoingLine.objects.filter(claim=self.claim).owed_now()
        known = {row.invoice_id: row for row in rows.select_related("invoice__shipment")}
        return [(line, known[line.invoice_id]) for line in self.sheet.lines]

    @property
    def term_is_over(self) -> bool:
        """The last day of the answer has gone by."""
        due = self.claim.response_due
        return due is not None and due < self.today

    @property
    def days_left(self) -> int:
        """Of the term of the answer."""
        due = self.claim.response_due
        return (due - self.today).days if due else 0

    @cached_property
    def limitation(self) -> Limitation | None:
        """The earliest end of limitation among its debts, while nothing is filed."""
        if self.lawsuit is not None and self.lawsuit.filed_on is not None:
            return None
        rows = Invoice.objects.filter(outgoing_lines__claim=self.claim, open_amount__gt=0)
        found = limitations(rows).values() if self.claim.is_open else ()
        return min(found, key=lambda one: one.last_day, default=None)

    @property
    def limitation_days(self) -> int:
        return self.limitation.days_left(self.today) if self.limitation else 0

    @property
    def limitation_near(self) -> bool:
        return self.limitation is not None and self.limitation.is_near(self.today)

    @property
    def stale_since(self) -> date | None:
        """The last key rate is old, and the claim is still being counted with it."""
        counts = self.claim.with_accrual and self.sheet.penalty != self.sheet.accrual
        counts = counts or not self.sheet.accrual
        return calculation.stale_since(self.today) if counts and self.claim.is_open else None

    @property
    def stale_days(self) -> int:
        days: int = setting("outgoing.rate_stale_days")
        return days

    @cached_property
    def standing_stop(self) -> StopShipping | None:
        """A stop of shipping to the client that stands, the linked one first."""
        if self.claim.stop and self.claim.stop.off_at is None:
            return self.claim.stop
        rows = StopShipping.objects.standing().filter(client=self.claim.client_id)
        found: StopShipping | None = rows.first()
        return found

    # --- the court --------------------------------------------------------------------------------

    @cached_property
    def lawsuit(self) -> Lawsuit | None:
        """With its people; None before it is prepared."""
        rows = Lawsuit.objects.filter(claim=self.claim).select_related("prepared_by")
        return rows.first()

    @cached_property
    def stages(self) -> list[Any]:
        """The stages that it came to."""
        if self.lawsuit is None:
            return []
        return list(self.lawsuit.stages.select_related("noted_by"))  # type: ignore[attr-defined]

    @property
    def next_stages(self) -> list[LawsuitState]:
        """Where it may go now."""
        if self.lawsuit is None or not permissions.can_move_lawsuit(self.user, self.lawsuit):
            return []
        allowed = LAWSUIT_MOVES[self.lawsuit.state]
        return [state for state in LawsuitState if state in allowed]

    @cached_property
    def package(self) -> LawsuitPackage | None:
        """The newest archive."""
        return LawsuitPackage.objects.filter(lawsuit=self.lawsuit).first()

    # --- what may be done -------------------------------------------------------------------------

    @property
    def may_edit(self) -> bool:
        return permissions.can_edit_outgoing(self.user, self.claim)

    @property
    def may_request(self) -> bool:
        return permissions.can_request_outgoing(self.user, self.claim)

    @property
    def may_initiate(self) -> bool:
        return permissions.can_initiate_outgoing(self.user, self.claim)

    @property
    def may_send(self) -> bool:
        return permissions.can_send_outgoing(self.user, self.claim)

    @property
    def may_answer(self) -> bool:
        return permissions.can_answer_outgoing(self.user, self.claim)

    @property
    def may_note_accrual(self) -> bool:
        return bool(self.claim.accrual) and permissions.can_note_accrual(self.user, self.claim)

    @property
    def may_end(self) -> bool:
        return permissions.can_end_outgoing(self.user, self.claim)

    @property
    def may_cancel(self) -> bool:
        return permissions.can_cancel_outgoing(self.user, self.claim)

    @property
    def may_stop(self) -> bool:
        return permissions.can_stop_for(self.user, self.claim)

    @property
    def may_prepare(self) -> bool:
        """The day from which the court takes it has come."""
        begins = self.claim.lawsuit_from
        come = begins is not None and begins <= self.today
        return come and permissions.can_prepare_lawsuit(self.user, self.claim)

    @property
    def may_move_lawsuit(self) -> bool:
        return self.lawsuit is not None and permissions.can_move_lawsuit(self.user, self.lawsuit)

    @property
    def may_take(self) -> bool:
        """Take the archive for the court."""
        return permissions.can_pack_lawsuit(self.user)

    @property
    def is_draft(self) -> bool:
        return self.claim.state == OutgoingState.DRAFT


@dataclass(frozen=True)
class DraftLine:
    """An overdue invoice that may be claimed, with what its contract adds by today."""

    invoice: Invoice
    line: SheetLine
    is_chosen: bool
    days: int

    @property
    def terms(self) -> Contract | None:
        return self.invoice.contract


@dataclass(frozen=True)
class DraftPage:
    """What may be claimed from one client; `chosen` are those ticked before a refusal."""

    client: Client
    user: User
    today: date
    chosen: list[int] | None = None

    @cached_property
    def lines(self) -> list[DraftLine]:
        """Overdue invoices that no open claim holds, the oldest first."""
        rows = list(overdue_of(self.client, self.today, self.user))
        try:
            sheet = calculation.count(rows, self.today)
        except RuleViolation:
            sheet = calculation.count(rows, self.today, with_accrual=False)
        return [
            DraftLine(
                row,
                line,
                self.chosen is None or row.pk in self.chosen,
                (self.today - row.due_on).days,
            )
            for row, line in zip(rows, sheet.lines, strict=True)
        ]

    @property
    def stale_since(self) -> date | None:
        """Interest would be counted by an old key rate."""
        needs = any(line.line.kind == "interest" for line in self.lines)
        return calculation.stale_since(self.today) if needs else None

    @property
    def stale_days(self) -> int:
        days: int = setting("outgoing.rate_stale_days")
        return days


@dataclass(frozen=True)
class OutgoingOfClient:
    """The tab of one client for one person."""

    client: Client
    user: User
    today: date

    @cached_property
    def claims(self) -> list[OutgoingClaim]:
        """All of them, the newest first."""
        rows = OutgoingClaim.objects.visible_to(self.user).filter(client=self.client)
        return list(rows.for_list().order_by("-pk")[:40])

    @property
    def unfinished(self) -> list[OutgoingClaim]:
        """Those that are not over."""
        return [claim for claim in self.claims if claim.is_open]

    @cached_property
    def overdue(self) -> int:
        """Overdue invoices that are in no claim."""
        return overdue_of(self.client, self.today, self.user).count()

    @property
    def may_draft(self) -> bool:
        return permissions.can_draft_outgoing(self.user, self.client)
