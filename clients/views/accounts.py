"""Bank accounts of counterparties and the look-up of a bank by its BIC."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clients import permissions
from clients.actions import accounts as actions
from clients.forms.requisites import AccountForm
from clients.models import BankAccount
from clients.views.card_parts import CardPart
from clients.views.requisites import editable_counterparty
from crm.dialogs import READ_AND_WRITE
from crm.web import person_of

PART = CardPart(
    "requisites",
    "requisites-changed",
    "clients/_counterparty_account_fields.html",
    new=gettext_lazy("New bank account"),
    added=gettext_lazy("Account added"),
)


@require_http_methods(READ_AND_WRITE)
def account_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an account to the counterparty."""
    counterparty = editable_counterparty(request, pk)
    return PART.add(
        request,
        AccountForm(request.POST or None),
        actions.create_account,
        to=pk,
        client=counterparty.client_id,
    )


@require_http_methods(READ_AND_WRITE)
def account_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an account."""
    account = _editable(request, pk)
    form = AccountForm(request.POST or None, record=account)
    return PART.edit(request, form, actions.edit_account, client=account.counterparty.client_id)


@require_POST
def account_close(request: HttpRequest, pk: int) -> HttpResponse:
    """The account is closed from today."""
    account, user = _editable(request, pk), person_of(request)
    return PART.press(
        request,
        lambda: actions.close_account(pk, by=user, today=timezone.localdate()),
        _("Account closed: %(account)s") % {"account": account},
        client=account.counterparty.client_id,
        undo=reverse("clients:account_reopen", args=[pk]),
    )


@require_POST
def account_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """The account is in use again."""
    account, user = _editable(request, pk), person_of(request)
    return PART.press(
        request,
        lambda: actions.reopen_account(pk, by=user),
        _("Account in use again: %(account)s") % {"account": account},
        client=account.counterparty.client_id,
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
