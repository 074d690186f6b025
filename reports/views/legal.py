"""The lawyer's home page."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from crm.web import person_of
from reports import permissions
from reports.pages.legal import LegalPage


@require_safe
def legal(request: HttpRequest) -> HttpResponse:
    """Visas that wait, contracts on their way, what ends and what is overdue."""
    user = person_of(request)
    if not permissions.can_see_legal(user):
        raise PermissionDenied
    return render(request, "reports/legal.html", {"page": LegalPage(user, timezone.localdate())})
