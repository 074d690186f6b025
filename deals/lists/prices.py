"""The register of price lists, and the prices of one list."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from crm.lists import Column, Kind, ListSpec, label_of
from crm.names import search_key
from crm.shell.templatetags.shell import status_chip
from deals import permissions
from deals.models import PriceKind, PriceList, PriceListLine, PriceListState

TONES = {PriceListState.APPROVED: "success", PriceListState.DRAFT: "info"}


class PriceListFilter(filters.FilterSet):
    """What narrows the register."""

    kind = filters.ChoiceFilter(label=_("Price type"), choices=PriceKind.choices)
    state = filters.ChoiceFilter(label=_("State"), choices=PriceListState.choices)

    class Meta:
        model = PriceList
        fields: ClassVar[list[str]] = []


def find_prices(rows: Any, text: str) -> Any:
    """By the beginning of the article, or by words of the name."""
    found = rows.filter(product__sku__istartswith=text.strip())
    words = search_key(text).split()[:6]
    named = rows
    for word in words:
        named = named.filter(product__name__icontains=word)
    return (found | named) if words else found


PRICE_LISTS = ListSpec(
    name="price_lists",
    model=PriceList,
    title=_("Price lists"),
    columns=[
        Column("name", _("Name"), link=True, sort="name"),
        Column("kind", _("Price type"), filter="kind"),
        Column(
            "state",
            _("State"),
            filter="state",
            render=lambda row: status_chip(label_of(row), TONES.get(row.state, "neutral")),
        ),
        Column("valid_from", _("From"), sort="valid_from"),
        Column("last_day", _("Up to"), kind=Kind.DATE),
        Column("prices", _("Prices"), kind=Kind.NUMBER),
        Column("approved_by", _("Approved by"), value="approved_by.short_name"),
    ],
    default_sort="-valid_from",
    filters=PriceListFilter,
    row_url="deals:price_list_detail",
    page_template="deals/price_list_list.html",
    empty_template="deals/_price_lists_none.html",
)

PRICES = ListSpec(
    name="prices",
    model=PriceListLine,
    title=_("Prices"),
    columns=[
        Column("name", _("Product"), value="product.name", sort="product__sort_key"),
        Column("sku", _("Article"), value="product.sku", sort="product__sku"),
        Column("unit", _("Unit of measure"), value="product.unit"),
        Column("price", _("Price"), kind=Kind.MONEY, sort="price"),
        Column("min_price", _("Lowest price"), kind=Kind.MONEY, sort="min_price"),
    ],
    default_sort="name",
    search=find_prices,
    search_hint=_("Name or article"),
    page_template="deals/price_list_detail.html",
    empty_template="deals/_prices_none.html",
)

# Of a draft: the same list, and each row can be taken out of it.
PRICES_OF_DRAFT = replace(
    PRICES,
    columns=[
        *PRICES.columns,
        Column("drop", _("Take out"), value="pk", render="deals/_price_drop.html", export=False),
    ],
    restricted={"drop": permissions.can_edit_prices},
)
