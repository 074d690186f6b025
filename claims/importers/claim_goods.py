"""Goods that claims of a file name: of the catalogue, or added with their group if told to."""

from __future__ import annotations

from collections.abc import Iterable

from claims.importers.claim_facts import ClaimFacts
from crm.imports.registry import Run
from crm.names import sort_key
from deals.models import Product, ProductGroup


class Goods:
    """Finds products by article and adds the missing ones."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.may_create: bool = bool(run.options["create_products"])
        self.products: dict[str, int | None] = {}
        self.groups: dict[str, int] = {}

    def load(self, facts: Iterable[ClaimFacts]) -> None:
        """Read the products of a portion; add those that are not here, if told to."""
        named = {one.sku: one for one in facts if one.sku and one.sku not in self.products}
        self.products |= dict.fromkeys(named)
        found = Product.objects.filter(sku__in=named).values_list("sku", "pk")
        self.products |= dict(found)
        missing = [one for sku, one in named.items() if self.products[sku] is None]
        if self.may_create and missing:
            self._create(missing)

    def _create(self, missing: list[ClaimFacts]) -> None:
        rows = [
            Product(
                sku=one.sku,
                name=one.shown_goods,
                sort_key=sort_key(one.shown_goods)[:600],
                group_id=self._group(one.group) if one.group else None,
            )
            for one in missing
        ]
        made = Product.objects.bulk_create(rows)
        self.run.journal.add(Product, [row.pk for row in made])
        self.run.count("products_created", len(made))
        self.products |= {row.sku: row.pk for row in made}

    def _group(self, name: str) -> int:
        if not self.groups:
            rows = ProductGroup.objects.filter(archived_at=None).order_by("-pk")
            self.groups = dict(rows.values_list("name", "pk"))
        if name not in self.groups:
            row = ProductGroup.objects.create(name=name)
            self.run.journal.add(ProductGroup, [row.pk])
            self.groups[name] = row.pk
        return self.groups[name]
