"""Monthly plans: the year, one plan by level, its history, the tab of the client card."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clients.views.answers import visible_client
from crm.accounts.history_view import render_history
from crm.web import person_of, whole_number
from reports import permissions
from reports.models import MonthlyPlan, PlanLine
from reports.pages.plans import FIRST_YEAR, LAST_YEAR, PlanPage, PlansOfClient, YearPage


@require_safe
def plan_list(request: HttpRequest) -> HttpResponse:
    """The plans of a year."""
    user, today = person_of(request), timezone.localdate()
    if not permissions.can_see_plans(user):
        raise PermissionDenied
    asked = whole_number(request.GET.get("year")) or today.year
    year = min(max(asked, FIRST_YEAR), LAST_YEAR)
    context = {"page": YearPage(user, year), "year": year, "this_month": today.replace(day=1)}
    return render(request, "reports/plan_list.html", context)


@require_safe
def plan_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One plan: its way, sums by sector and manager, what it lacks."""
    plan = visible_plan(request, pk)
    page = PlanPage(plan, person_of(request), timezone.localdate())
    return render(request, "reports/plan_detail.html", {"plan": plan, "page": page})


@require_safe
def plan_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who moved the plan, and who changed which number of it, of what one sees."""
    plan = visible_plan(request, pk)
    lines = PlanLine.objects.visible_to(person_of(request)).filter(plan=plan)
    return render_history(request, plan, parts=[lines])


@require_safe
def client_plans(request: HttpRequest, pk: int) -> HttpResponse:
    """The tab of the client card: plan by month."""
    client, user = visible_client(request, pk), person_of(request)
    if not permissions.can_see_plans(user):
        raise PermissionDenied
    page = PlansOfClient(client, user, timezone.localdate())
    return render(request, "reports/_client_plans.html", {"client": client, "page": page})


def visible_plan(request: HttpRequest, pk: int) -> Any:
    """The plan with what its page names; 404 for one that is not seen."""
    return get_object_or_404(MonthlyPlan.objects.visible_to(person_of(request)).for_list(), pk=pk)
