"""What the page of one return shows, and the panels of returns on other pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Q

from claims import permissions
from claims.books import awaited_by, fits
from claims.lists.returns import reason_cell, state_chip
from claims.models import Claim, Return, ReturnLine, ReturnState
from claims.pages.return_evidence import ReturnRate, return_rate
from clients.models import Client
from crm.accounts.models import User
from crm.approvals.way import WayOfApproval
from deals.models import Shipment, ShipmentState

ROWS = 20
# The states in their order on paper; a refusal or a withdrawal ends it where it is.
ORDER = (
    ReturnState.REQUESTED,
    ReturnState.APPROVED,
    ReturnState.GOODS_RECEIVED,
    ReturnState.ACCEPTED,
    ReturnState.CREDITED,
    ReturnState.CLOSED,
)
ENDED = (ReturnState.REJECTED, ReturnState.WITHDRAWN)


@dataclass(frozen=True)
class Step:
    """A state on the way: done on a day, the present one, or still to come."""

    label: str
    state: str
    on: date | None


class ReturnPage(WayOfApproval):
    """One visible return for one person."""

    def __init__(self, back: Return, user: User, today: date) -> None:
        self.target = self.back = back
        self.user, self.today = user, today

    @cached_property
    def lines(self) -> list[ReturnLine]:
        rows = self.back.lines.select_related("shipment_line", "product").order_by("position")
        return list(rows)

    @cached_property
    def booked_lines(self) -> Any:
        """Lines of the document, where the return has none of its own."""
        document = self.back.document
        return document.lines.select_related("product")[:500] if document else []

    @property
    def steps(self) -> list[Step]:
        """The whole way with its days."""
        document, back = self.back.document, self.back
        days = (
            back.asked_on,
            back.decided_on,
            back.received_on,
            back.accepted_on,
            document.posted_on if document else None,
            None,
        )
        if back.state in ENDED:
            asked = Step(str(ReturnState.REQUESTED.label), "approved", back.asked_on)
            return [asked, Step(back.get_state_display(), "returned", back.decided_on)]
        at = ORDER.index(ReturnState(back.state))
        marks = ["approved"] * at + ["waiting"] + [""] * (len(ORDER) - at - 1)
        found = zip(ORDER, marks, days, strict=True)
        return [Step(str(state.label), mark, day) for state, mark, day in found]

    @cached_property
    def claim(self) -> Claim | None:
        """The claim that it follows from, if the person sees it."""
        rows = Claim.objects.visible_to(self.user)
        found: Claim | None = rows.filter(pk=self.back.claim_id).first()
        return found

    @property
    def reason(self) -> str:
        return reason_cell(self.back)

    @property
    def state(self) -> str:
        return state_chip(self.back)

    @cached_property
    def candidates(self) -> list[tuple[Shipment, bool]]:
        """Documents of the books that may credit it, each with whether it fits."""
        if not self.may_credit:
            return []
        return [(document, fits(self.back, document)) for document in awaited_by(self.back)[:ROWS]]

    @property
    def lost_credit(self) -> bool:
        """Its document was reversed."""
        return permissions.lost_credit(self.back)

    @property
    def sale_is_gone(self) -> bool:
        """The sale was reversed while the return was on its way."""
        sale = self.back.shipment
        return self.back.state in ORDER[:4] and bool(sale and sale.state != ShipmentState.POSTED)

    @cached_property
    def may_credit(self) -> bool:
        return permissions.can_credit_return(self.user, self.back)

    @property
    def may_take_back(self) -> bool:
        return permissions.can_withdraw_return(self.user, self.back)

    @property
    def may_close(self) -> bool:
        return permissions.can_close_return(self.user, self.back)

    @property
    def may_name_reason(self) -> bool:
        return permissions.can_name_reason(self.user, self.back)


@dataclass(frozen=True)
class ReturnRow:
    """A return in a panel."""

    back: Return

    @property
    def state(self) -> str:
        return state_chip(self.back)

    @property
    def reason(self) -> str:
        return reason_cell(self.back)


@dataclass(frozen=True)
class ReturnsOf:
    """Returns of a client, a sale or a claim for one person."""

    user: User
    today: date
    client: Client
    sale: Shipment | None = None
    claim: Claim | None = None

    @cached_property
    def rows(self) -> list[ReturnRow]:
        """The latest ones."""
        found = Return.objects.visible_to(self.user).filter(client=self.client)
        if self.sale is not None:
            found = found.filter(Q(shipment=self.sale) | Q(document=self.sale))
        if self.claim is not None:
            found = found.filter(claim=self.claim)
        return [ReturnRow(back) for back in found.for_list()[:ROWS]]

    @cached_property
    def rate(self) -> ReturnRate:
        return return_rate(self.client, self.user, self.today)

    @property
    def may_ask(self) -> bool:
        """Of the sale that is shown, else of any of the client's."""
        sale = self.sale or (self.claim.shipment if self.claim else None)
        if sale is not None:
            return permissions.can_return_from(self.user, sale)
        return permissions.can_ask_return(self.user, self.client)
