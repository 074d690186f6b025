"""How the approval engine moves claims against clients: the head initiates what is asked."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from claims.actions.outgoing import KIND, end, hand_to_lawyer
from claims.models import OUTGOING_MOVES, OutgoingClaim, OutgoingState
from crm.accounts.models import OrgUnitKind
from crm.approvals import registry
from crm.approvals.models import StepKind
from crm.approvals.registry import Decision, Handler, RouteStep
from crm.states import move
from deals.approval_handlers.contracts import SECTIONS as OF_CONTRACTS


def load(pk: int) -> OutgoingClaim:
    """The claim with the client and who drew it up."""
    rows = OutgoingClaim.objects.select_related(
        "author", "client__manager", "client__org_unit", "counterparty"
    )
    claim: OutgoingClaim = rows.get(pk=pk)
    return claim


def approved(claim: OutgoingClaim, decision: Decision) -> None:
    """requested → legal_review."""
    hand_to_lawyer(claim, decision.by)


def returned(claim: OutgoingClaim, decision: Decision) -> None:
    """requested → draft; the words stand with the approval."""
    move(claim, OUTGOING_MOVES, OutgoingState.DRAFT)


def rejected(claim: OutgoingClaim, decision: Decision) -> None:
    """requested → cancelled, with the words of the decision."""
    end(claim, OutgoingState.CANCELLED, decision.comment, decision.today)


def register_outgoing_review() -> None:
    """Called once when the app is ready."""
    registry.register(
        Handler(
            kind=KIND,
            label=_("Claim against a client"),
            icon="gavel",
            model=OutgoingClaim,
            default_route=(RouteStep(StepKind.APPROVE, unit_kind=OrgUnitKind.DEPARTMENT),),
            loader=load,
            summary_template="claims/_outgoing_summary.html",
            target_url=OutgoingClaim.get_absolute_url,
            approve_labels={StepKind.APPROVE: _("Hand to the lawyer")},
            on_approved=approved,
            on_returned=returned,
            on_rejected=rejected,
            on_withdrawn=returned,
        )
    )
    for section in OF_CONTRACTS:
        if section.key == "debt":
            registry.register_evidence(KIND, section)
