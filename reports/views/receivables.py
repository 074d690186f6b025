"""Receivables: the ageing table, its course by month, the invoices behind a figure."""

from __future__ import annotations

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clients.models import Client
from crm.accounts.models import Role, User
from crm.accounts.scope import scope_of
from crm.web import person_of
from deals.models import Contract
from deals.permissions import can_see_money
from reports.forms.receivables import Asked
from reports.pages.kept import figures_of
from reports.pages.receivables import ReceivablesPage, trend
from reports.queries.receivables.documents import documents_behind
from reports.queries.receivables.turnover import last_month_share, whole_dso


def _asked(request: HttpRequest) -> tuple[User, Asked]:
    user = person_of(request)
    if not can_see_money(user):
        raise PermissionDenied
    usual = "client" if user.role == Role.MANAGER else "manager"
    asked = Asked(request.GET, today=timezone.localdate(), usual_by=usual)
    for name, model in (("client", Client), ("contract", Contract)):
        if asked.where.get(name) is not None:
            get_object_or_404(model.objects.visible_to(user), pk=asked.where[name])
    return user, asked


def _understood(request: HttpRequest) -> tuple[User, Asked]:
    """The same where no field stands that could say what is wrong."""
    user, asked = _asked(request)
    if asked.form.errors:
        raise BadRequest("as_of")
    return user, asked


@require_safe
def receivables(request: HttpRequest) -> HttpResponse:
    """The ageing table by client, manager, sector, territory or contract; 400 for nonsense."""
    user, asked = _asked(request)
    context = {"page": ReceivablesPage(user, asked), "asked": asked}
    status = 400 if asked.form.errors else 200
    return render(request, "reports/receivables.html", context, status=status)


@require_safe
def receivables_trend(request: HttpRequest) -> HttpResponse:
    """Ageing by month, DSO and the share of debt: costlier figures, loaded after the table."""
    user, asked = _understood(request)
    where = tuple(sorted(asked.where.items(), key=str))
    key = ("receivables", scope_of(user).key, asked.as_of, asked.today, where)
    kept = figures_of(
        key,
        lambda: (
            trend(user, asked),
            whole_dso(user, asked.as_of, today=asked.today, where=asked.where),
            last_month_share(user, asked.as_of, today=asked.today, where=asked.where),
        ),
    )
    chart, dso, share = kept.figures
    context = {"chart": chart, "dso": dso, "share": share, "counted_at": kept.at}
    context["within"] = request.GET.get("within") == "1"
    return render(request, "reports/_receivables_trend.html", context)


@require_safe
def receivable_invoices(request: HttpRequest) -> HttpResponse:
    """The invoices behind a figure as they stood on the day."""
    user, asked = _understood(request)
    found = documents_behind(user, asked)
    return render(request, "reports/receivable_invoices.html", {"found": found, "asked": asked})
