"""Prices of an order that came in a file: what nobody here has typed is compared with the list.

An order typed here cannot have a discount above the seller's or a price below the lowest one. The
file of another program brings the price after the discount, so it is held where the price is below
what the manager of the client may give by the list of the order's day.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from clients.categorising.discount_limits import DISCOUNT
from clients.models import Client
from crm.accounts.models import Role
from crm.approvals.limits import rank, signer_of
from deals.actions.terms_requests import ladder_category
from deals.conditions.discounts import allowed_discount, approved_discount
from deals.conditions.signature_limits import PRICE_DEVIATION
from deals.models import Order, OrderLine, PriceListLine, ProducerPriceAgreement
from deals.ordering.order_goods import deviation_of
from deals.pricing.producer_bounds import Bounds, Floor, net_price

NOTHING = Decimal(0)


@dataclass(frozen=True)
class FilePrices:
    """How far the lines are below the list, in percent; zero where nothing is wrong."""

    discount: Decimal = NOTHING
    allowed: Decimal = NOTHING
    deviation: Decimal = NOTHING
    category: str = ""
    # The agreement with a producer that is missed by the most, where one binds us to more.
    agreement: ProducerPriceAgreement | None = None

    @property
    def is_wrong(self) -> bool:
        return bool(self.discount or self.deviation)

    @property
    def needs_director(self) -> bool:
        """Above what the matrices of discounts and prices leave to the department head."""
        signers = [
            signer_of(PRICE_DEVIATION, deviation=self.deviation),
            signer_of(DISCOUNT, discount=self.discount, category=self.category),
        ]
        return any(one is None or rank(one.role) > rank(Role.DEPARTMENT_HEAD) for one in signers)


def file_prices(order: Order, client: Client) -> FilePrices:
    """What is wrong with the prices of an order of a file; nothing for one sent in here."""
    if not order.external_id or order.submitted_by_id is not None:
        return FilePrices()
    lines = list(order.lines.select_related("product"))
    listed = _listed(order, lines)
    allowed = _allowed(order, client)
    priced = [(line, listed[line.product_id]) for line in lines if line.product_id in listed]
    below = max(below_floor(order, lines, listed), key=_deviation, default=None)
    return FilePrices(
        discount=max((_discount(line, row, allowed) for line, row in priced), default=NOTHING),
        allowed=allowed,
        deviation=_deviation(below) if below else NOTHING,
        category=ladder_category(client),
        agreement=below[1].agreement if below else None,
    )


def _listed(order: Order, lines: list[OrderLine]) -> dict[int, PriceListLine]:
    ids = {line.product_id for line in lines}
    return PriceListLine.objects.by_product(ids, order.price_kind, order.dated_on)


def below_floor(
    order: Order, lines: list[OrderLine], listed: dict[int, PriceListLine] | None = None
) -> list[tuple[OrderLine, Floor]]:
    """Lines below the lowest price of the list or of an agreement, as of the day of the order."""
    known = _listed(order, lines) if listed is None else listed
    bounds = Bounds([line.product for line in lines], order.dated_on)
    found = []
    for line in lines:
        row = known.get(line.product_id)
        price, lowest = (row.price, row.min_price) if row else (line.price, None)
        floor = bounds.floor(line.product, price, lowest)
        if deviation_of(line.net_price, floor.price):
            found.append((line, floor))
    return found


def _deviation(below: tuple[OrderLine, Floor]) -> Decimal:
    line, floor = below
    return deviation_of(line.net_price, floor.price)


def _allowed(order: Order, client: Client) -> Decimal:
    """What the manager of the client may give; without one, what was approved for the day."""
    if client.manager is not None:
        return allowed_discount(client, by=client.manager, today=order.dated_on)
    return approved_discount(client, order.dated_on)


def _discount(line: OrderLine, listed: PriceListLine, allowed: Decimal) -> Decimal:
    """The discount of a line above the allowed one; a kopeck of rounding is none."""
    if line.net_price >= net_price(listed.price, allowed):
        return NOTHING
    return deviation_of(line.net_price, listed.price)
