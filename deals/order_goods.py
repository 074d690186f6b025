"""Lines of an order: prices of the list of the day, discounts, VAT (DL-02, DL-07)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from crm.money import format_money, round_half_up
from deals.actions.documents import rate_of_day
from deals.models import Order, OrderLine, PriceListLine, Product
from deals.vat import RateTable, vat_inside

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Goods:
    """What a line asks for; without a price that of the list is taken."""

    product: Product
    quantity: Decimal
    price: Decimal | None = None
    discount_pct: Decimal = Decimal(0)


@dataclass(frozen=True)
class Problem:
    """Why a line is refused: its place from 0, the field, a sentence."""

    place: int
    field: str
    text: str


def net_price(price: Decimal, discount_pct: Decimal) -> Decimal:
    """The price after the discount, in kopecks as documents show it, half up."""
    return round_half_up(price * (HUNDRED - discount_pct) / HUNDRED)


class PriceCheck:
    """Prices of one kind on one day, read once for all lines."""

    def __init__(self, goods: Sequence[Goods], kind: str, day: date) -> None:
        ids = {row.product.pk for row in goods}
        self.known: dict[int, PriceListLine] = PriceListLine.objects.by_product(ids, kind, day)
        self.goods, self.day = goods, day

    def problems(self) -> list[Problem]:
        """What the list of the day does not allow, one for a line at most."""
        found = (self._problem(place, row) for place, row in enumerate(self.goods))
        return [problem for problem in found if problem is not None]

    def _problem(self, place: int, row: Goods) -> Problem | None:
        listed = self.known.get(row.product.pk)
        if row.product.archived_at is not None:
            return Problem(place, "product", _("This product is sold no more."))
        if listed is None:
            missing = _("The price list of the day has no such product: type the price.")
            return Problem(place, "price", missing) if row.price is None else None
        if row.price is not None and row.price != listed.price:
            text = _("By the price list of the day it is %(price)s; a lower one is a discount.")
            return Problem(place, "price", text % {"price": format_money(listed.price)})
        if net_price(listed.price, row.discount_pct) < listed.min_price:
            text = _("With this discount it is below the lowest price, %(price)s.")
            return Problem(place, "discount_pct", text % {"price": format_money(listed.min_price)})
        return None

    def lines(self, order: Order) -> list[OrderLine]:
        """The lines with their sums; VAT at the rate of the day, inside the amount."""
        rates, made = RateTable(), []
        for position, row in enumerate(self.goods, start=1):
            listed = self.known.get(row.product.pk)
            price = row.price if row.price is not None else listed.price if listed else Decimal(0)
            net = net_price(price, row.discount_pct)
            amount = round_half_up(row.quantity * net)
            percent = rate_of_day(rates, row.product.vat_kind, self.day)
            made.append(
                OrderLine(
                    order=order,
                    position=position,
                    product=row.product,
                    quantity=row.quantity,
                    price=price,
                    discount_pct=row.discount_pct,
                    net_price=net,
                    amount=amount,
                    vat_percent=percent,
                    vat_amount=vat_inside(amount, percent),
                )
            )
        return made
