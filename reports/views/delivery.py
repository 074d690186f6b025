"""The home page of the delivery."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from crm.web import person_of
from reports import permissions
from reports.pages.delivery import DeliveryPage


@require_safe
def delivery(request: HttpRequest) -> HttpResponse:
    """Orders to pick today, late ones, deliveries and schedules to confirm; no sums."""
    user = person_of(request)
    if not permissions.can_see_delivery(user):
        raise PermissionDenied
    page = DeliveryPage(user, timezone.localdate())
    return render(request, "reports/delivery.html", {"page": page})
