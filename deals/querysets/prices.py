"""Reads of price lists and of the prices in force."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count, DecimalField, F, OuterRef, Q, Subquery
from django.db.models.functions import Abs, Cast, Round

from crm.accounts.querysets import names_of, own_columns

if TYPE_CHECKING:
    from crm.accounts.models import User

_EXACT = DecimalField(max_digits=38, decimal_places=12)


def _sees(user: User) -> bool:
    from deals.permissions import can_see_prices  # it knows the models

    return can_see_prices(user)


class PriceListQuerySet(models.QuerySet[Any]):
    """Reads of lists."""

    def visible_to(self, user: User) -> Self:
        """Who sees clients' money sees prices; drafts are for those who prepare them."""
        from deals.permissions import can_edit_prices

        if not _sees(user):
            return self.none()
        return self if can_edit_prices(user) else self.filter(state="approved")

    def approved(self) -> Self:
        """Lists that hold, held or will hold."""
        return self.filter(state="approved")

    def on(self, day: date) -> Self:
        """The lists of all kinds on the day."""
        rows = self.approved().filter(valid_from__lte=day)
        return rows.filter(Q(valid_to=None) | Q(valid_to__gt=day))

    def for_list(self) -> Self:
        """With the number of prices and who approved."""
        rows = self.select_related("approved_by").annotate(prices=Count("lines"))
        return rows.only(*own_columns(self.model), *names_of("approved_by"))


class PriceListLineQuerySet(models.QuerySet[Any]):
    """Reads of prices; they are seen through their lists."""

    def in_force(self, kind: str, day: date) -> Self:
        """Prices of the kind on the day; one of a product at most."""
        rows = self.filter(price_list__state="approved", price_list__kind=kind)
        rows = rows.filter(price_list__valid_from__lte=day)
        return rows.filter(Q(price_list__valid_to=None) | Q(price_list__valid_to__gt=day))

    def by_product(self, product_ids: Collection[int], kind: str, day: date) -> dict[int, Any]:
        """The prices of these products in force on the day."""
        rows = self.in_force(kind, day).filter(product__in=product_ids)
        return {row.product_id: row for row in rows}

    def changed(self, new_id: int, old_id: int) -> Self:
        """Lines of the new list that have another price in the old one: `old_price`.

        What one of the lists does not have has no old or no new price, so nothing has changed.
        """
        before = self.model._default_manager.filter(price_list=old_id, product=OuterRef("product"))
        rows = self.filter(price_list=new_id)
        rows = rows.annotate(old_price=Subquery(before.values("price")))
        return rows.filter(old_price__isnull=False).exclude(price=F("old_price"))

    def with_change(self) -> Self:
        """After `changed`: by how much, `difference` in roubles, `percent` half up, and its size.

        PostgreSQL rounds numerics half away from zero, as `crm.money` does.
        """
        share = Cast((F("price") - F("old_price")) * 100, _EXACT) / F("old_price")
        rows = self.select_related("product").annotate(
            difference=F("price") - F("old_price"),
            percent=Round(Cast(share, _EXACT), 2, output_field=_EXACT),
        )
        return rows.annotate(size=Abs("percent"))

    def for_list(self) -> Self:
        """With the product's article and name."""
        return self.select_related("product")
