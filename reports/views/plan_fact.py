"""Plan and fact of a month: the table, and its closing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crm.accounts.scope import scope_of
from crm.errors import RuleViolation
from crm.web import is_fragment, move_on, person_of
from reports import permissions
from reports.actions.closing import close_month
from reports.days.months import Months, chosen_months
from reports.forms.dashboards import chosen_month, chosen_number, chosen_unit
from reports.models import MonthClosing
from reports.pages.figures import FigurePage
from reports.pages.kept import figures_of
from reports.pages.plan_fact import CUTS, Asked, Line, PlanFactPage
from reports.queries import plan_fact as queries
from reports.queries.cuts import GROUP, by_cut
from reports.queries.department import units_for
from reports.queries.plan_fact import Sums


@require_safe
def plan_fact(request: HttpRequest) -> HttpResponse:
    """Plan, fact, forecast and deviation of a metric by unit, manager and client."""
    page = _page_of(_asked(request))
    template = "reports/_plan_fact.html" if is_fragment(request) else "reports/plan_fact.html"
    return render(request, template, {"page": page})


@require_safe
def figure(request: HttpRequest) -> HttpResponse:
    """How the numbers of one row were counted; a dialog or a page."""
    asked = _asked(request)
    page = _page_of(asked)
    line = page.line_of(request.GET.get("row", ""))
    if line is None:
        raise Http404
    shown = FigurePage(page, line, _before(asked) if line.level == "total" else None)
    template = "reports/_figure.html" if is_fragment(request) else "reports/figure.html"
    return render(request, template, {"figure": shown, "back": asked.url()})


def _before(asked: Asked) -> tuple[PlanFactPage, Line]:
    """The whole of as many months before those asked for."""
    months = asked.months.before
    earlier = replace(asked, months=Months(months[0], months[-1], f"{months[-1]:%Y-%m}"), by="")
    page = _page_of(earlier, as_closed=False)
    return page, page.total


def _page_of(asked: Asked, *, as_closed: bool = True) -> PlanFactPage:
    """With the facts as they stood at the closing, or with those of today alone."""
    unit, inside = asked.unit, asked.units
    if unit is not None:
        inside = [one for one in asked.units if one.path.startswith(unit.path)]
    key = ("plan_fact", scope_of(asked.user).key, unit and unit.pk, asked.months, asked.today,
           as_closed)  # fmt: skip
    kept = figures_of(
        key,
        lambda: queries.plan_fact(asked.user, asked.months, unit, inside, as_closed=as_closed),
    )
    return PlanFactPage(asked, kept.figures, kept.at, _cut(asked, kept.figures.closing))


def _cut(asked: Asked, closing: MonthClosing | None) -> dict[Any, Sums] | None:
    """The rows by what is asked for; None by units and managers."""
    if not asked.by:
        return None
    key = ("plan_cut", scope_of(asked.user).key, asked.by, asked.unit and asked.unit.pk,
           asked.months, closing is not None)  # fmt: skip
    is_closed = closing is not None
    return figures_of(key, lambda: by_cut(asked.user, asked.params, is_closed=is_closed)).figures


def _asked(request: HttpRequest) -> Asked:
    person, today = person_of(request), timezone.localdate()
    if not permissions.can_see_facts(person):
        raise PermissionDenied
    metric, by = _figure(request)
    units = units_for(person)
    return Asked(
        user=person,
        today=today,
        months=chosen_months(request.GET, today=today),
        unit=chosen_unit(units, request.GET.get("unit")),
        units=units,
        metric=metric,
        opened=chosen_number(request.GET.get("open")),
        within=request.GET.get("within") == "1",
        by=by,
    )


def _figure(request: HttpRequest) -> tuple[str, str]:
    """The metric and what the rows are by; product groups have shipments alone."""
    metric, by = request.GET.get("metric") or "ship", request.GET.get("by") or ""
    if metric not in queries.METRICS:
        raise BadRequest("metric")
    if by not in CUTS or (by == GROUP and metric != "ship"):
        raise BadRequest("by")
    return metric, by


@require_POST
def month_close(request: HttpRequest, month: str) -> HttpResponse:
    """Close a month: the director; afterwards the table of it."""
    person, today = person_of(request), timezone.localdate()
    if not permissions.can_close_month(person):
        raise PermissionDenied
    day: date = chosen_month(month, today=today)
    try:
        close_month(day, by=person, today=today)
        messages.success(request, _("The month is closed."))
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
    return move_on(request, f"{_page()}?month={day:%Y-%m}")


def _page() -> str:
    from django.urls import reverse

    return reverse("reports:plan_fact")
