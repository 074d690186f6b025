"""How the engine of approvals moves what the director approves in revisions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise

from crm.accounts.models import Role
from crm.approvals.models import StepKind
from crm.approvals.registry import Decision, Handler, RouteStep
from reports.actions import revisions
from reports.models.revisions import ON_APPROVAL, Revision


def revision_handler(
    model: type[Revision],
    *,
    kind: str,
    label: str | Promise,
    icon: str,
    approved: Callable[[Any, Decision], None],
) -> Handler:
    """Approved or returned by the director, never refused; `approved` is what approval does."""
    rows: Any = model._default_manager
    return Handler(
        kind=kind,
        label=label,
        icon=icon,
        model=model,
        default_route=(RouteStep(StepKind.APPROVE, role=Role.DIRECTOR),),
        loader=lambda pk: rows.for_list().get(pk=pk),
        summary_template=f"reports/_{kind}_summary.html",
        target_url=lambda row: row.get_absolute_url(),
        may_refuse=False,
        can_withdraw=lambda row: row.state == ON_APPROVAL,
        on_submitted=_sent,
        on_approved=approved,
        on_returned=_returned,
        on_withdrawn=_withdrawn,
    )


def _sent(row: Revision, decision: Decision) -> None:
    revisions.sent(row, by=decision.by)


def _returned(row: Revision, decision: Decision) -> None:
    revisions.returned(row, comment=decision.comment)


def _withdrawn(row: Revision, decision: Decision) -> None:
    revisions.withdrawn(row)
