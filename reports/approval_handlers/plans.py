"""The director decides a monthly plan: what its evidence is and what becomes of it (C.5 no. 23)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.approvals import registry
from crm.approvals.registry import Decision, Section
from reports.actions import plan_moves as actions
from reports.approval_handlers.revisions import revision_handler
from reports.models import MonthlyPlan
from reports.queries.plan_gaps import coverage_of
from reports.queries.plan_levels import levels_of


def approved(plan: MonthlyPlan, decision: Decision) -> None:
    """on approval → approved."""
    actions.approved(plan, by=decision.by, today=decision.today)


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
        revision_handler(
            MonthlyPlan,
            kind=actions.KIND,
            label=_("Monthly plan"),
            icon="target",
            approved=approved,
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
                title=_("Completeness and deadlines"),
                template="reports/_evidence_plan_whole.html",
                load=completeness_section,
                order=20,
            ),
        ),
    )
