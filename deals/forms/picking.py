"""What the delivery says about an order: how much of what has left."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _

from crm.fields import QuantityField, WholeNumberField
from crm.forms import PlainForm
from crm.shell.templatetags.formats import qty
from deals.models import Product


class HandOverForm(PlainForm):
    """One quantity for each product of which something is left; all of it is offered."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    version = WholeNumberField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, left: dict[Product, Decimal], version: int, **options: Any
    ) -> None:
        initial = {"key": uuid4(), "version": version}
        super().__init__(data, initial=initial, **options)
        for product, quantity in left.items():
            self.fields[f"product-{product.pk}"] = QuantityField(
                label=product.name,
                required=False,
                initial=quantity,
                help_text=_("Left: %(quantity)s %(unit)s")
                % {"quantity": qty(quantity), "unit": product.unit},
            )

    def new_values(self) -> dict[str, Any]:
        """Quantities by the key of the product."""
        values = super().new_values()
        typed = {name: values.pop(name) for name in list(values) if name.startswith("product-")}
        quantities = {int(name.split("-")[1]): value or Decimal(0) for name, value in typed.items()}
        return values | {"quantities": quantities}
