"""The director decides a monthly plan: what its evidence is and what becomes of it (C.5 no. 23)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Role, User
from crm.approvals import registry
from crm.approvals.models import StepKind
from crm.approvals.registry import Decision, Handler, RouteStep, Section
from reports.actions import plan_moves as actions
from reports.models import MonthlyPlan, PlanState
from reports.queries.plan_gaps import coverage_of
from reports.queries.plan_levels import levels_of


def load(pk: int) -> MonthlyPlan:
    """The plan with who sent it."""
    plan: MonthlyPlan = MonthlyPlan.objects.for_list().get(pk=pk)
    return plan


def sent(plan: MonthlyPlan, decision: Decision) -> None:
    """submitted → on approval."""
    actions.sent(plan, by=decision.by)


def approved(plan: MonthlyPlan, decision: Decision) -> None:
    """on approval → approved."""
    actions.approved(plan, by=decision.by, today=decision.today)


def returned(plan: MonthlyPlan, decision: Decision) -> None:
    """on approval → returned, with the words of the director."""
    actions.returned(plan, comment=decision.comment)


def withdrawn(plan: MonthlyPlan, decision: Decision) -> None:
    """on approval → submitted."""
    actions.withdrawn(plan)


def sums_section(target: MonthlyPlan, user: User, today: date) -> Mapping[str, Any]:
    """Sums by sector and manager beside the fact of the last month and of the year before."""
    return {"plan": target, "levels": levels_of(target, user)}


def completeness_section(target: MonthlyPlan, user: User, today: date) -> Mapping[str, Any]:
    """Whether every manager and client has a plan, and whether it comes in time."""
    parts = list(target.parts.for_list())
    late = [part for part in parts if part.first_submitted_on and _late(target, part)]
    return {"plan": target, "coverage": coverage_of(target).total, "late": late, "today": today}


def _late(plan: MonthlyPlan, part: Any) -> bool:
    return bool(part.first_submitted_on > plan.submit_by)


def register_plans() -> None:
    """Called once when the app is ready."""
    registry.register(
        Handler(
            kind=actions.KIND,
            label=_("Monthly plan"),
            icon="target",
            model=MonthlyPlan,
            default_route=(RouteStep(StepKind.APPROVE, role=Role.DIRECTOR),),
            loader=load,
            summary_template="reports/_plan_summary.html",
            target_url=MonthlyPlan.get_absolute_url,
            may_refuse=False,
            can_withdraw=lambda plan: plan.state == PlanState.ON_APPROVAL,
            on_submitted=sent,
            on_approved=approved,
            on_returned=returned,
            on_withdrawn=withdrawn,
        ),
        evidence=(
            Section(
                key="sums",
                title=_("Sums by sector and manager"),
                template="reports/_evidence_plan_sums.html",
                load=sums_section,
                order=10,
                wide=True,
            ),
            Section(
                key="completeness",
                title=_("Completeness and terms"),
                template="reports/_evidence_plan_whole.html",
                load=completeness_section,
                order=20,
            ),
        ),
    )
