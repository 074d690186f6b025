"""What price agreements with producers bind us to: the lowest price of goods on a day (L436).

The line of a product stands before that of its group, the line of a group before that of the group
around it. Of several agreements the highest price binds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Q

from crm.money import format_money, round_half_up
from deals.models import ProducerAgreementLine, ProducerPriceAgreement, Product, ProductGroup

if TYPE_CHECKING:
    from deals.models import PriceList, PriceListLine

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Floor:
    """Below what a product is not sold without asking; the agreement, where it is its bound."""

    price: Decimal | None = None
    agreement: ProducerPriceAgreement | None = None

    @property
    def shown(self) -> str:
        return format_money(self.price or Decimal(0))


class Bounds:
    """Agreements in force on a day for some products, read once: one query, two with groups."""

    def __init__(self, products: Collection[Product], day: date) -> None:
        ids = {product.pk for product in products}
        rows = ProducerAgreementLine.objects.in_force(day)
        rows = rows.filter(Q(product__in=ids) | Q(group__isnull=False))
        lines = list(rows.select_related("agreement").order_by("agreement__valid_from", "pk"))
        self._of_product: dict[int, list[ProducerAgreementLine]] = defaultdict(list)
        self._of_group: dict[int, list[ProducerAgreementLine]] = defaultdict(list)
        for line in lines:
            if line.product_id is not None:
                self._of_product[line.product_id].append(line)
            elif line.group_id is not None:
                self._of_group[line.group_id].append(line)
        self._above = _parents() if self._of_group else {}

    def lines_of(self, product: Product) -> list[ProducerAgreementLine]:
        """The nearest line of each agreement that speaks of the product."""
        found: dict[int, ProducerAgreementLine] = {}
        for line in self._all(product):
            found.setdefault(line.agreement_id, line)
        return list(found.values())

    def _all(self, product: Product) -> Iterator[ProducerAgreementLine]:
        """The lines that cover the product, the nearest first."""
        yield from self._of_product.get(product.pk, ())
        group, seen = product.group_id, set()
        while group is not None and group not in seen:
            yield from self._of_group.get(group, ())
            seen.add(group)
            group = self._above.get(group)

    def floor(self, product: Product, price: Decimal, lowest: Decimal | None = None) -> Floor:
        """The higher one of the lowest price of the list and of what agreements bind us to.

        `price` is that of the list, from which a discount counts where nothing is recommended.
        """
        best = Floor(lowest)
        for line in self.lines_of(product):
            bound = lowest_by(line, price)
            if bound is not None and (best.price is None or bound > best.price):
                best = Floor(bound, line.agreement)
        return best


def net_price(price: Decimal, discount_pct: Decimal) -> Decimal:
    """The price after the discount, in kopecks as documents show it, half up."""
    return round_half_up(price * (HUNDRED - discount_pct) / HUNDRED)


def lowest_by(line: ProducerAgreementLine, price: Decimal) -> Decimal | None:
    """The lowest price by one line; None where it only recommends a price."""
    found = [] if line.lowest_price is None else [line.lowest_price]
    if line.highest_discount is not None:
        base = price if line.recommended_price is None else line.recommended_price
        found.append(net_price(base, line.highest_discount))
    return max(found, default=None)


def _parents() -> dict[int, int | None]:
    return dict(ProductGroup.objects.values_list("pk", "parent"))


def contradictions(price_list: PriceList, day: date) -> list[tuple[PriceListLine, Floor]]:
    """Prices of a list that are below what agreements in force on the day bind us to."""
    named = ProducerAgreementLine.objects.in_force(day).filter(product__isnull=False)
    lines = list(price_list.lines.filter(product__in=named.values("product")).for_list())
    bounds = Bounds([line.product for line in lines], day)
    floors = ((line, bounds.floor(line.product, line.price)) for line in lines)
    return [(line, floor) for line, floor in floors if floor.price and line.price < floor.price]
