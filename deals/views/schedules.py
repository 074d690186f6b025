"""Schedules of reconciliations: those of each half-year, one of them, what a head does with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.accounts.history_view import render_history
from crm.dialogs import READ_AND_WRITE, attempt, dialog, pressed, saved
from crm.lists import render_list
from crm.web import person_of, sent_version, whole_number
from deals import permissions
from deals.actions import reconciliation_schedules as actions
from deals.actions import reconciliations as items
from deals.forms.reconciliations import AddForm
from deals.lists.reconciliations import items_of_schedule
from deals.models import ReconciliationItem, ReconciliationSchedule
from deals.pages.schedules import ScheduleList, SchedulePage
from deals.views.reconciliations import EVENT


@require_safe
def schedule_list(request: HttpRequest) -> HttpResponse:
    """The schedules of each half-year, department by department."""
    user = person_of(request)
    if not permissions.can_see_reconciliations(user):
        raise PermissionDenied
    page = ScheduleList(user, timezone.localdate(), whole_number(request.GET.get("year")))
    return render(request, "deals/schedule_list.html", {"page": page})


@require_POST
def schedule_draw_up(request: HttpRequest, year: int, half: int) -> HttpResponse:
    """Draw up what is missing of the half-year before the clock does."""
    user, back = person_of(request), reverse("deals:schedule_list")
    if not permissions.can_draw_up_schedule(user):
        raise PermissionDenied
    wanted, today = actions.Half(year, half), timezone.localdate()
    count: list[int] = []
    answer = pressed(
        request,
        lambda: count.append(actions.draw_up_schedules(wanted, by=user, today=today)),
        "",
        event=EVENT,
        back=back,
    )
    if not count:
        return answer
    text = ngettext("%(n)s reconciliation planned", "%(n)s reconciliations planned", count[0])
    return saved(request, text % {"n": count[0]}, event=EVENT, back=back)


@require_safe
def schedule_detail(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One schedule: its state, plan and fact, the calendar, its items."""
    schedule, user = visible_schedule(request, pk), person_of(request)
    page = SchedulePage(schedule, user, timezone.localdate())
    rows = ReconciliationItem.objects.visible_to(user).filter(schedule=schedule).for_list()
    summed = ReconciliationItem.objects.in_sums_of(user).filter(schedule=schedule)
    spec = items_of_schedule(may_change=page.may_change)
    context = {"schedule": schedule, "page": page}
    return render_list(request, spec, rows, context=context, summed=summed)


@require_POST
def schedule_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """The head lets it stand."""
    schedule, user, today = visible_schedule(request, pk), person_of(request), timezone.localdate()
    if not permissions.can_approve_schedule(user, schedule):
        raise PermissionDenied
    version = sent_version(request)
    return _pressed(
        request,
        schedule,
        lambda: actions.approve_schedule(pk, by=user, version=version, today=today),
        _("The schedule is approved"),
    )


@require_POST
def schedule_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the draft before the half-year begins."""
    schedule, user = visible_schedule(request, pk), person_of(request)
    if not permissions.can_reopen_schedule(user, schedule):
        raise PermissionDenied
    version = sent_version(request)
    return _pressed(
        request,
        schedule,
        lambda: actions.reopen_schedule(pk, by=user, version=version),
        _("The schedule is a draft again"),
    )


@require_http_methods(READ_AND_WRITE)
def schedule_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a client into the schedule."""
    schedule, user, today = visible_schedule(request, pk), person_of(request), timezone.localdate()
    if not permissions.can_add_item(user, schedule):
        raise PermissionDenied
    form = AddForm(request.POST or None, user=user, schedule=schedule)

    def write() -> object:
        values = form.cleaned_data
        return items.add_item(pk, values["client"].pk, by=user, as_of=values["as_of"], today=today)

    status = attempt(request, form, write)
    if not status:
        return saved(request, _("Added"), event=EVENT, back=schedule.get_absolute_url())
    body = "deals/_reconciliation_add.html"
    words = {"title": _("Add a client to the schedule"), "submit": _("Add")}
    about = str(schedule)
    return dialog(request, form, status=status, body=body, about=about, **words)


@require_safe
def schedule_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who approved or reopened it and when."""
    return render_history(request, visible_schedule(request, pk))


def _pressed(
    request: HttpRequest, schedule: ReconciliationSchedule, write: Callable[[], Any], text: str
) -> HttpResponse:
    return pressed(request, write, text, event=EVENT, back=schedule.get_absolute_url())


def visible_schedule(request: HttpRequest, pk: int) -> ReconciliationSchedule:
    """The schedule with its department; 404 for one that is not seen."""
    rows = ReconciliationSchedule.objects.visible_to(person_of(request))
    rows = rows.select_related("org_unit", "approved_by")
    schedule: ReconciliationSchedule = get_object_or_404(rows, pk=pk)
    return schedule
