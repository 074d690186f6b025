"""The production calendar of a year, edited by the administrator (D.9)."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from crm.dialogs import attempt
from crm.errors import StaleVersion
from crm.stale import catch_up
from crm.web import person_of
from crm.work import actions, permissions
from crm.work.calendar_page import YEARS, DayCell, day_of, year_of
from crm.work.forms import CalendarDayForm


@require_safe
def calendar_page(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """Twelve months with days off, short days and counts of working days."""
    shown = timezone.localdate().year if year is None else year
    if shown not in YEARS:
        raise Http404
    context = {
        "page": year_of(shown, today=timezone.localdate()),
        "may_edit": permissions.can_edit_calendar(person_of(request)),
    }
    return render(request, "work/calendar.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def change_day(request: HttpRequest, year: int, month: int, day: int) -> HttpResponse:
    """One day as a small form in a dialog; who came too late compares it."""
    if not permissions.can_edit_calendar(person_of(request)):
        raise PermissionDenied
    cell = day_of(year, month, day)
    if cell is None:
        raise Http404
    initial = {"day": cell.day, "kind": cell.kind, "note": cell.note, "version": cell.version}
    form = CalendarDayForm(request.POST or None, initial=initial)
    status = attempt(request, form, lambda: _save(request, form, cell))
    if not status:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    is_stale = status == StaleVersion.status
    context = {"form": form, "cell": cell, "differences": catch_up(form) if is_stale else None}
    return render(request, "work/_calendar_day.html", context, status=status)


def _save(request: HttpRequest, form: CalendarDayForm, cell: DayCell) -> None:
    values = {**form.new_values(), "day": cell.day}
    actions.change_calendar_day(by=person_of(request), **values)
