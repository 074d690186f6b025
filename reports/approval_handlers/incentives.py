"""The director approves what heads decided about pay; the general director, about the heads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Role, User
from crm.approvals import registry
from crm.approvals.models import StepKind
from crm.approvals.registry import Decision, Handler, RouteStep, Section
from reports.actions import incentive_moves as actions
from reports.models import IncentiveSheet, SheetState
from reports.pages.incentives import SheetPage


def load(pk: int) -> IncentiveSheet:
    """The sheet with its names."""
    rows = IncentiveSheet.objects.select_related("employee", "org_unit", "scheme", "decided_by")
    sheet: IncentiveSheet = rows.get(pk=pk)
    return sheet


def decided(sheet: IncentiveSheet, decision: Decision) -> None:
    """drafted or objection → decided."""
    actions.decided(sheet, by=decision.by)


def approved(sheet: IncentiveSheet, decision: Decision) -> None:
    """decided → approved."""
    actions.approved(sheet, by=decision.by, today=decision.today)


def sent_back(sheet: IncentiveSheet, decision: Decision) -> None:
    """decided → drafted or objection, with the words of the director."""
    actions.sent_back(sheet, comment=decision.comment)


def calculation_section(target: IncentiveSheet, user: User, today: date) -> Mapping[str, Any]:
    """Line by line, down to the documents."""
    return {"page": SheetPage(target, user, today), "row": target}


def lines_section(target: IncentiveSheet, user: User, today: date) -> Mapping[str, Any] | None:
    """Rewards and reductions with their grounds; what the employee said."""
    page = SheetPage(target, user, today)
    return {"page": page, "row": target} if page.decisions or target.objection else None


def register_incentive_approvals() -> None:
    """Called once when the app is ready."""
    kinds = (
        (actions.KIND, _("Incentive sheet"), Role.DIRECTOR),
        (actions.HEADS_KIND, _("Incentive sheet of a department head"), Role.GENERAL_DIRECTOR),
    )
    for kind, label, role in kinds:
        registry.register(_handler(kind, label, role), evidence=_evidence())


def _handler(kind: str, label: Any, role: str) -> Handler:
    return Handler(
        kind=kind,
        label=label,
        icon="coins",
        model=IncentiveSheet,
        default_route=(RouteStep(StepKind.APPROVE, role=role),),
        loader=load,
        summary_template="reports/_incentive_summary.html",
        target_url=IncentiveSheet.get_absolute_url,
        may_refuse=False,
        can_withdraw=lambda sheet: sheet.state == SheetState.DECIDED,
        on_submitted=decided,
        on_approved=approved,
        on_returned=sent_back,
        on_withdrawn=sent_back,
    )


def _evidence() -> tuple[Section, ...]:
    return (
        Section(
            key="calculation",
            title=_("Calculation"),
            template="reports/_evidence_incentive.html",
            load=calculation_section,
            order=10,
            wide=True,
        ),
        Section(
            key="decisions",
            title=_("Rewards and reductions"),
            template="reports/_evidence_incentive_lines.html",
            load=lines_section,
            order=20,
            wide=True,
        ),
    )
