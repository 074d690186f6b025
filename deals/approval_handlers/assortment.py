"""How the approval engine carries out changes of the assortment that heads propose (S3.2.2b)."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Role
from crm.approvals import registry
from crm.approvals.models import StepKind
from crm.approvals.registry import Decision, Handler, RouteStep
from crm.states import move, moving
from deals.actions.assortment import KIND, carry_out
from deals.models import ASSORTMENT_PROPOSAL_MOVES as MOVES
from deals.models import AssortmentProposal
from deals.models import AssortmentProposalState as State


def accepted(proposal: AssortmentProposal, decision: Decision) -> None:
    """proposed → accepted, and the matrix says it."""
    carry_out(proposal)
    move(proposal, MOVES, State.ACCEPTED)


def load(pk: int) -> AssortmentProposal:
    """The proposal with what its summary reads."""
    rows = AssortmentProposal.objects.select_related("matrix", "product", "author")
    return rows.get(pk=pk)  # type: ignore[no-any-return]


def register_assortment_proposals() -> None:
    """Called once when the app is ready."""
    registry.register(
        Handler(
            kind=KIND,
            label=_("Change of the assortment"),
            icon="packages",
            model=AssortmentProposal,
            default_route=(RouteStep(StepKind.APPROVE, role=Role.MARKETER),),
            loader=load,
            summary_template="deals/_assortment_summary.html",
            target_url=AssortmentProposal.get_absolute_url,
            list_label=_("Assortment matrix"),
            list_url=lambda: reverse("deals:assortment_list"),
            on_approved=accepted,
            on_returned=moving(MOVES, State.RETURNED),
            on_rejected=moving(MOVES, State.REJECTED),
            on_withdrawn=moving(MOVES, State.WITHDRAWN),
        )
    )
