"""What a new price list changes, and the clients that its draft concerns."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models import Client
from crm.lists import Column, Kind, ListSpec
from crm.shell.templatetags.shell import category_badge
from deals.lists.prices import find_prices
from deals.models import PriceListLine

CHANGED_PRICES = ListSpec(
    name="changed_prices",
    model=PriceListLine,
    title=_("Changed prices"),
    columns=[
        Column("name", _("Product"), value="product.name", sort="product__sort_key"),
        Column("sku", _("Article"), value="product.sku", sort="product__sku"),
        Column("unit", _("Unit of measure"), value="product.unit"),
        Column("old_price", _("Old price"), kind=Kind.MONEY, sort="old_price"),
        Column("price", _("New price"), kind=Kind.MONEY, sort="price"),
        Column(
            "difference",
            pgettext_lazy("of prices", "Difference"),
            kind=Kind.MONEY,
            sort="difference",
        ),
        Column(
            "percent",
            _("Change"),
            kind=Kind.PERCENT,
            sort="size",
            help=_("Sorted by its size, dearer and cheaper together"),
        ),
    ],
    default_sort="-percent",
    search=find_prices,
    search_hint=_("Name or article"),
    export_name="changed_prices",
    page_template="deals/price_list_changes.html",
    empty_template="deals/_changed_prices_none.html",
)

CLIENTS_TO_TELL = ListSpec(
    name="clients_to_tell",
    model=Client,
    title=_("Clients to be notified"),
    columns=[
        Column("name", _("Client"), link=True, sort="sort_key"),
        Column(
            "category",
            _("Category"),
            sort="category",
            render=lambda row: category_badge(row.category),
        ),
        Column("manager", _("Manager"), value="manager.short_name", sort="manager__sort_key"),
        Column("lead_days", _("Days before"), kind=Kind.NUMBER, sort="lead_days"),
        Column("due_on", _("To be notified by"), kind=Kind.DATE, sort="due_on"),
    ],
    default_sort="name",
    export_name="clients_to_tell",
    page_template="deals/price_list_clients.html",
)
