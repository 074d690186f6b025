"""Bank accounts of counterparties and the look-up of a bank by its BIC."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients import permissions
from clients.actions import accounts as actions
from clients.forms.requisites import AccountForm
from clients.models import BankAccount
from clients.views.answers import READ_AND_WRITE, pressed, save_record, saved
from clients.views.parts import attempt, dialog
from clients.views.requisites import EVENT, editable_counterparty, tab_of
from crm.web import person_of

FIELDS = "clients/_counterparty_account_fields.html"


@require_http_methods(READ_AND_WRITE)
def account_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an account to the counterparty."""
    counterparty, user = editable_counterparty(request, pk), person_of(request)
    form = AccountForm(request.POST or None)
    status = attempt(
        request,
        form,
        lambda: actions.create_account(
            pk, by=user, key=form.cleaned_data["key"], **form.new_values()
        ),
    )
    if not status:
        return saved(request, _("Account added"), event=EVENT, back=tab_of(counterparty.client_id))
    title, submit = _("New bank account"), _("Add")
    return dialog(request, form, title=title, submit=submit, status=status, body=FIELDS)


@require_http_methods(READ_AND_WRITE)
def account_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an account."""
    account, user = _editable(request, pk), person_of(request)
    form = AccountForm(request.POST or None, record=account)
    status = save_record(
        request,
        form,
        lambda: actions.edit_account(
            pk, by=user, version=form.cleaned_data["version"] or 0, **form.new_values()
        ),
    )
    if not status:
        return saved(request, _("Saved"), event=EVENT, back=_tab(account))
    title, submit = str(account), _("Save")
    return dialog(request, form, title=title, submit=submit, status=status, body=FIELDS)


@require_POST
def account_close(request: HttpRequest, pk: int) -> HttpResponse:
    """The account is closed from today."""
    account, user = _editable(request, pk), person_of(request)
    return pressed(
        request,
        lambda: actions.close_account(pk, by=user, today=timezone.localdate()),
        _("Account closed: %(account)s") % {"account": account},
        event=EVENT,
        back=_tab(account),
        undo=reverse("clients:account_reopen", args=[pk]),
    )


@require_POST
def account_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """The account is in use again."""
    account, user = _editable(request, pk), person_of(request)
    return pressed(
        request,
        lambda: actions.reopen_account(pk, by=user),
        _("Account in use again: %(account)s") % {"account": account},
        event=EVENT,
        back=_tab(account),
    )


@require_safe
def bank(request: HttpRequest) -> HttpResponse:
    """Name and correspondent account of the bank with the typed BIC, as the form's fields."""
    if not permissions.sees_all_fields(person_of(request)):
        raise PermissionDenied
    bic = request.GET.get("bic", "").strip()
    found = actions.bank_of(bic) if len(bic) == 9 and bic.isascii() and bic.isdigit() else None
    form = AccountForm(
        initial={
            "bank_name": found.name if found else request.GET.get("bank_name", "")[:255],
            "corr_account": found.corr_account
            if found
            else request.GET.get("corr_account", "")[:20],
        }
    )
    context = {"form": form, "bank": found, "asked": len(bic) == 9}
    return render(request, "clients/_counterparty_bank.html", context)


def _editable(request: HttpRequest, pk: int) -> BankAccount:
    user = person_of(request)
    rows = BankAccount.objects.visible_to(user).select_related("counterparty__client")
    account: BankAccount = get_object_or_404(rows, pk=pk)
    if not permissions.can_edit_client(user, account.counterparty.client):
        raise PermissionDenied
    return account


def _tab(account: BankAccount) -> str:
    return tab_of(account.counterparty.client_id)
