"""Transfers of approved sheets to payroll: sending them once, taking the file again."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.accounts.models import DIRECTORS
from crm.dialogs import READ_AND_WRITE, attempt, dialog, saved
from crm.web import person_of
from reports.actions.incentive_moves import send_to_payroll
from reports.files.payroll import transfer_response
from reports.forms.incentives import PayrollForm
from reports.models import IncentiveSheet, PayrollTransfer
from reports.parameters import month_start
from reports.permissions import incentives as permissions

MOST = 100


@require_safe
def payroll_list(request: HttpRequest) -> HttpResponse:
    """What was sent, and how many sheets are ready."""
    user, today = person_of(request), timezone.localdate()
    rows = PayrollTransfer.objects.visible_to(user)
    if not permissions.can_send_to_payroll(user) and user.role not in DIRECTORS:
        raise PermissionDenied
    sheets = IncentiveSheet.objects.visible_to(user)
    context = {
        "rows": list(rows.select_related("created_by")[:MOST]),
        "ready": sheets.to_pay(today).count(),
        **sheets.yet_to_pay(today).aggregate(waiting=Count("pk"), until=Max("objection_until")),
        "may_send": permissions.can_send_to_payroll(user),
    }
    return render(request, "reports/payroll_list.html", context)


@require_http_methods(READ_AND_WRITE)
def payroll_send(request: HttpRequest) -> HttpResponse:
    """Send the ready sheets of a month; each goes once."""
    user, today = person_of(request), timezone.localdate()
    if not permissions.can_send_to_payroll(user):
        raise PermissionDenied
    form = PayrollForm(request.POST or None, initial={"month": month_start(today, -1)})
    status = attempt(
        request, form, lambda: send_to_payroll(form.cleaned_data["month"], by=user, today=today)
    )
    if not status:
        back = reverse("reports:payroll_list")
        return saved(request, _("Sent to payroll"), event="payroll-changed", back=back)
    text = _("Approved sheets that were acknowledged or whose days for an objection are over.")
    title = _("Send to payroll")
    return dialog(request, form, title=title, submit=_("Send"), status=status, text=text)


@require_safe
def payroll_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file of a transfer, the same whenever it is taken."""
    user = person_of(request)
    rows = PayrollTransfer.objects.visible_to(user)
    transfer = get_object_or_404(rows, pk=pk)
    suffix = "csv" if request.GET.get("format") == "csv" else "xlsx"
    return transfer_response(transfer, suffix, request, user)
