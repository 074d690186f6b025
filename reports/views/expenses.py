"""Expenses: the register, one of them, those of a client."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from clients.models import Client
from crm.accounts.history_view import render_history
from crm.lists import render_list
from crm.web import person_of
from reports.actions.expenses import limit_of
from reports.lists.expenses import EXPENSES
from reports.models import Expense
from reports.pages.expenses import ClientCosts, ExpensePage
from reports.permissions import costs as permissions


@require_safe
def expense_list(request: HttpRequest) -> HttpResponseBase:
    """The register, with what is left of the person's limit."""
    user, today = person_of(request), timezone.localdate()
    if not permissions.can_see_expenses(user):
        raise PermissionDenied
    may_log = permissions.can_log_expense(user)
    context = {
        "may_log": may_log,
        "may_pay": permissions.can_pay(user),
        "limit": limit_of(user, today) if may_log else None,
    }
    return render_list(request, EXPENSES, Expense.objects.visible_to(user), context=context)


@require_safe
def expense_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One expense: what for, the limit, the receipt, its way."""
    row = visible_expense(request, pk)
    page = ExpensePage(row, person_of(request), timezone.localdate())
    return render(request, "reports/expense_detail.html", {"row": row, "page": page})


@require_safe
def expense_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what."""
    return render_history(request, visible_expense(request, pk))


@require_safe
def client_expenses(request: HttpRequest, pk: int) -> HttpResponse:
    """The tab of the client card: what the client cost against what it bought."""
    user = person_of(request)
    client = get_object_or_404(Client.objects.visible_to(user), pk=pk)
    if not permissions.can_see_expenses(user):
        raise PermissionDenied
    page = ClientCosts(client, user, timezone.localdate())
    return render(request, "reports/_client_expenses.html", {"client": client, "page": page})


def visible_expense(request: HttpRequest, pk: int) -> Expense:
    """404 for one that is not seen."""
    rows = Expense.objects.visible_to(person_of(request)).for_list()
    row: Expense = get_object_or_404(rows, pk=pk)
    return row
