"""What may still come back of a sale, counted as the trigger of `ReturnLine` counts it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Sum
from django.db.models.functions import Coalesce

from claims.models import NOT_RETURNED, ReturnLine
from crm.money import round_half_up
from deals.models import Shipment, ShipmentKind, ShipmentLine, ShipmentState

Goods = tuple[Any, ...]
ZERO = Decimal(0)


@dataclass(frozen=True)
class LineLeft:
    """A line of a sale, with how much of it was asked back and how much may still come."""

    line: ShipmentLine
    asked: Decimal
    left: Decimal


def goods_of(line: Any) -> Goods:
    """Goods are the same by the catalogue, else as the document calls them."""
    return (line.product_id,) if line.product_id else (line.sku, line.name)


def lines_left(sale: Shipment) -> list[LineLeft]:
    """Every line of goods of the sale, in its order."""
    lines = list(sale.lines.select_related("product").order_by("position"))
    by_line = _asked(sale)
    shipped, taken = _sum(lines, "quantity"), _booked(sale)
    for line in lines:
        taken[goods_of(line)] += by_line.get(line.pk, ZERO)
    found = []
    for line in lines:
        if line.quantity <= 0 or line.amount < 0:
            continue
        asked, goods = by_line.get(line.pk, ZERO), goods_of(line)
        left = min(line.quantity - asked, shipped[goods] - taken[goods])
        found.append(LineLeft(line, asked, max(left, ZERO)))
    return found


def share_of(line: ShipmentLine, quantity: Decimal) -> Decimal:
    """Roubles with VAT of so much of the line, half up; the whole line is its whole amount."""
    return round_half_up(line.amount * quantity / line.quantity)


def _asked(sale: Shipment) -> dict[int | None, Decimal]:
    rows = ReturnLine.objects.filter(shipment_line__shipment=sale).order_by()
    rows = rows.exclude(return_request__state__in=NOT_RETURNED)
    counted = Coalesce(F("accepted_quantity"), F("quantity"))
    return dict(rows.values_list("shipment_line").annotate(asked=Sum(counted)))


def _booked(sale: Shipment) -> defaultdict[Goods, Decimal]:
    """What the books took back without a request of ours."""
    documents = Shipment.objects.filter(
        original=sale, kind=ShipmentKind.RETURN, state=ShipmentState.POSTED, reverses=None
    ).exclude(return_request__lines__isnull=False)
    found = _sum(ShipmentLine.objects.filter(shipment__in=documents), "quantity")
    return defaultdict(Decimal, {goods: -quantity for goods, quantity in found.items()})


def _sum(lines: Iterable[Any], name: str) -> defaultdict[Goods, Decimal]:
    found: defaultdict[Goods, Decimal] = defaultdict(Decimal)
    for line in lines:
        found[goods_of(line)] += getattr(line, name)
    return found
