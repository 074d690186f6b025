"""What is in demand (DL-19)."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from crm.accounts.scope import scope_of
from crm.web import person_of
from reports.pages.demand import DemandPage
from reports.pages.kept import figures_of
from reports.permissions.demand import can_see_demand
from reports.queries.demand import demand


@require_safe
def demand_page(request: HttpRequest) -> HttpResponse:
    """Shipments by product group and month with a forecast, what waits, what clients need."""
    user, today = person_of(request), timezone.localdate()
    if not can_see_demand(user):
        raise PermissionDenied
    scope = scope_of(user)
    kept = figures_of(
        ("demand", scope.key, scope.limited_fields, get_language(), today),
        lambda: demand(user, today=today),
    )
    return render(request, "reports/demand.html", {"page": DemandPage(kept, user)})
