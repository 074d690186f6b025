"""How the approval engine moves proposals whose prices are below the lowest (C.5 no. 9)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.request_rows import with_client
from crm.approvals import registry
from crm.approvals.registry import Decision, Handler, Section
from crm.errors import RuleViolation
from crm.states import move, moving
from deals.actions import proposals as actions
from deals.approval_handlers.contracts import SECTIONS as OF_CONTRACTS
from deals.approval_handlers.guards import client_at_work, signer_is_enough
from deals.conditions.signature_limits import PRICE_DEVIATION
from deals.models import PROPOSAL_MOVES, Proposal, ProposalState
from deals.pages.proposals import real_price_of


def load(pk: int) -> Proposal:
    """The proposal with what its summary and evidence read."""
    proposal: Proposal = with_client(Proposal).get(pk=pk)
    return proposal


def approved(proposal: Proposal, decision: Decision) -> None:
    """on_approval → approved, if the limit of the signer covers it by the prices of today."""
    client_at_work(proposal.client_id)
    deviation = actions.checked_prices(proposal, decision.today).deviation
    found = actions.way_of(deviation)
    if not signer_is_enough(decision, found):
        raise RuleViolation(
            _("Prices have changed and this is above the limit now: return the proposal.")
        )
    move(proposal, PROPOSAL_MOVES, ProposalState.APPROVED, deviation=deviation)


def lines(proposal: Proposal, user: Any, today: Any) -> dict[str, Any]:
    """What is offered, those below the lowest price marked."""
    rows = list(proposal.lines.select_related("product", "agreement"))
    real = real_price_of(proposal, rows) if proposal.retro_pct else None
    return {"lines": rows, "total": proposal.total, "real": real}


SECTIONS = (
    Section(
        key="lines",
        title=gettext_lazy("What is offered"),
        template="deals/_evidence_proposal.html",
        load=lines,
        order=10,
        wide=True,
    ),
    *(section for section in OF_CONTRACTS if section.key == "debt"),
)


def register_proposals() -> None:
    """Called once when the app is ready."""
    registry.register(
        Handler(
            kind=actions.KIND,
            label=gettext_lazy("Proposal below the lowest price"),
            icon="receipt",
            model=Proposal,
            limits=(PRICE_DEVIATION,),
            loader=load,
            summary_template="deals/_proposal_summary.html",
            target_url=Proposal.get_absolute_url,
            may_refuse=False,
            on_submitted=moving(PROPOSAL_MOVES, ProposalState.ON_APPROVAL),
            on_approved=approved,
            on_returned=moving(PROPOSAL_MOVES, ProposalState.DRAFT),
            on_withdrawn=moving(PROPOSAL_MOVES, ProposalState.DRAFT),
            can_revoke=lambda proposal: proposal.state == ProposalState.APPROVED,
            on_revoked=moving(PROPOSAL_MOVES, ProposalState.DRAFT),
        ),
        evidence=SECTIONS,
    )
