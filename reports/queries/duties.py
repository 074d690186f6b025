"""What waits for one person beside the clients: reports, tasks, sheets of pay, explanations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from crm.accounts.models import User
from crm.accounts.scope import scope_of
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
from reports.plan_days import previous
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


def duties_of(user: User, today: date) -> Duties:
    """What the person has to hand in, report, read, decide and explain."""
    return Duties(
        reports=reports_due(user),
        tasks=tasks_due(user),
        own_sheets=own_sheets(user),
        to_decide=sheets_to_decide(user),
        explanations=explanations_owed(user, today),
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


def own_sheets(user: User) -> list[IncentiveSheet]:
    """Approved sheets of the person that were neither acknowledged nor objected to."""
    if not can_see_sheets(user):
        return []
    rows = IncentiveSheet.objects.visible_to(user).to_be_read_by(user)
    return list(rows.only("month", "objection_until", "employee").order_by("month")[:MOST])


def sheets_to_decide(user: User) -> list[tuple[date, int]]:
    """Months with how many sheets wait for the person's decision."""
    if not can_see_sheets(user):
        return []
    rows = IncentiveSheet.objects.visible_to(user).to_be_decided_by(user)
    return list(rows.order_by("month").values_list("month").annotate(count=Count("pk"))[:MOST])


def explanations_owed(user: User, today: date) -> list[Owed]:
    """Plans of the month before this one that the person carried out below the norm and has not
    explained, or whose explanation was refused."""
    if user.role not in FILLERS:
        return []
    month = previous(today)
    lines = PlanLine.objects.in_force(month).filter(manager=user.pk)
    plans = MonthlyPlan.objects.filter(pk__in=lines.values("plan")).select_related("org_unit")
    written = {
        row.plan_id: row
        for row in PlanExplanation.objects.filter(manager=user.pk, client=None, plan__month=month)
    }
    owed = []
    for plan in plans.order_by("pk"):
        row = written.get(plan.pk)
        if row is not None and row.state != ExplanationState.REFUSED:
            continue
        if is_below_norm(plan, user.pk, None, today=today):
            owed.append(Owed(plan, row.judgement if row is not None else ""))
    return owed
