"""What the page of one claim and the panels of clients and sales show; read when shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from claims import permissions
from claims.lists.claims import due_cell, state_chip
from claims.models import OPEN_CLAIM, Claim, ClaimLine, ClaimState
from clients.models import Client
from crm.accounts.models import User
from crm.calendar import month_start
from crm.shell.way import WayStep
from deals.models import Shipment, ShipmentKind, ShipmentState

RIGHTS: dict[str, Callable[[User, Claim], bool]] = {
    "edit": permissions.can_edit_claim,
    "assign": permissions.can_assign_claim,
    "examine": permissions.can_examine_claim,
    "decide": permissions.can_decide_claim,
    "compensate": permissions.can_compensate_claim,
    "answer": permissions.can_answer_claim,
    "close": permissions.can_close_claim,
    "reopen": permissions.can_reopen_claim,
    "withdraw": permissions.can_withdraw_claim,
}
MONTHS = 12
ROWS = 40


class ClaimPage:
    """One visible claim for one person."""

    def __init__(self, claim: Claim, user: User, today: date) -> None:
        self.claim, self.user, self.today = claim, user, today

    @cached_property
    def may(self) -> dict[str, bool]:
        """What the person may do with it, by the verbs of the buttons."""
        return {verb: allowed(self.user, self.claim) for verb, allowed in RIGHTS.items()}

    @cached_property
    def lines(self) -> list[ClaimLine]:
        """What is complained of."""
        return list(self.claim.lines.select_related("product"))

    @property
    def lines_total(self) -> Decimal:
        """What the goods come to, roubles; less may be claimed, or more."""
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def sees_client(self) -> bool:
        """Whether the client and the sale may be opened from here."""
        return permissions.sees_clients_of_claims(self.user)

    @property
    def limit(self) -> Decimal | None:
        """Up to which amount the person decides; None: without limit."""
        return permissions.decision_limit(self.user)

    @property
    def is_above_limit(self) -> bool:
        """The person would decide, but for the amount."""
        limit, claim = self.limit, self.claim
        above = limit is not None and claim.amount_to_decide > limit
        return above and permissions.can_edit_claim(self.user, claim)

    @property
    def is_late(self) -> bool:
        return self.claim.is_open and self.claim.response_due < self.today

    @property
    def until(self) -> str:
        """The last day of the answer with what became of it."""
        return due_cell(self.claim)

    @cached_property
    def steps(self) -> list[WayStep]:
        """From the registration to the end."""
        claim = self.claim
        decided = claim.decided_on is not None
        if claim.state == ClaimState.WITHDRAWN:
            return [self._came, WayStep(pgettext("claim", "Withdrawn"), "returned")]
        return [
            self._came,
            self._review(done=decided),
            self._step(
                _("Decision"),
                done=decided,
                on=claim.decided_on,
                until=claim.response_due,
                waits=not decided and claim.state != ClaimState.REGISTERED,
            ),
            self._compensation(decided=decided),
            self._step(
                _("Answer"),
                done=claim.answered_on is not None,
                on=claim.answered_on,
                waits=decided,
            ),
            self._step(
                pgettext("claim", "Closed"),
                done=claim.state == ClaimState.CLOSED,
                waits=claim.answered_on is not None and not claim.is_owed,
            ),
        ]

    @property
    def _came(self) -> WayStep:
        return WayStep(pgettext("claim", "Registered"), "approved", on=self.claim.registered_on)

    def _review(self, *, done: bool) -> WayStep:
        claim = self.claim
        if claim.state == ClaimState.ESCALATED:
            return WayStep(pgettext("claim", "Handed up"), "returned")
        who = claim.assigned_to.short_name if claim.assigned_to else ""
        state = "approved" if done or claim.state != ClaimState.REGISTERED else "waiting"
        return WayStep(pgettext("claim", "In review"), state, words=who)

    def _compensation(self, *, decided: bool) -> WayStep:
        claim = self.claim
        owed = claim.is_owed
        if decided and not owed and claim.compensated_on is None:
            return WayStep(_("Compensation"), "queued", words=_("not needed"))
        done = claim.compensated_on is not None
        return self._step(_("Compensation"), done=done, on=claim.compensated_on, waits=owed)

    def _step(self, label: str, *, done: bool, waits: bool, **more: Any) -> WayStep:
        if done:
            more.pop("until", None)
        return WayStep(label, "approved" if done else "waiting" if waits else "queued", **more)


@dataclass(frozen=True)
class ClaimRow:
    """One claim with its cells in words."""

    claim: Claim

    @property
    def state(self) -> str:
        return state_chip(self.claim)

    @property
    def due(self) -> str:
        return due_cell(self.claim)


@dataclass(frozen=True)
class ClaimsOfClient:
    """The tab of one client for one person."""

    client: Client
    user: User
    today: date

    @cached_property
    def _recent(self) -> Any:
        """Of the last twelve months, and what is open."""
        first = month_start(self.today, -MONTHS)
        rows = Claim.objects.visible_to(self.user).filter(client=self.client)
        return rows.filter(Q(registered_on__gte=first) | Q(state__in=OPEN_CLAIM))

    @cached_property
    def rows(self) -> list[ClaimRow]:
        """The newest first."""
        rows = self._recent.for_list().order_by("-registered_on", "-pk")
        return [ClaimRow(claim) for claim in rows[:ROWS]]

    @cached_property
    def sums(self) -> dict[str, Any]:
        """How many, for what sums; withdrawn ones are not counted."""
        return self._recent.counted().sums()  # type: ignore[no-any-return]

    @property
    def may_register(self) -> bool:
        return permissions.can_register_claim(self.user, self.client)


@dataclass(frozen=True)
class ClaimsOfSale:
    """What the page of a sale shows of claims about it."""

    shipment: Shipment
    user: User

    @cached_property
    def rows(self) -> list[ClaimRow]:
        """All of them."""
        rows = Claim.objects.visible_to(self.user).filter(shipment=self.shipment)
        return [ClaimRow(claim) for claim in rows.for_list().order_by("-registered_on", "-pk")]

    @property
    def may_register(self) -> bool:
        """Of a posted sale of a known client."""
        sale = self.shipment
        sold = sale.kind == ShipmentKind.SALE and sale.state == ShipmentState.POSTED
        if not sold or sale.client is None or sale.reverses_id is not None:
            return False
        return permissions.can_register_claim(self.user, sale.client)
