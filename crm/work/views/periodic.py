"""Periodic work on screen: the timetable and what became of each period."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from crm.web import person_of
from crm.work import permissions
from crm.work.background import background
from crm.work.periodic_page import job_lines, outbox


@require_safe
def periodic_list(request: HttpRequest) -> HttpResponse:
    """Each job with its schedule, last run and failures; what waits in the outbox."""
    if not permissions.can_see_periodic(person_of(request)):
        raise PermissionDenied
    context = {"jobs": job_lines(), "background": background(), "outbox": outbox()}
    return render(request, "work/periodic_list.html", context)
