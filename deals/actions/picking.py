"""What the delivery does with an order: it hands goods over, without seeing a price (C.5 no. 12).

A shipment makes an invoice and a debt, so the accounting posts it: what has left becomes its draft
at the prices of the order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from crm.accounts.models import Role, User
from crm.errors import RuleViolation
from crm.notices.actions import notify_many
from deals import permissions
from deals.actions.documents import Head, Line, draft_document
from deals.actions.order_moves import refuse_shipping
from deals.actions.orders import locked_order, same_version
from deals.models import Order, Product, Shipment, ShipmentKind, ShipmentLine


def left_of(order: Order) -> dict[Product, Decimal]:
    """What is neither shipped nor handed over yet, by product, in the order of the lines."""
    handed = ShipmentLine.objects.filter(
        shipment__order=order, shipment__state="draft", shipment__kind=ShipmentKind.SALE
    )
    drafted: defaultdict[int | None, Decimal] = defaultdict(Decimal)
    for product_id, quantity in handed.values_list("product", "quantity"):
        drafted[product_id] += quantity
    left: defaultdict[Product, Decimal] = defaultdict(Decimal)
    for line in order.lines.select_related("product").order_by("position"):
        left[line.product] += line.left
    rest = {product: quantity - drafted[product.pk] for product, quantity in left.items()}
    return {product: quantity for product, quantity in rest.items() if quantity > 0}


@transaction.atomic
def hand_over(
    order_id: int,
    *,
    by: User,
    version: int,
    quantities: Mapping[int, Decimal],
    key: UUID,
    today: date,
) -> Shipment:
    """Goods have left the stock: quantities by product become a draft for the accounting.

    Raises RuleViolation for more than is left, or for nothing. Once per `key` (G-RL7).
    """
    client, order = locked_order(order_id, by=by)
    if not permissions.can_see_picking(by):
        raise PermissionDenied
    before: Shipment | None = Shipment.objects.filter(idempotency_key=key, created_by=by).first()
    if before is not None:
        return before
    same_version(order, version)
    refuse_shipping(order)
    lines = _lines(order, _allowed(order, quantities))
    head = Head(ShipmentKind.SALE, client, order.contract, None, today)
    document = draft_document(by=by, head=head, lines=lines, key=key)
    document.order = order
    document.save(update_fields=["order"])
    _tell_accounting(document, order)
    return document


def _allowed(order: Order, quantities: Mapping[int, Decimal]) -> dict[int, Decimal]:
    left = {product.pk: quantity for product, quantity in left_of(order).items()}
    wanted = {pk: quantity for pk, quantity in quantities.items() if quantity > 0}
    for pk, quantity in wanted.items():
        if quantity > left.get(pk, 0):
            raise RuleViolation(_("More than is left of the order."), field=f"product-{pk}")
    return wanted


def _lines(order: Order, wanted: dict[int, Decimal]) -> list[Line]:
    """Lines at the prices of the order; a product that stands in it twice is taken in turn."""
    rest, made = dict(wanted), []
    for line in order.lines.unshipped().select_related("product").order_by("position"):
        taken = min(line.left, rest.get(line.product_id, Decimal(0)))
        if taken > 0:
            made.append(Line(line.product, "", taken, line.net_price))
            rest[line.product_id] -= taken
    return made


def _tell_accounting(document: Shipment, order: Order) -> None:
    notify_many(
        User.objects.working().filter(role=Role.ACCOUNTANT),
        kind="order.handed_over",
        params={"number": document.number, "order": order.number},
        url=document.get_absolute_url(),
        dedupe_key=f"order.handed_over:{document.pk}",
        email=False,
    )
