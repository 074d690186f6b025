"""Buttons and small forms of a payment: taken off, put aside, reversed, spread by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from crm.dialogs import attempt, dialog, pressed, saved
from crm.web import is_fragment, person_of, whole_number
from deals import permissions
from deals.actions import payments as actions
from deals.actions.allocations import allocate_by_hand
from deals.forms.payments import MatchForm, ReasonForm, SpreadForm
from deals.models import PayerAccount, Payment
from deals.pages.payments import open_invoices, proposal
from deals.views.payments import visible_payment

EVENT = "payment-changed"
READ_AND_WRITE = ["GET", "HEAD", "POST"]


@require_POST
def payment_unmatch(request: HttpRequest, pk: int) -> HttpResponse:
    """The client was wrong."""
    return _press(request, pk, actions.unmatch_payment, _("Client taken off the payment"))


@require_POST
def payment_restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an ignored payment back into work."""
    return _press(request, pk, actions.restore_payment, _("Waits for its client again"))


@require_POST
def payment_own_transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """The money went between our own accounts."""
    done = _("A transfer between own accounts")
    undo = reverse("deals:payment_restore", args=[pk])
    return _press(request, pk, actions.mark_own_transfer, done, undo=undo)


@require_POST
def payment_spread(request: HttpRequest, pk: int) -> HttpResponse:
    """Spread what is free by the rule."""
    return _press(request, pk, actions.spread_payment, _("Spread over invoices"))


@require_POST
def payment_free(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the payment off one invoice (`invoice`), or off all."""
    invoice = whole_number(request.POST.get("invoice"))

    def take_off(pk: int, **facts: Any) -> Payment:
        return actions.take_off(pk, invoice_id=invoice, **facts)

    return _press(request, pk, take_off, _("Taken off invoices"))


@require_http_methods(READ_AND_WRITE)
def payment_ignore(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a payment aside with a reason."""
    title, submit = _("Not a client's money"), _("Put aside")
    return _with_reason(request, pk, actions.ignore_payment, title, submit)


@require_http_methods(READ_AND_WRITE)
def payment_reverse(request: HttpRequest, pk: int) -> HttpResponse:
    """The payment never was."""
    return _with_reason(
        request, pk, actions.reverse_payment, _("Reverse the payment"), _("Reverse")
    )


@require_http_methods(READ_AND_WRITE)
def payment_refund(request: HttpRequest, pk: int) -> HttpResponse:
    """Outgoing money was given back to a client."""
    payment, user = handled_payment(request, pk), person_of(request)
    form = MatchForm(request.POST or None, user=user, initial={"version": payment.version})
    del form.fields["remember"]
    form.fields["client"].label = _("Client")

    def write() -> object:
        data = form.cleaned_data
        return actions.mark_refund(pk, data["client_id"], by=user, version=data["version"])

    status = attempt(request, form, write)
    if not status:
        return saved(request, _("A refund"), event=EVENT, back=payment.get_absolute_url())
    title, submit, body = _("Refund to a client"), _("Save"), "deals/_client_pick.html"
    return dialog(request, form, title=title, submit=submit, status=status, body=body)


@require_http_methods(READ_AND_WRITE)
def payment_allocate(request: HttpRequest, pk: int) -> HttpResponse:
    """Amounts beside the client's open invoices, filled in with what the rule proposes."""
    payment, user = handled_payment(request, pk), person_of(request)
    invoices = open_invoices(user, payment)
    facts: dict[str, Any] = {"invoices": invoices, "free": payment.left}
    facts |= {"proposal": proposal(payment, invoices), "initial": {"version": payment.version}}
    form = SpreadForm(request.POST or None, **facts)
    status = attempt(request, form, lambda: allocate_by_hand(pk, by=user, **form.new_values()))
    if not status:
        text = _("Spread over invoices")
        return saved(request, text, event=EVENT, back=payment.get_absolute_url())
    context = {"form": form, "payment": payment}
    name = "_payment_allocate" if is_fragment(request) else "payment_allocate"
    return render(request, f"deals/{name}.html", context, status=status)


@require_POST
def payer_forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Money from the account is not the client's by itself any more."""
    user = person_of(request)
    account = get_object_or_404(PayerAccount.objects.visible_to(user), pk=pk)
    return pressed(
        request,
        lambda: actions.forget_payer(pk, by=user),
        _("Forgotten: %(account)s") % {"account": account},
        event=EVENT,
        back=reverse("deals:payment_list"),
    )


def handled_payment(request: HttpRequest, pk: int) -> Payment:
    """A visible payment that the person may handle; 403 otherwise."""
    payment = visible_payment(request, pk)
    if not permissions.can_handle_payments(person_of(request)):
        raise PermissionDenied
    return payment


def version_of(request: HttpRequest) -> int:
    """The version of the page; −1, which is never current, where it does not say."""
    found = whole_number(request.POST.get("version") or request.GET.get("version"))
    return -1 if found is None else found


def _press(
    request: HttpRequest, pk: int, write: Callable[..., Payment], done: str, *, undo: str = ""
) -> HttpResponse:
    """A button that needs no form; `undo` is offered for the version it leaves."""
    payment, user, version = handled_payment(request, pk), person_of(request), version_of(request)
    address = f"{undo}?version={version + 1}" if undo else ""
    answer = pressed(
        request,
        lambda: write(pk, by=user, version=version),
        done,
        event=EVENT,
        back=payment.get_absolute_url(),
        undo=address,
    )
    return trigger_client_event(answer, "counters", {}) if is_fragment(request) else answer


def _with_reason(
    request: HttpRequest, pk: int, write: Callable[..., Payment], title: str, submit: str
) -> HttpResponse:
    payment, user = handled_payment(request, pk), person_of(request)
    form: forms.Form = ReasonForm(request.POST or None, initial={"version": payment.version})
    status = attempt(request, form, lambda: write(pk, by=user, **form.cleaned_data))
    if not status:
        return saved(request, title, event=EVENT, back=payment.get_absolute_url())
    return dialog(request, form, title=title, submit=submit, status=status)
