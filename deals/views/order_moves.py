"""What is pressed on the page of an order: sending in, releasing, shipping, delivery."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.dialogs import READ_AND_WRITE, attempt, dialog, pressed, saved
from crm.errors import RuleViolation
from crm.web import move_on, person_of, sent_key, sent_version
from deals import permissions
from deals.actions import order_moves as moves
from deals.actions import orders as actions
from deals.actions.documents import create_prepayment
from deals.forms.orders import DeliveryForm, OrderPrepaymentForm, ReasonForm
from deals.models import Order, ShipmentState
from deals.pages.orders import OrderPage
from deals.views.orders import visible_order

EVENT = "order-changed"


@require_POST
def order_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a draft in."""
    today = timezone.localdate()
    return _pressed(request, pk, actions.submit_order, _("Sent in and checked"), today=today)


@require_POST
def order_recheck(request: HttpRequest, pk: int) -> HttpResponse:
    """Look again whether the reasons hold."""
    today = timezone.localdate()
    return _pressed(request, pk, actions.recheck_order, _("Checked again"), today=today)


@require_http_methods(READ_AND_WRITE)
def order_release(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm the order in spite of its reasons."""
    order, user, today = visible_order(request, pk), person_of(request), timezone.localdate()
    if not permissions.can_release_order(user, order):
        raise PermissionDenied
    form = ReasonForm(request.POST or None, initial={"version": order.version})
    status = attempt(
        request,
        form,
        lambda: actions.release_order(pk, by=user, today=today, **form.new_values()),
    )
    if not status:
        return saved(request, _("Order released"), event=EVENT, back=order.get_absolute_url())
    check = OrderPage(order, user, today).check
    text = " ".join(check.words()) if check else ""
    title = _("Release the order %(number)s") % {"number": order.number}
    return dialog(request, form, title=title, text=text, submit=_("Release"), status=status)


@require_http_methods(READ_AND_WRITE)
def order_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call the order off."""
    order, user = visible_order(request, pk), person_of(request)
    if not permissions.can_cancel_order(user, order):
        raise PermissionDenied
    form = ReasonForm(request.POST or None, initial={"version": order.version})
    status = attempt(request, form, lambda: moves.cancel_order(pk, by=user, **form.new_values()))
    if not status:
        return saved(request, _("Order cancelled"), event=EVENT, back=order.get_absolute_url())
    title = _("Cancel the order %(number)s") % {"number": order.number}
    return dialog(request, form, title=title, submit=_("Cancel the order"), status=status)


@require_http_methods(READ_AND_WRITE)
def order_deliver(request: HttpRequest, pk: int) -> HttpResponse:
    """The goods are with the client."""
    order, user, today = visible_order(request, pk), person_of(request), timezone.localdate()
    if not permissions.can_handle_order(user, order):
        raise PermissionDenied
    form = DeliveryForm(request.POST or None, initial={"version": order.version, "on": today})
    status = attempt(
        request, form, lambda: moves.deliver_order(pk, by=user, today=today, **form.new_values())
    )
    if not status:
        return saved(request, _("Order delivered"), event=EVENT, back=order.get_absolute_url())
    title = _("Delivery of the order %(number)s") % {"number": order.number}
    return dialog(request, form, title=title, submit=_("Record the delivery"), status=status)


@require_POST
def order_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the draft."""
    return _pressed(request, pk, moves.reopen_order, _("The order is a draft again"))


@require_POST
def order_pick(request: HttpRequest, pk: int) -> HttpResponse:
    """The warehouse has begun."""
    return _pressed(request, pk, moves.pick_order, _("The order is being picked"))


@require_POST
def order_finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Nothing more will be shipped."""
    return _pressed(request, pk, moves.finish_order, _("The rest is given up"))


@require_POST
def order_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Nothing is left to be done."""
    return _pressed(request, pk, moves.close_order, _("Order closed"))


@require_POST
def order_ship(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft of a shipment with what is left; the person goes there, pressed twice to the same."""
    order, user = visible_order(request, pk), person_of(request)
    key = sent_key(request)
    try:
        made = moves.ship_order(order.pk, by=user, key=key, today=timezone.localdate())
    except RuleViolation as refusal:
        messages.error(request, str(refusal))
        return move_on(request, order.get_absolute_url())
    other = order.shipments.filter(state=ShipmentState.DRAFT).exclude(pk=made.pk).first()
    if other is not None:
        text = _(
            "The order has another draft of a shipment: %(number)s. Cancel what is not needed."
        )
        messages.warning(request, text % {"number": other.number or other})
    return move_on(request, made.get_absolute_url())


@require_http_methods(READ_AND_WRITE)
def order_prepay(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue the pre-payment invoice of a prepaid order."""
    order, user, today = visible_order(request, pk), person_of(request), timezone.localdate()
    if not OrderPage(order, user, today).may_ask_prepayment:
        raise PermissionDenied
    initial = {"key": uuid4(), "amount": order.total, "due_on": today}
    form = OrderPrepaymentForm(request.POST or None, initial=initial)
    status = attempt(request, form, lambda: _prepay(form, order, user))
    if not status:
        return saved(request, _("Invoice issued"), event=EVENT, back=order.get_absolute_url())
    title = _("Pre-payment invoice of the order %(number)s") % {"number": order.number}
    return dialog(request, form, title=title, submit=_("Issue"), status=status)


def _prepay(form: OrderPrepaymentForm, order: Order, user: Any) -> None:
    create_prepayment(
        by=user,
        client=order.client,
        contract=order.contract,
        order=order,
        today=timezone.localdate(),
        **form.new_values(),
    )


def _pressed(request: HttpRequest, pk: int, action: Any, text: str, **given: Any) -> HttpResponse:
    order, user = visible_order(request, pk), person_of(request)
    version = sent_version(request)
    return pressed(
        request,
        lambda: action(pk, by=user, version=version, **given),
        text,
        event=EVENT,
        back=order.get_absolute_url(),
    )
