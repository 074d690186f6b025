"""Invoices: register, page, pre-payment entry, cancelling, disputes."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.accounts.history_view import render_history
from crm.dialogs import READ_AND_WRITE, attempt, dialog, saved
from crm.lists import render_list
from crm.web import person_of
from deals import permissions
from deals.actions import documents as actions
from deals.forms.documents import PrepaymentForm, ReasonedForm
from deals.lists.documents import INVOICES
from deals.models import Allocation, Invoice, InvoiceKind
from deals.receivables.limitation import LimitationNow

EVENT = "document-changed"


@require_safe
def invoice_list(request: HttpRequest) -> HttpResponseBase:
    """The register of invoices."""
    user = person_of(request)
    if not permissions.can_see_money(user):
        raise PermissionDenied
    context = {"may_create": permissions.can_enter_documents(user)}
    rows = Invoice.objects.visible_to(user)
    summed = Invoice.objects.in_sums_of(user)
    return render_list(request, INVOICES, rows, context=context, summed=summed)


@require_safe
def invoice_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One invoice: what is open, what paid it, which shipment made it."""
    user, invoice = person_of(request), _visible(request, pk)
    allocations = Allocation.objects.visible_to(user).filter(invoice=invoice)
    owed = invoice.open_amount and invoice.kind == InvoiceKind.POSTPAY
    today = timezone.localdate()
    context = {
        "invoice": invoice,
        "limitation": LimitationNow.of(invoice, today) if owed else None,
        "allocations": allocations.select_related("payment", "credit"),
        "overdue_days": max(0, (today - invoice.due_on).days),
        "may_enter": permissions.can_enter_documents(user),
    }
    return render(request, "deals/invoice_detail.html", context)


@require_http_methods(READ_AND_WRITE)
def invoice_create(request: HttpRequest) -> HttpResponse:
    """Ask a client for an advance."""
    user = person_of(request)
    if not permissions.can_enter_documents(user):
        raise PermissionDenied
    form = PrepaymentForm(request.POST or None, user=user)
    made: list[Any] = []
    status = attempt(request, form, lambda: made.append(_create(form, request)))
    if not status:
        return redirect(made[0])
    return render(request, "deals/invoice_form.html", {"form": form}, status=status)


def _create(form: PrepaymentForm, request: HttpRequest) -> Invoice:
    return actions.create_prepayment(
        by=person_of(request),
        contract=None,
        today=timezone.localdate(),
        key=form.cleaned_data["key"],
        **form.new_values(),
    )


@require_http_methods(READ_AND_WRITE)
def invoice_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a pre-payment invoice."""
    return _with_reason(
        request,
        pk,
        lambda values: actions.cancel_invoice(
            pk, by=person_of(request), on=timezone.localdate(), **values
        ),
        title=_("Cancel the invoice"),
        submit=_("Cancel the invoice"),
    )


@require_http_methods(READ_AND_WRITE)
def invoice_dispute(request: HttpRequest, pk: int) -> HttpResponse:
    """The client does not accept the debt (?disputed=1), or accepts it again (0)."""
    invoice, wanted = _visible(request, pk), request.GET.get("disputed")
    disputed = wanted == "1" if wanted else not invoice.is_disputed
    if request.method != "POST" and disputed == invoice.is_disputed:
        said = str(actions.disputed_already(disputed))
        return saved(request, said, event=EVENT, back=invoice.get_absolute_url())
    return _with_reason(
        request,
        pk,
        lambda values: actions.dispute_invoice(
            pk, by=person_of(request), disputed=disputed, **values
        ),
        title=_("Mark as disputed") if disputed else _("The dispute is over"),
        submit=_("Save"),
    )


def _with_reason(
    request: HttpRequest, pk: int, write: Any, *, title: str, submit: str
) -> HttpResponse:
    invoice = _visible(request, pk)
    if not permissions.can_enter_documents(person_of(request)):
        raise PermissionDenied
    form = ReasonedForm(request.POST or None, initial={"version": invoice.version})
    status = attempt(request, form, lambda: write(form.cleaned_data))
    if not status:
        return saved(request, _("Saved"), event=EVENT, back=invoice.get_absolute_url())
    return dialog(
        request, form, title=title, submit=submit, status=status, action=request.get_full_path()
    )


@require_safe
def invoice_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what of the invoice."""
    return render_history(request, _visible(request, pk))


def _visible(request: HttpRequest, pk: int) -> Invoice:
    rows = Invoice.objects.visible_to(person_of(request))
    rows = rows.select_related("client", "client__manager", "contract", "shipment")
    invoice: Invoice = get_object_or_404(rows, pk=pk)
    return invoice
