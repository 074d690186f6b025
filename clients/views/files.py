"""Files of a client and work about it: tabs of the card."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from clients import permissions
from clients.views.answers import visible_client
from crm.assignments.views import render_about
from crm.files.pages import render_panel
from crm.web import person_of


@require_safe
def files_tab(request: HttpRequest, pk: int) -> HttpResponse:
    """Scans and papers of the client, for those who see every field."""
    client = visible_client(request, pk)
    if not permissions.sees_all_fields(person_of(request)):
        raise PermissionDenied
    return render_panel(request, client)


@require_safe
def work_tab(request: HttpRequest, pk: int) -> HttpResponse:
    """Assignments and requests about the client."""
    client = visible_client(request, pk)
    if not permissions.sees_all_fields(person_of(request)):
        raise PermissionDenied
    return render_about(request, client)
