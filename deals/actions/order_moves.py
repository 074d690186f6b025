"""What happens to an order after the check: cancelling, picking, shipping (C.5 no. 12)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.errors import RuleViolation
from crm.history import verb
from crm.money import round_half_up
from crm.states import move
from deals import permissions
from deals.actions.documents import Head, Line, draft_document
from deals.actions.orders import WRONG_STATE, locked_order, same_version
from deals.models import (
    ORDER_MOVES,
    RESERVING,
    Order,
    OrderLine,
    OrderState,
    Shipment,
    ShipmentKind,
    ShipmentLine,
)

NOTHING = Decimal(0)
# What a draft forgets of an order that was checked already.
_FORGOTTEN: dict[str, Any] = {
    "hold_reasons": [],
    "cover_amount": NOTHING,
    "submitted_by": None,
    "submitted_at": None,
    "confirmed_at": None,
    "released_by": None,
    "release_reason": "",
}


@transaction.atomic
def cancel_order(order_id: int, *, by: User, version: int, reason: str) -> Order:
    """Call an order off, with a reason; the limit that it took is free again."""
    _client, order = locked_order(order_id, by=by)
    if not permissions.can_cancel_order(by, order):
        raise PermissionDenied
    same_version(order, version)
    if not reason.strip():
        raise RuleViolation(_("Say why."), field="reason")
    values = {"cancel_reason": reason.strip(), "hold_reasons": [], "cover_amount": NOTHING}
    return _moved(order, OrderState.CANCELLED, "order.cancelled", by, **values)


@transaction.atomic
def reopen_order(order_id: int, *, by: User, version: int) -> Order:
    """Back to the draft, to be corrected and sent in again; before picking only."""
    _client, order = locked_order(order_id, by=by)
    if not permissions.can_edit_order(by, order):
        raise PermissionDenied
    same_version(order, version)
    return _moved(order, OrderState.DRAFT, "order.reopened", by, **_FORGOTTEN)


@transaction.atomic
def pick_order(order_id: int, *, by: User, version: int) -> Order:
    """The warehouse has begun: from now on a manager does not cancel the order."""
    order = _handled(order_id, by, version, permissions.can_move_goods)
    if order.state != OrderState.CONFIRMED:
        raise RuleViolation(str(WRONG_STATE) % {"state": order.get_state_display()})
    return _moved(order, OrderState.PICKING, "order.picking", by)


@transaction.atomic
def finish_order(order_id: int, *, by: User, version: int) -> Order:
    """Nothing more will be shipped of an order that went in part; what is left takes no limit."""
    order = _handled(order_id, by, version)
    if order.state != OrderState.SHIPPED_PARTIALLY:
        raise RuleViolation(str(WRONG_STATE) % {"state": order.get_state_display()})
    return _moved(order, OrderState.SHIPPED, "order.finished", by)


@transaction.atomic
def deliver_order(order_id: int, *, by: User, version: int, on: date, today: date) -> Order:
    """The goods are with the client since the day, not before they were shipped."""
    order = _handled(order_id, by, version, permissions.can_move_goods)
    first = order.shipments.live().order_by("posted_on").values_list("posted_on", flat=True).first()
    if on > today or (first is not None and on < first):
        raise RuleViolation(_("Not before the shipment and not later than today."), field="on")
    return _moved(order, OrderState.DELIVERED, "order.delivered", by, delivered_on=on)


@transaction.atomic
def close_order(order_id: int, *, by: User, version: int) -> Order:
    """Nothing is left to be done about the order."""
    return _moved(_handled(order_id, by, version), OrderState.CLOSED, "order.closed", by)


@transaction.atomic
def ship_order(order_id: int, *, by: User, key: UUID, today: date) -> Shipment:
    """A draft of a shipment with what is left of the order, to be corrected and posted."""
    if not permissions.can_ship_orders(by):
        raise PermissionDenied
    client, order = locked_order(order_id, by=by)
    before: Shipment | None = Shipment.objects.filter(idempotency_key=key, created_by=by).first()
    if before is not None:
        return before
    refuse_shipping(order)
    left = order.lines.unshipped().select_related("product")
    lines = [Line(line.product, "", line.left, line.net_price) for line in left]
    head = Head(ShipmentKind.SALE, client, order.contract, None, today)
    with verb("shipment.created", by=by):
        document = draft_document(by=by, head=head, lines=lines, key=key)
        document.order = order
        document.save(update_fields=["order"])
    return document


def refuse_shipping(order: Order) -> None:
    """Raise RuleViolation for an order that is not confirmed, or wholly shipped."""
    if OrderState(order.state) not in RESERVING:
        raise RuleViolation(str(WRONG_STATE) % {"state": order.get_state_display()})


def count_shipped(order_id: int, *, by: User | None) -> Order:
    """Bring an order in step with the posted shipments that name it: lines, amount, state.

    The caller holds the locks of `locked_order`.
    """
    order = Order.objects.get(pk=order_id)
    lines = list(order.lines.select_related("product").order_by("position"))
    _spread_shipped(lines, _shipped_by_product(order))
    order.shipped_amount = sum((_amount_of(line) for line in lines), NOTHING)
    OrderLine.objects.bulk_update(lines, ["shipped_qty"])
    wanted = _state_of(order, lines)
    with verb("order.shipped", by=by):
        if wanted == order.state:
            order.version += 1
            order.save(update_fields=["shipped_amount", "version"])
        else:
            move(order, ORDER_MOVES, wanted, WRONG_STATE, shipped_amount=order.shipped_amount)
    return order


def _shipped_by_product(order: Order) -> dict[int | None, Decimal]:
    """Net quantities of live documents of the order; a return of goods is not counted here."""
    rows = ShipmentLine.objects.filter(
        shipment__order=order, shipment__state="posted", shipment__kind=ShipmentKind.SALE
    )
    return dict(rows.values("product").annotate(q=Sum("quantity")).values_list("product", "q"))


def _spread_shipped(lines: list[OrderLine], shipped: dict[int | None, Decimal]) -> None:
    """Fill lines in their order; the last line of a product takes what was shipped beyond."""
    last = {line.product_id: line for line in lines}
    left: defaultdict[int, Decimal] = defaultdict(Decimal)
    left.update({pk: quantity for pk, quantity in shipped.items() if pk is not None})
    for line in lines:
        taken = left[line.product_id]
        line.shipped_qty = taken if line is last[line.product_id] else min(taken, line.quantity)
        left[line.product_id] -= line.shipped_qty


def _amount_of(line: OrderLine) -> Decimal:
    """Roubles of the order that have been shipped by the line, at most its own."""
    if line.shipped_qty >= line.quantity:
        return line.amount
    return round_half_up(line.amount * line.shipped_qty / line.quantity)


def _state_of(order: Order, lines: list[OrderLine]) -> str:
    if OrderState(order.state) in {OrderState.DELIVERED, OrderState.CLOSED}:
        return order.state
    if all(line.shipped_qty >= line.quantity for line in lines):
        return OrderState.SHIPPED
    if any(line.shipped_qty > 0 for line in lines):
        return OrderState.SHIPPED_PARTIALLY
    return OrderState.PICKING


def _handled(
    order_id: int,
    by: User,
    version: int,
    may: Callable[[User, Order], bool] = permissions.can_handle_order,
) -> Order:
    _client, order = locked_order(order_id, by=by)
    if not may(by, order):
        raise PermissionDenied
    same_version(order, version)
    return order


def _moved(order: Order, state: str, name: str, by: User, **values: Any) -> Order:
    with verb(name, by=by):
        move(order, ORDER_MOVES, state, WRONG_STATE, **values)
    return order
