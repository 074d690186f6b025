"""What waits for one person beside the clients: leads, reports, tasks, pay, explanations."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Subquery

from clients.models import Lead
from crm.accounts.models import User
from crm.accounts.scope import scope_of
from reports.days.plans import previous
from reports.models import (
    ExplanationState,
    IncentiveSheet,
    MonthlyPlan,
    PlanExplanation,
    PlanLine,
    ReportSubmission,
    TargetTask,
)
from reports.permissions import FILLERS
from reports.permissions.incentives import can_see_sheets
from reports.queries.plan_execution import is_below_norm

MOST = 10


@dataclass(frozen=True)
class Owed:
    """An explanation that the person owes; `refused` says why the first one was not taken."""

    plan: MonthlyPlan
    refused: str = ""


@dataclass(frozen=True)
class Duties:
    """Everything that waits, the nearest day first."""

    reports: list[ReportSubmission]
    tasks: list[TargetTask]
    own_sheets: list[IncentiveSheet]
    to_decide: list[tuple[date, int]]
    explanations: list[Owed]
    leads: list[Lead]


def duties_of(user: User, today: date) -> Duties:
    """What the person has to hand in, report, read, decide and explain."""
    own, to_decide = sheets_of(user)
    return Duties(
        reports=reports_due(user),
        tasks=tasks_due(user),
        own_sheets=own,
        to_decide=to_decide,
        explanations=explanations_owed(user, today),
        leads=leads_due(user, today),
    )


def reports_due(user: User) -> list[ReportSubmission]:
    """Internal reports to be handed in, of the person and of those the person stands in for."""
    own = {user.pk, *scope_of(user).substituted_ids}
    rows = ReportSubmission.objects.visible_to(user).to_hand_in().filter(author__in=own)
    return list(rows.for_list().order_by("due_on", "pk")[:MOST])


def tasks_due(user: User) -> list[TargetTask]:
    """Target tasks that the person has to report on."""
    rows = TargetTask.objects.visible_to(user).to_report().filter(owner=user)
    return list(rows.order_by("due_on", "pk")[:MOST])


def leads_due(user: User, today: date) -> list[Lead]:
    """Leads of the person and of those the person stands in for, whose next step is due."""
    rows = Lead.objects.visible_to(user).of(user).due(today)
    return list(rows.order_by("next_on", "pk")[:MOST])


def sheets_of(user: User) -> tuple[list[IncentiveSheet], list[tuple[date, int]]]:
    """Own sheets that were neither acknowledged nor objected to, and months with how many sheets
    wait for the person's decision."""
    if not can_see_sheets(user):
        return [], []
    rows = IncentiveSheet.objects.visible_to(user).whose_turn_is(user).order_by("month", "pk")
    found = list(rows.only("month", "objection_until", "employee"))
    own = [sheet for sheet in found if sheet.employee_id == user.pk]
    months = Counter(sheet.month for sheet in found if sheet.employee_id != user.pk)
    return own, sorted(months.items())


def explanations_owed(user: User, today: date) -> list[Owed]:
    """Plans of the month before this one that the person carried out below the norm and has not
    explained, or whose explanation was refused."""
    if user.role not in FILLERS:
        return []
    month = previous(today)
    lines = PlanLine.objects.in_force(month).filter(manager=user.pk)
    written = PlanExplanation.objects.filter(plan=OuterRef("pk"), manager=user.pk, client=None)
    plans = MonthlyPlan.objects.filter(pk__in=lines.values("plan")).exclude(
        Exists(written.exclude(state=ExplanationState.REFUSED))
    )
    plans = plans.annotate(refused=Subquery(written.values("judgement")[:1]))
    return [
        Owed(plan, plan.refused or "")
        for plan in plans.select_related("org_unit").order_by("pk")
        if is_below_norm(plan, user.pk, None, today=today)
    ]
