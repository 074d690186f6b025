"""The accountant's home page."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from crm.accounts.scope import scope_of
from crm.web import person_of
from deals.pages.payments import queue_for
from reports import permissions
from reports.forms.dashboards import chosen_month
from reports.pages.accounting import AccountingPage
from reports.pages.kept import figures_of
from reports.queries import accounting as queries


@require_safe
def accounting(request: HttpRequest) -> HttpResponse:
    """Statements, unknown payers, the month's receipts against what was expected."""
    user, today = person_of(request), timezone.localdate()
    if not permissions.can_see_accounting(user):
        raise PermissionDenied
    month = chosen_month(request.GET.get("month"), today=today)
    kept = figures_of(
        ("accounting", scope_of(user).key, month), lambda: queries.days_of(user, month)
    )
    figures = queries.accounting(user, month, kept.figures)
    page = AccountingPage(user, figures, queue_for(user), today=today, counted_at=kept.at)
    return render(request, "reports/accounting.html", {"page": page})
