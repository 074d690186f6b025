"""Which matrix is a client's, what of an offer stands outside it, what the client does not buy.

The most precise matrix wins: of the channel and the category, of the channel, of the category, of
all. Without any nothing is outside: the company has not said what it sells to whom.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from clients.hooks import ShelfGoods
from clients.models import Client
from crm.work.registry import setting
from deals.models import AssortmentLine, AssortmentMatrix, Product, ShipmentLine


@dataclass(frozen=True)
class Outside:
    """Goods of an offer that the client's matrix does not have."""

    matrix: AssortmentMatrix | None = None
    product_ids: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.product_ids)


@dataclass(frozen=True)
class Missing:
    """Obligatory goods that the client has not bought for so many days."""

    matrix: AssortmentMatrix
    products: list[Product]
    obligatory: int
    days: int


def matrix_of(client: Client) -> AssortmentMatrix | None:
    """The matrix that holds for the client."""
    rows = AssortmentMatrix.objects.fitting(client.channel, client.category)
    return max(rows, key=lambda one: (bool(one.channel), bool(one.category)), default=None)


def outside_of(client: Client, product_ids: Iterable[int]) -> Outside:
    """What of these goods stands outside the client's matrix (S2B.IV.1)."""
    matrix, asked = matrix_of(client), set(product_ids)
    if matrix is None or not asked:
        return Outside()
    lines = AssortmentLine.objects.filter(matrix=matrix, product__in=asked)
    return Outside(matrix, frozenset(asked - set(lines.values_list("product", flat=True))))


def missing_of(client: Client, today: date) -> Missing | None:
    """Obligatory goods that were not shipped to the client of late; None without a matrix."""
    matrix = matrix_of(client)
    if matrix is None:
        return None
    days = setting("assortment.days")
    lines = AssortmentLine.objects.filter(
        matrix=matrix, obligatory=True, product__archived_at=None
    ).select_related("product")
    bought = ShipmentLine.objects.filter(
        shipment__client=client,
        shipment__kind="sale",
        shipment__state="posted",
        shipment__posted_on__gt=today - timedelta(days=days),
        product__isnull=False,
    )
    known = set(bought.values_list("product", flat=True))
    products = [line.product for line in lines]
    return Missing(matrix, [one for one in products if one.pk not in known], len(products), days)


def shelf_of(client: Client) -> list[ShelfGoods]:
    """Obligatory goods, for the marks of a merchandiser's visit."""
    matrix = matrix_of(client)
    if matrix is None:
        return []
    lines = AssortmentLine.objects.filter(
        matrix=matrix, obligatory=True, product__archived_at=None
    ).select_related("product")
    return [ShelfGoods(str(line.product_id), line.product.name) for line in lines]
