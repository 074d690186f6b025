"""The accountant's home page."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from crm.web import person_of
from deals.payment_page import queue_for
from reports import permissions
from reports.accounting_page import AccountingPage
from reports.forms import chosen_month
from reports.queries.accounting import accounting as figures_of


@require_safe
def accounting(request: HttpRequest) -> HttpResponse:
    """Statements, unknown payers, the month's receipts against what was expected."""
    user, today = person_of(request), timezone.localdate()
    if not permissions.can_see_accounting(user):
        raise PermissionDenied
    month = chosen_month(request.GET.get("month"), today=today)
    page = AccountingPage(user, figures_of(user, month), queue_for(user), today=today)
    return render(request, "reports/accounting.html", {"page": page})
