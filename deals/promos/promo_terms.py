"""Which goods and which clients a promo is of, and what discount it gives on a day (DL-14)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal

from clients.models import Client
from deals.models import Product, ProductGroup, PromoCampaign


def group_parents() -> dict[int, int | None]:
    """The group around each group: one query."""
    return dict(ProductGroup.objects.values_list("pk", "parent"))


def groups_around(group: int | None, parents: dict[int, int | None]) -> Iterable[int]:
    """The group and all above it."""
    seen: set[int] = set()
    while group is not None and group not in seen:
        seen.add(group)
        group = parents.get(group)
    return seen


def groups_inside(chosen: Collection[int]) -> list[int]:
    """These groups with all below them."""
    if not chosen:
        return []
    parents = group_parents()
    return [pk for pk in parents if not set(chosen).isdisjoint(groups_around(pk, parents))]


def takes_part(promo: PromoCampaign, client: Client) -> bool:
    """Whether the client is named or, where none is, of the unit, categories and channels.

    `promo.named` and its unit are read; ask for them beforehand.
    """
    if promo.org_unit is not None and not _inside(promo, client):
        return False
    named = {row.client_id for row in promo.named.all()}
    if named:
        return client.pk in named
    if promo.categories and client.category not in promo.categories:
        return False
    return not promo.channels or client.channel in promo.channels


def _inside(promo: PromoCampaign, client: Client) -> bool:
    unit = client.org_unit
    return unit is not None and promo.org_unit_id in unit.path_ids


def running_for(client: Client, day: date) -> list[PromoCampaign]:
    """Promos that hold on the day and in which the client takes part: three queries."""
    rows = PromoCampaign.objects.holding(day).select_related("org_unit")
    found = rows.prefetch_related("named", "goods__product", "goods__group")
    return [promo for promo in found if takes_part(promo, client)]


def promo_discounts(client: Client, products: Collection[Product], day: date) -> dict[int, Decimal]:
    """The highest discount by product, percent, that promos of the day give the client."""
    promos = [promo for promo in running_for(client, day) if promo.discount_pct > 0]
    if not promos:
        return {}
    parents = group_parents()
    found: dict[int, Decimal] = {}
    for promo in promos:
        goods = list(promo.goods.all())
        whole = {line.group_id for line in goods if line.group_id}
        single = {line.product_id for line in goods if line.product_id}
        for product in products:
            around = groups_around(product.group_id, parents)
            if not goods or product.pk in single or not whole.isdisjoint(around):
                found[product.pk] = max(found.get(product.pk, Decimal(0)), promo.discount_pct)
    return found
