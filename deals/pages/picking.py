"""What the delivery sees of one order: goods, places and days, never a sum (C.9)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from crm.accounts.models import User
from deals import permissions
from deals.actions.picking import left_of
from deals.models import ORDER_MOVES, DeliverySchedule, Order, OrderLine, OrderState, Product
from deals.models import ShipmentLine as Handed


@dataclass(frozen=True)
class PickingPage:
    """One order for one person of the delivery."""

    order: Order
    user: User

    @cached_property
    def lines(self) -> list[OrderLine]:
        """Goods with quantities; the columns of money are not read."""
        rows = self.order.lines.select_related("product").order_by("position")
        return list(
            rows.only(
                *("order", "position", "quantity", "shipped_qty"),
                *("product__name", "product__sku", "product__unit"),
            )
        )

    @cached_property
    def schedules(self) -> list[DeliverySchedule]:
        """When goods go to the place, or to the client where the place has no days of its own."""
        rows = DeliverySchedule.objects.filter(client=self.order.client_id, state="effective")
        own = list(rows.filter(outlet=self.order.outlet_id)) if self.order.outlet_id else []
        return own or list(rows.filter(outlet=None))

    @cached_property
    def left(self) -> dict[Product, Decimal]:
        """What is neither shipped nor handed over."""
        return left_of(self.order)

    @cached_property
    def handed(self) -> list[Handed]:
        """Handed over, and not posted by the accounting yet."""
        rows = Handed.objects.filter(shipment__order=self.order, shipment__state="draft")
        return list(rows.select_related("product", "shipment").order_by("shipment", "position"))

    @property
    def may_pick(self) -> bool:
        return self.order.state == OrderState.CONFIRMED

    @property
    def may_hand_over(self) -> bool:
        return permissions.can_hand_over(self.user, self.order) and bool(self.left)

    @property
    def may_deliver(self) -> bool:
        return OrderState.DELIVERED in ORDER_MOVES[self.order.state]
