"""How the approval engine moves emergency reconciliations (C.5 no. 18)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from crm.accounts.models import OrgUnitKind
from crm.approvals import registry
from crm.approvals.models import StepKind
from crm.approvals.registry import Decision, Handler, RouteStep
from crm.said import gettext as _stored
from crm.states import move
from deals.actions.reconciliations import KIND
from deals.approval_handlers.contracts import SECTIONS as OF_CONTRACTS
from deals.models import ITEM_MOVES, ItemState, ReconciliationItem


def load(pk: int) -> ReconciliationItem:
    """The item with the client and who asked."""
    rows = ReconciliationItem.objects.select_related(
        "requested_by", "client__manager", "client__org_unit", "contract"
    )
    item: ReconciliationItem = rows.get(pk=pk)
    return item


def approved(item: ReconciliationItem, decision: Decision) -> None:
    """requested → planned."""
    move(item, ITEM_MOVES, ItemState.PLANNED, approved_by=decision.by)


def refused(item: ReconciliationItem, decision: Decision) -> None:
    """requested → cancelled, with the words of the decision."""
    move(item, ITEM_MOVES, ItemState.CANCELLED, cancel_reason=decision.comment[:300])


def withdrawn(item: ReconciliationItem, decision: Decision) -> None:
    """requested → cancelled by whoever asked."""
    move(item, ITEM_MOVES, ItemState.CANCELLED, cancel_reason=_stored("Taken back."))


def register_reconciliations() -> None:
    """Called once when the app is ready."""
    registry.register(
        Handler(
            kind=KIND,
            label=gettext_lazy("Emergency reconciliation"),
            icon="scale",
            model=ReconciliationItem,
            default_route=(RouteStep(StepKind.APPROVE, unit_kind=OrgUnitKind.DEPARTMENT),),
            loader=load,
            summary_template="deals/_reconciliation_summary.html",
            target_url=ReconciliationItem.get_absolute_url,
            on_approved=approved,
            on_returned=refused,
            on_rejected=refused,
            on_withdrawn=withdrawn,
        )
    )
    for section in OF_CONTRACTS:
        if section.key == "debt":
            registry.register_evidence(KIND, section)
