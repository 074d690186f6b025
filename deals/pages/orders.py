"""What the page of one order shows; every part is read when it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID, uuid4

from crm.accounts.models import User
from deals import permissions
from deals.assortment import Outside, outside_of
from deals.models import (
    ORDER_MOVES,
    RESERVING,
    Invoice,
    Order,
    OrderLine,
    OrderState,
    Shipment,
)
from deals.ordering.lead_times import SchemeOffer, offer_of
from deals.ordering.order_check import OrderCheck, check_order, stopped_by_director
from deals.ordering.order_prices import below_floor
from deals.pricing.price_changes import OldPrices, old_prices
from deals.pricing.producer_bounds import Floor

IN_TALKS = (OrderState.DRAFT, OrderState.SUBMITTED, OrderState.ON_HOLD)

WAITS_FOR_GOODS = frozenset(
    {OrderState.DRAFT, OrderState.SUBMITTED, OrderState.ON_HOLD, *RESERVING}
)


@dataclass(frozen=True)
class OrderPage:
    """One visible order for one person."""

    order: Order
    user: User
    today: date

    @cached_property
    def lines(self) -> list[OrderLine]:
        return list(self.order.lines.select_related("product"))

    @cached_property
    def marked_lines(self) -> list[tuple[OrderLine, Floor | None]]:
        """The lines, each with the lowest price that it is below, as long as that can matter."""
        below: dict[int, Floor] = {}
        if self.order.state in IN_TALKS and self.order.proposal_id is None:
            below = {line.pk: floor for line, floor in below_floor(self.order, self.lines)}
        return [(line, below.get(line.pk)) for line in self.lines]

    @cached_property
    def outside(self) -> Outside:
        """Goods outside the client's assortment matrix, as long as that can matter (S2B.IV.1)."""
        if self.order.state not in IN_TALKS:
            return Outside()
        return outside_of(self.order.client, [line.product_id for line in self.lines])

    @cached_property
    def check(self) -> OrderCheck | None:
        """The reasons as they are now, while the order waits for them."""
        if self.order.state not in {OrderState.ON_HOLD, OrderState.SUBMITTED}:
            return None
        return check_order(self.order, self.order.client, self.today)

    @cached_property
    def offer(self) -> SchemeOffer | None:
        """What the client's relationship scheme gives it, until it is on its way."""
        if self.order.state not in WAITS_FOR_GOODS:
            return None
        return offer_of(self.order.client, self.order.dated_on)

    @property
    def is_promised_late(self) -> bool:
        """Promised for a later day than the scheme says."""
        promised = self.order.promised_on
        return bool(self.offer and promised and promised > self.offer.ship_by)

    @cached_property
    def shipments(self) -> list[Shipment]:
        rows = Shipment.objects.visible_to(self.user).filter(order=self.order)
        return list(rows.exclude(state="cancelled").order_by("dated_on", "pk"))

    @cached_property
    def prepayments(self) -> list[Invoice]:
        if not self.order.is_prepaid:
            return []
        return list(Invoice.objects.visible_to(self.user).filter(order=self.order).order_by("pk"))

    @cached_property
    def old_prices(self) -> OldPrices | None:
        """The client was told of the prices in force too late; only until the order is on its way.

        It warns and holds nothing back: the seller gives the difference as a discount.
        """
        if self.order.state not in IN_TALKS:
            return None
        return old_prices(self.order.client_id, self.order.price_kind, self.today)

    def _may(self, state: str) -> bool:
        return state in ORDER_MOVES[self.order.state]

    @cached_property
    def may_edit(self) -> bool:
        return permissions.can_edit_order(self.user, self.order)

    @cached_property
    def may_handle(self) -> bool:
        return permissions.can_handle_order(self.user, self.order)

    @property
    def may_change(self) -> bool:
        return self.may_edit and self.order.state == OrderState.DRAFT

    @property
    def may_reopen(self) -> bool:
        return self.may_edit and self._may(OrderState.DRAFT)

    @property
    def may_recheck(self) -> bool:
        return self.may_handle and self.check is not None

    @property
    def may_release(self) -> bool:
        """On hold, and the figures are within the limits of the role."""
        if self.order.state != OrderState.ON_HOLD:
            return False
        if not permissions.can_release_order(self.user, self.order):
            return False
        return permissions.releases_any_order(self.user) or not self.for_director

    @cached_property
    def for_director(self) -> bool:
        """Only the director releases it."""
        if self.check is None:
            return False
        return self.check.needs_director or stopped_by_director(self.order.client_id)

    @property
    def may_cancel(self) -> bool:
        allowed = permissions.can_cancel_order(self.user, self.order)
        return allowed and self._may(OrderState.CANCELLED)

    @property
    def may_pick(self) -> bool:
        return self.may_handle and self.order.state == OrderState.CONFIRMED

    @property
    def may_finish(self) -> bool:
        return self.may_handle and self.order.state == OrderState.SHIPPED_PARTIALLY

    @property
    def may_deliver(self) -> bool:
        return self.may_handle and self._may(OrderState.DELIVERED)

    @property
    def may_close(self) -> bool:
        return self.may_handle and self._may(OrderState.CLOSED)

    @property
    def may_ship(self) -> bool:
        reserving = OrderState(self.order.state) in RESERVING
        return permissions.can_ship_orders(self.user) and reserving

    @cached_property
    def ship_key(self) -> UUID:
        """One shipment for a button, however often it is pressed."""
        return uuid4()

    @property
    def may_ask_prepayment(self) -> bool:
        """The accounting issues the invoice until the order is on its way."""
        open_states = {OrderState.ON_HOLD, OrderState.SUBMITTED, OrderState.CONFIRMED}
        waits = self.order.is_prepaid and self.order.state in open_states
        return waits and permissions.can_enter_documents(self.user)
