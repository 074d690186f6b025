"""Returns as the books of 1C know them: which document credits which request of ours."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from claims.models import Return, ReturnState
from claims.returnable import Goods, goods_of
from deals.models import Shipment, ShipmentKind, ShipmentState

AWAITS = (ReturnState.APPROVED, ReturnState.GOODS_RECEIVED, ReturnState.ACCEPTED)


def unbound_documents() -> QuerySet[Any]:
    """Posted returns of known clients that belong to no return here."""
    return Shipment.objects.filter(
        kind=ShipmentKind.RETURN,
        state=ShipmentState.POSTED,
        reverses=None,
        return_request=None,
        client__isnull=False,
    )


def unasked_documents() -> QuerySet[Any]:
    """Those that no open request of ours awaits: what the books alone know."""
    open_ones = Return.objects.filter(
        client=OuterRef("client"), state__in=AWAITS, asked_on__lte=OuterRef("posted_on")
    )
    of_sale = Exists(open_ones.filter(shipment=OuterRef("original")))
    return unbound_documents().exclude(of_sale).exclude(Exists(open_ones), original=None)


def awaited_by(back: Return) -> QuerySet[Any]:
    """Documents that may credit the return: of its sale, or of no sale in particular."""
    rows = unbound_documents().filter(client=back.client_id, posted_on__gte=back.asked_on)
    return rows.filter(Q(original=back.shipment_id) | Q(original=None)).order_by("posted_on", "pk")


def fits(back: Return, document: Shipment) -> bool:
    """It says the same amount, or the same quantities of the same goods."""
    return -document.amount == back.amount or _same_goods(back, document)


def _same_goods(back: Return, document: Shipment) -> bool:
    ours: defaultdict[Goods, Decimal] = defaultdict(Decimal)
    for line in back.lines.select_related("shipment_line"):
        if line.shipment_line is not None:
            taken = line.accepted_quantity
            ours[goods_of(line.shipment_line)] += line.quantity if taken is None else taken
    theirs: defaultdict[Goods, Decimal] = defaultdict(Decimal)
    for row in document.lines.all():
        theirs[goods_of(row)] -= row.quantity
    taken_goods = {goods: quantity for goods, quantity in ours.items() if quantity}
    return bool(taken_goods) and taken_goods == dict(theirs)
