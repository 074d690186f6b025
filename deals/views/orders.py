"""Orders: the register, one order, the line editor, the panel of the client card."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Case, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clients.models import Client
from clients.views.answers import STALE, visible_client
from crm.accounts.history_view import render_history
from crm.dialogs import READ_AND_WRITE, beside_its_field
from crm.errors import RuleViolation
from crm.lists import render_list
from crm.money import format_money
from crm.web import move_on, person_of, whole_number
from deals import permissions
from deals.actions import orders as actions
from deals.assortment import missing_of
from deals.forms.lines import SEPARATOR
from deals.forms.orders import OrderEditor
from deals.lists.documents import find_products
from deals.lists.orders import ORDERS
from deals.models import Order, OrderState, PriceKind, PriceListLine, Product
from deals.pages.client_money import ROWS
from deals.pages.orders import OrderPage

OPTIONS = 12


@require_safe
def order_list(request: HttpRequest) -> HttpResponseBase:
    """The register of orders."""
    user = person_of(request)
    if not permissions.can_see_money(user):
        raise PermissionDenied
    rows, summed = Order.objects.visible_to(user).for_list(), Order.objects.in_sums_of(user)
    if "state" not in request.GET:
        rows, summed = (of.exclude(state=OrderState.CANCELLED) for of in (rows, summed))
    context = {
        "may_create": permissions.can_enter_orders(user),
    }
    return render_list(request, ORDERS, rows, context=context, summed=summed)


@require_safe
def order_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One order: why it waits, its lines, what was shipped by it."""
    page = OrderPage(visible_order(request, pk), person_of(request), timezone.localdate())
    return render(request, "deals/order_detail.html", {"order": page.order, "page": page})


@require_http_methods(READ_AND_WRITE)
def order_create(request: HttpRequest) -> HttpResponse:
    """Take an order, of the client of the address or of one to be named."""
    user = person_of(request)
    if not permissions.can_enter_orders(user):
        raise PermissionDenied
    if request.method == "POST":
        return _sent(request, None)
    pk = whole_number(request.GET.get("client"))
    client = Client.objects.visible_to(user).open().filter(pk=pk).first() if pk else None
    initial = {"client": client, "price_kind": "chain" if _in_chain(client) else "base"}
    return _show(request, OrderEditor.empty(user, initial), None, 200)


def _in_chain(client: Client | None) -> bool:
    return client is not None and (client.kind == "chain" or client.parent_id is not None)


@require_http_methods(READ_AND_WRITE)
def order_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft."""
    order = visible_order(request, pk)
    if not permissions.can_edit_order(person_of(request), order):
        raise PermissionDenied
    if request.method == "POST":
        return _sent(request, order)
    return _show(request, OrderEditor.stored(order, person_of(request)), order, 200)


def _sent(request: HttpRequest, order: Order | None) -> HttpResponse:
    user, command = person_of(request), request.POST.get("command", "")
    if command.startswith(("add", "remove", "look")):
        editor = OrderEditor.rearranged(request.POST, user, order, command)
        return _show(request, editor, order, 200)
    editor = OrderEditor.sent(request.POST, user, order)
    if not editor.is_valid() or not editor.prices_allowed(timezone.localdate()):
        return _show(request, editor, order, 422)
    try:
        written = _write(request, editor, order, submitted=command == "submit")
    except RuleViolation as refusal:
        return _refused(request, editor, order, refusal)
    return move_on(request, written.get_absolute_url())


def _write(
    request: HttpRequest, editor: OrderEditor, order: Order | None, *, submitted: bool
) -> Order:
    by, today, values = person_of(request), timezone.localdate(), editor.head.cleaned_data
    given: dict[str, Any] = {"head": editor.head.head(), "goods": editor.lines(), "today": today}
    if order is None:
        written = actions.create_order(by=by, key=values["key"], **given)
    else:
        written = actions.edit_order(order.pk, by=by, version=values["version"] or 0, **given)
    if submitted and written.state == OrderState.DRAFT:
        return actions.submit_order(written.pk, by=by, version=written.version, today=today)
    return written


def _refused(
    request: HttpRequest, editor: OrderEditor, order: Order | None, refusal: RuleViolation
) -> HttpResponse:
    status = beside_its_field(editor.head, refusal)
    if status == STALE and order is not None:
        editor.head.compare_with(visible_order(request, order.pk))
    return _show(request, editor, order, status)


def _show(
    request: HttpRequest, editor: OrderEditor, order: Order | None, status: int
) -> HttpResponse:
    old_prices = editor.old_prices(timezone.localdate())
    context = {"editor": editor, "order": order, "old_prices": old_prices}
    return render(request, "deals/order_form.html", context, status=status)


@require_safe
def order_goods(request: HttpRequest) -> HttpResponse:
    """Products by article or a part of the name, with their price of the kind today."""
    user, text = person_of(request), request.GET.get("q", "")[:100].strip()
    if not permissions.can_enter_orders(user):
        raise PermissionDenied
    rows = Product.objects.visible_to(user).open()
    exact = Case(When(sku__iexact=text, then=Value(0)), default=Value(1))
    rows = find_products(rows, text).order_by(exact, "sort_key", "pk")
    found = list(rows[:OPTIONS]) if text else []
    kind = request.GET.get("kind", "")
    kind = kind if kind in PriceKind.values else PriceKind.BASE
    today = timezone.localdate()
    prices = PriceListLine.objects.by_product({row.pk for row in found}, kind, today)
    goods = [_goods(row, prices.get(row.pk)) for row in found]
    return JsonResponse({"goods": goods, "none": _("Nothing found"), "label": _("Products")})


def _goods(product: Product, listed: PriceListLine | None) -> dict[str, str]:
    """A product as the script of the editor shows it."""
    return {
        "value": f"{product.sku}{SEPARATOR}{product.name}",
        "name": product.name,
        "sku": product.sku,
        "unit": product.unit,
        "price": format_money(listed.price, symbol=False) if listed else "",
        "shown": format_money(listed.price) if listed else _("no price"),
    }


@require_safe
def order_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what of the order."""
    return render_history(request, visible_order(request, pk))


@require_safe
def client_orders(request: HttpRequest, pk: int) -> HttpResponse:
    """The tab of orders on the client card: what is open, then the latest."""
    client, user = visible_client(request, pk), person_of(request)
    if not permissions.can_see_money(user):
        raise PermissionDenied
    rows = Order.objects.visible_to(user).filter(client=client).order_by("-dated_on", "-pk")
    context = {
        "client": client,
        "open_orders": rows.open()[:ROWS],
        "other_orders": rows.done()[:ROWS],
        "may_order": permissions.can_order_for(user, client),
        "missing": missing_of(client, timezone.localdate()),
    }
    return render(request, "deals/_client_orders.html", context)


def visible_order(request: HttpRequest, pk: int) -> Order:
    """The order with the names that its page shows; 404 for one that the person does not see."""
    rows = Order.objects.visible_to(person_of(request)).select_related(
        "client", "client__manager", "outlet", "contract", "released_by", "submitted_by"
    )
    order: Order = get_object_or_404(rows, pk=pk)
    return order
