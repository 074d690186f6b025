"""Statements of the bank: list, and one with its balances and payments."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from crm.imports.models import ImportJob
from crm.lists import render_list
from crm.web import person_of
from deals import permissions
from deals.lists.statements import STATEMENT_PAYMENTS, STATEMENTS
from deals.models import BankStatement, Payment


@require_safe
def statement_list(request: HttpRequest) -> HttpResponseBase:
    """Statements, the latest first."""
    user = person_of(request)
    if not permissions.can_see_statements(user):
        raise PermissionDenied
    context = {"may_import": permissions.can_import_money(user)}
    rows = BankStatement.objects.visible_to(user).for_list()
    return render_list(request, STATEMENTS, rows, context=context)


@require_safe
def statement_detail(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Balances, turnover against documents, and the payments of the statement."""
    user = person_of(request)
    rows = BankStatement.objects.visible_to(user).for_list()
    statement = get_object_or_404(rows, pk=pk)
    jobs = ImportJob.objects.visible_to(user).light()
    context = {
        "statement": statement,
        "job": jobs.filter(pk=statement.import_job_id).first(),
    }
    payments = Payment.objects.visible_to(user).for_list().filter(statement=statement)
    return render_list(request, STATEMENT_PAYMENTS, payments, context=context)
