"""Orders of the delivery: the register, one order, what is pressed on its page; no sums (C.9)."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crm.dialogs import READ_AND_WRITE, attempt, dialog, pressed, saved
from crm.lists import render_list
from crm.web import person_of, sent_version
from deals import permissions
from deals.actions import order_moves as moves
from deals.actions.picking import hand_over
from deals.forms.orders import DeliveryForm
from deals.forms.picking import HandOverForm
from deals.lists.picking import PICKING
from deals.models import Order
from deals.pages.picking import PickingPage

EVENT = "order-changed"


@require_safe
def picking_list(request: HttpRequest) -> HttpResponseBase:
    """Orders from their confirmation on, without sums."""
    user = person_of(request)
    if not permissions.can_see_picking(user):
        raise PermissionDenied
    rows = Order.objects.seen_without_sums(user).for_picking()
    return render_list(request, PICKING, rows)


@require_safe
def picking_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One order: what goes where and when, what has left."""
    page = PickingPage(_order(request, pk), person_of(request))
    return render(request, "deals/picking_detail.html", {"order": page.order, "page": page})


@require_POST
def picking_begin(request: HttpRequest, pk: int) -> HttpResponse:
    """The warehouse has begun."""
    order, user = _order(request, pk), person_of(request)
    version = sent_version(request)
    return pressed(
        request,
        lambda: moves.pick_order(order.pk, by=user, version=version),
        _("The order is being picked"),
        event=EVENT,
        back=_url(order),
    )


@require_http_methods(READ_AND_WRITE)
def picking_hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Goods have left: a draft for the accounting."""
    order, user, today = _order(request, pk), person_of(request), timezone.localdate()
    page = PickingPage(order, user)
    if not page.may_hand_over:
        raise PermissionDenied
    form = HandOverForm(request.POST or None, left=page.left, version=order.version)
    status = attempt(
        request, form, lambda: hand_over(pk, by=user, today=today, **form.new_values())
    )
    if not status:
        text = _("Recorded; accounting will post the shipment")
        return saved(request, text, event=EVENT, back=_url(order))
    title = _("Dispatch for order %(number)s") % {"number": order.number}
    return dialog(request, form, title=title, submit=_("Goods dispatched"), status=status)


@require_http_methods(READ_AND_WRITE)
def picking_deliver(request: HttpRequest, pk: int) -> HttpResponse:
    """The goods are with the client."""
    order, user, today = _order(request, pk), person_of(request), timezone.localdate()
    form = DeliveryForm(request.POST or None, initial={"version": order.version, "on": today})
    status = attempt(
        request, form, lambda: moves.deliver_order(pk, by=user, today=today, **form.new_values())
    )
    if not status:
        return saved(request, _("Order delivered"), event=EVENT, back=_url(order))
    title = _("Delivery of the order %(number)s") % {"number": order.number}
    return dialog(request, form, title=title, submit=_("Record the delivery"), status=status)


def _order(request: HttpRequest, pk: int) -> Order:
    """The order without its sums; 404 for whoever is not of the delivery."""
    rows = Order.objects.seen_without_sums(person_of(request)).for_picking()
    order: Order = get_object_or_404(rows, pk=pk)
    return order


def _url(order: Order) -> str:
    return reverse("deals:picking_detail", args=[order.pk])
