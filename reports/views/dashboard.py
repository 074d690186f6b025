"""Parts of the dashboard of a unit that are loaded when they are shown."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.dialogs import READ_AND_WRITE, attempt, dialog, saved
from crm.work.registry import setting
from deals.permissions import can_see_money
from reports.actions.dashboards import subscribe
from reports.forms.dashboard_mail import MailForm
from reports.models import DashboardSubscription, Weekday
from reports.pages.dashboard import (
    KpiPage,
    acts_calendar,
    behind,
    course_chart,
    leaders,
    span_in_words,
)
from reports.pages.kept import figures_of
from reports.queries import dashboard as queries
from reports.queries.plan_fact import Pace, plan_fact
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


@require_safe
def department_leaders(request: HttpRequest) -> HttpResponse:
    """Places of the managers, unless the setting hides them."""
    asked = asked_part(request)
    if not setting("dashboard.leaderboard"):
        raise Http404
    inside = [one for one in asked.units if one.path.startswith(asked.unit.path)]
    kept = figures_of(
        asked.key("leaders"),
        lambda: plan_fact(asked.person, asked.months, asked.unit, inside),
    )
    pace = Pace.of(asked.months.first, asked.today, asked.months.last)
    rows = leaders(kept.figures, pace, asked.months, asked.unit)
    context = {"leaders": rows, "title": span_in_words(asked.months)}
    return render(request, "reports/_department_leaders.html", context)


@require_safe
def department_wall(request: HttpRequest) -> HttpResponse:
    """The dashboard for the wall of the office: great figures, no menus, refreshed by itself."""
    asked = asked_part(request)
    query = urlencode({"unit": asked.unit.pk, "period": asked.months.code})
    context = {
        "unit": asked.unit,
        "query": query,
        "leave": f"{reverse('reports:department')}?{query}",
        "seconds": setting("dashboard.wall_seconds"),
        "shows_leaders": setting("dashboard.leaderboard"),
    }
    return render(request, "reports/department_wall.html", context)


@require_http_methods(READ_AND_WRITE)
def department_mail(request: HttpRequest) -> HttpResponse:
    """When the dashboard is sent to the person by e-mail."""
    asked = asked_part(request)
    person, unit = asked.person, asked.unit
    known = DashboardSubscription.objects.visible_to(person).filter(org_unit=unit).first()
    form = MailForm(request.POST or None, initial=_mail_choice(known))
    status = attempt(request, form, lambda: subscribe(unit, by=person, **form.new_values()))
    if not status:
        back = f"{reverse('reports:department')}?unit={unit.pk}"
        return saved(request, _("Saved."), event="dashboard-mail", back=back)
    title = _("Dashboard by e-mail: %(unit)s") % {"unit": unit.name}
    return dialog(
        request, form, title=title, submit=_("Save"), status=status, action=request.get_full_path()
    )


def _mail_choice(known: DashboardSubscription | None) -> dict[str, Any]:
    """What was chosen; every working morning at the first hour before that."""
    if known is None:
        hour, days = setting("dashboard.mail_from_hour"), list(Weekday.values)
        return {"is_active": True, "period": "this_month", "weekdays": days, "hour": hour}
    return {name: getattr(known, name) for name in ("is_active", "period", "weekdays", "hour")}
