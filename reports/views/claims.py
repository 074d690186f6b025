"""Claims in figures on one page."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from claims.permissions import can_see_claim_reports
from crm.accounts.scope import scope_of
from crm.web import person_of
from reports.forms.dashboards import chosen_month
from reports.pages.claims import ClaimsPage
from reports.pages.kept import figures_of
from reports.queries.claims_month import month_of_claims


@require_safe
def claims_overview(request: HttpRequest) -> HttpResponse:
    """Received and satisfied, faults by reason, goods, the year by month (L456)."""
    user, today = person_of(request), timezone.localdate()
    if not can_see_claim_reports(user):
        raise PermissionDenied
    month = chosen_month(request.GET.get("month"), today=today)
    scope = scope_of(user)
    kept = figures_of(
        ("claims", scope.key, scope.limited_fields, get_language(), month, today),
        lambda: month_of_claims(user, month, today=today),
    )
    page = ClaimsPage(month, kept, today=today)
    return render(request, "reports/claims.html", {"page": page})
