"""The import of prices: a sheet of articles or names with prices fills a draft of a price list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.imports import registry, synonyms
from crm.imports.registry import ImportField, ImportKind, ImportOption
from deals import permissions
from deals.importers.price_rows import Prices
from deals.models import PriceList, PriceListState

FIELDS = [
    ImportField("sku", gettext_lazy("Article"), gettext_lazy("Finds the product.")),
    ImportField("product", gettext_lazy("Product"), gettext_lazy("Where there is no article.")),
    ImportField("price", gettext_lazy("Price"), gettext_lazy("Roubles with VAT.")),
    ImportField(
        "min_price", gettext_lazy("Lowest price"), gettext_lazy("Empty: not below the price.")
    ),
]


def _list_field(by: User | None) -> forms.Field:
    """The drafts that the person may fill."""
    rows = PriceList.objects.all() if by is None else PriceList.objects.visible_to(by)
    field: Any = forms.ModelChoiceField(
        rows.filter(state=PriceListState.DRAFT),
        label=gettext_lazy("Price list"),
        help_text=gettext_lazy("A draft; a product that it has already gets the new price."),
        empty_label=None,
    )
    newest = field.queryset.order_by("-pk").first()
    field.initial = newest.pk if newest else None
    return field  # type: ignore[no-any-return]


def _links(user: User) -> list[tuple[str, str]]:
    from crm.shell.nav import address

    return [(str(gettext_lazy("Price lists")), address("deals:price_list_list"))]


def register_kind() -> None:
    """Declare the import of prices."""
    registry.register(
        ImportKind(
            kind="prices",
            label=gettext_lazy("Prices"),
            description=gettext_lazy("Prices and lowest prices for the draft of a price list."),
            icon="tags",
            fields=FIELDS,
            synonyms=synonyms.PRICES,
            start=Prices,
            may_import=permissions.can_import_prices,
            required=[("sku", "product"), ("price",)],
            options=[ImportOption("price_list", _list_field)],
            portion=5_000,
            links=_links,
        )
    )
