"""What the page of one proposal shows; every part is read when it is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from crm.accounts.models import User
from crm.approvals.way import WayOfApproval
from crm.money import percent, round_half_up
from deals import permissions
from deals.actions import proposals as actions
from deals.assortment import Outside, outside_of
from deals.models import Contract, Order, Proposal, ProposalLine, ProposalState
from deals.models.proposals import WITH_US


@dataclass(frozen=True)
class RealPrice:
    """What the offer costs in the end, roubles with VAT: by the list, offered, after the bonus."""

    listed: Decimal
    offered: Decimal
    retro_pct: Decimal

    @property
    def retro(self) -> Decimal:
        """What the client would be given afterwards."""
        return round_half_up(self.offered * self.retro_pct / 100)

    @property
    def real(self) -> Decimal:
        return self.offered - self.retro

    @property
    def discount(self) -> Decimal | None:
        """Percent of the list without the bonus."""
        return percent(self.listed - self.offered, self.listed)

    @property
    def net_discount(self) -> Decimal | None:
        """Percent of the list with discount and bonus together."""
        return percent(self.listed - self.real, self.listed)


def real_price_of(proposal: Proposal, lines: Iterable[ProposalLine]) -> RealPrice:
    """By the prices of the list and what is offered."""
    listed = sum((round_half_up(one.quantity * one.price) for one in lines), Decimal(0))
    return RealPrice(listed, proposal.total, proposal.retro_pct)


class ProposalPage(WayOfApproval):
    """One visible proposal for one person."""

    def __init__(self, proposal: Proposal, user: User, today: date) -> None:
        self.proposal = self.target = proposal
        self.user, self.today = user, today

    @cached_property
    def lines(self) -> list[ProposalLine]:
        return list(self.proposal.lines.select_related("product", "agreement"))

    @cached_property
    def real_price(self) -> RealPrice:
        """Discounts and the retro bonus together (S3.3.1.15)."""
        return real_price_of(self.proposal, self.lines)

    @cached_property
    def outside(self) -> Outside:
        """Goods outside the client's assortment matrix, until it is with the client (S2B.IV.1)."""
        if self.proposal.state not in WITH_US:
            return Outside()
        return outside_of(self.proposal.client, [line.product_id for line in self.lines])

    @cached_property
    def versions(self) -> list[Proposal]:
        """All versions, where there are several."""
        rows = list(Proposal.objects.of_family(self.proposal.first_id).order_by("-pk"))
        return rows if len(rows) > 1 else []

    @cached_property
    def order(self) -> Order | None:
        """The order that follows it."""
        return self.proposal.orders.exclude(state="cancelled").first()

    @cached_property
    def contract(self) -> Contract | None:
        """The contract that follows it."""
        return self.proposal.contracts.exclude(state="cancelled").first()

    @cached_property
    def needs_approval(self) -> bool:
        """The draft is below the person's own limit of prices."""
        draft = self.proposal.state == ProposalState.DRAFT
        return draft and actions.needs_approval(self.user, self.proposal.deviation)

    @property
    def may_edit(self) -> bool:
        return permissions.can_edit_proposal(self.user, self.proposal)

    @property
    def may_discard(self) -> bool:
        return permissions.can_discard_proposal(self.user, self.proposal)

    @property
    def may_submit(self) -> bool:
        return self.may_edit and self.needs_approval

    @property
    def may_send(self) -> bool:
        allowed = permissions.can_send_proposal(self.user, self.proposal)
        return allowed and not self.needs_approval

    @property
    def may_reopen(self) -> bool:
        return permissions.can_reopen_proposal(self.user, self.proposal)

    @property
    def may_answer(self) -> bool:
        return permissions.can_answer_proposal(self.user, self.proposal)

    @property
    def may_renew(self) -> bool:
        being_written = any(row.state in WITH_US for row in self.versions)
        return permissions.can_renew_proposal(self.user, self.proposal) and not being_written

    @property
    def may_order(self) -> bool:
        return permissions.can_order_proposal(self.user, self.proposal) and self.order is None

    @property
    def may_contract(self) -> bool:
        accepted = self.proposal.state == ProposalState.ACCEPTED and self.contract is None
        return accepted and permissions.can_draft_contract(self.user, self.proposal.client)
