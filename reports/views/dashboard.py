"""Parts of the dashboard of a unit that are loaded when they are shown."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from deals.permissions import can_see_money
from reports.kept import figures_of
from reports.pages.dashboard import KpiPage, acts_calendar, behind, course_chart, span_in_words
from reports.queries import dashboard as queries
from reports.views.department import asked_part


@require_safe
def department_kpi(request: HttpRequest) -> HttpResponse:
    """KPI 1–4: value, plan, percentage, change and trend."""
    asked = asked_part(request)
    money = can_see_money(asked.person)
    kept = figures_of(
        asked.key("kpi"),
        lambda: queries.kpis(
            asked.person, asked.unit, asked.inside, asked.months, today=asked.today, money=money
        ),
    )
    page = KpiPage(asked.unit, kept.figures, kept.at)
    return render(request, "reports/_department_kpi.html", {"page": page})


@require_safe
def department_course(request: HttpRequest) -> HttpResponse:
    """Cumulative shipments by day against the ideal line."""
    asked = asked_part(request)
    kept = figures_of(
        asked.key("course"),
        lambda: queries.course(
            asked.person, asked.unit, asked.inside, asked.months, today=asked.today
        ),
    )
    context = {
        "chart": course_chart(kept.figures),
        "behind": behind(kept.figures, asked.today),
        "title": span_in_words(asked.months),
        "file": asked.course_file,
    }
    return render(request, "reports/_department_course.html", context)


@require_safe
def department_calendar(request: HttpRequest) -> HttpResponse:
    """The reconciliations of the half-year by their last days."""
    asked = asked_part(request)
    if not can_see_money(asked.person):
        raise PermissionDenied
    kept = figures_of(
        asked.key("calendar"),
        lambda: acts_calendar(asked.person, asked.unit, asked.inside, asked.month, asked.today),
    )
    context = {"page": {"calendar": kept.figures}, "counted_at": kept.at}
    return render(request, "reports/_department_calendar.html", context)
