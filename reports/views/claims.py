"""Claims in figures on one page."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from claims.permissions import can_see_claim_reports
from crm.web import person_of
from reports.claims_page import ClaimsPage
from reports.forms import chosen_month


@require_safe
def claims_overview(request: HttpRequest) -> HttpResponse:
    """Received and satisfied, faults by reason, goods, the year by month (L456)."""
    user, today = person_of(request), timezone.localdate()
    if not can_see_claim_reports(user):
        raise PermissionDenied
    month = chosen_month(request.GET.get("month"), today=today)
    page = ClaimsPage(user, month, today=today)
    return render(request, "reports/claims.html", {"page": page})
