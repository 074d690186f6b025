"""The register of payments, the page of one, a payment typed by hand."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from crm.accounts.history_view import render_history
from crm.accounts.models import User
from crm.dialogs import attempt
from crm.lists import neighbours, render_list
from crm.web import is_fragment, person_of
from deals import permissions
from deals.actions.payment_entry import enter_payment
from deals.forms.payments import PaymentForm
from deals.lists.payments import PAYMENTS
from deals.models import Allocation, Payment
from deals.pages.payments import PaymentPage


@require_safe
def payment_list(request: HttpRequest) -> HttpResponseBase:
    """All visible payments."""
    user = money_person(request)
    context = {
        "may_handle": permissions.can_handle_payments(user),
    }
    return render_list(request, PAYMENTS, _rows(user), context=context)


@require_safe
def payment_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Facts, purpose, what it pays, actions, history."""
    user = money_person(request)
    payment = visible_payment(request, pk)
    context: dict[str, Any] = {"page": PaymentPage(payment, user), "payment": payment}
    if is_fragment(request):
        return render(request, "deals/_payment.html", context)
    list_url = reverse("deals:payment_list")
    context["around"] = neighbours(request, PAYMENTS, _rows(user), payment, list_url=list_url)
    return render(request, "deals/payment_detail.html", context)


@require_safe
def payment_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what, from → to."""
    money_person(request)
    payment = visible_payment(request, pk)
    # Events, not rows: what was taken off an invoice again stays in the history.
    spread: Any = Allocation.pgh_event_model  # type: ignore[attr-defined]
    return render_history(request, payment, parts=[spread.objects.filter(payment=payment)])


@require_http_methods(["GET", "HEAD", "POST"])
def payment_create(request: HttpRequest) -> HttpResponse:
    """Enter a payment where no statement brings it."""
    user = money_person(request)
    if not permissions.can_handle_payments(user):
        raise PermissionDenied
    form = PaymentForm(request.POST or None, user=user, initial={"paid_on": timezone.localdate()})
    made: list[Payment] = []
    status = attempt(request, form, lambda: made.append(_enter(user, form)))
    if not status:
        return redirect(made[0].get_absolute_url())
    context = {"form": form, "title": _("New payment"), "submit": _("Add")}
    return render(request, "deals/payment_form.html", context, status=status)


def money_person(request: HttpRequest) -> User:
    """The person, who may see money; 403 for marketing, logistics and those without clients."""
    user = person_of(request)
    if not permissions.can_see_money(user):
        raise PermissionDenied
    return user


def visible_payment(request: HttpRequest, pk: int) -> Payment:
    """A payment with its names; 404 for one that the person does not see."""
    rows = Payment.objects.visible_to(person_of(request)).for_list()
    rows = rows.select_related("client__manager", "contract", "statement", "created_by")
    payment: Payment = get_object_or_404(rows, pk=pk)
    return payment


def _rows(user: User) -> Any:
    return Payment.objects.visible_to(user).for_list()


def _enter(user: User, form: PaymentForm) -> Payment:
    return enter_payment(by=user, key=form.cleaned_data["key"], **form.new_values())  # type: ignore[arg-type]
