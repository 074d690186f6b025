"""The dashboard of a department, a sector or the company."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from crm.accounts.models import OrgUnit
from crm.accounts.scope import scope_of
from crm.approvals.models import Approval
from crm.web import is_fragment, person_of
from reports import permissions
from reports.department_page import DepartmentPage
from reports.forms import chosen_month, chosen_number
from reports.how import explanation
from reports.kept import figures_of
from reports.queries.department import department as department_figures
from reports.queries.department import units_for


@require_safe
def department(request: HttpRequest) -> HttpResponse:
    """Clients, coverage of the contact plan, silence and waiting decisions of a unit."""
    person = person_of(request)
    if not permissions.can_see_department(person):
        raise PermissionDenied
    today = timezone.localdate()
    units = units_for(person)
    if not units:
        return render(request, "reports/department_none.html")
    month = chosen_month(request.GET.get("month"), today=today)
    unit = _chosen_unit(units, request.GET.get("unit"))
    key = (scope_of(person).key, unit.pk, month, today)
    kept = figures_of(
        key, lambda: department_figures(person, unit, month, today=today, units=units)
    )
    waiting = Approval.objects.waiting_for(person, today=today).count()
    page = DepartmentPage(kept.figures, today=today, waiting=waiting, counted_at=kept.at)
    return render(request, "reports/department.html", {"page": page})


def _chosen_unit(units: list[OrgUnit], asked: str | None) -> OrgUnit:
    """The unit of the address, or the highest one; a foreign unit is not found."""
    wanted = chosen_number(asked)
    if wanted is None:
        return units[0]
    for unit in units:
        if unit.pk == wanted:
            return unit
    raise Http404


@require_safe
def how(request: HttpRequest, code: str) -> HttpResponse:
    """How a figure was counted; a dialog or a page."""
    found = explanation(code)
    if found is None:
        raise Http404
    template = "reports/_how.html" if is_fragment(request) else "reports/how.html"
    return render(request, template, {"how": found})
