"""Forms of price lists: the head, and prices pasted from a sheet."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.fields import CleanCharField, CleanTextField, PercentField, WholeNumberField
from crm.forms import PlainForm, RecordForm, day_field
from crm.money import parse_money
from deals.actions.prices import Price
from deals.models import PriceKind, Product

LONGEST_PASTE = 400_000
SHOWN_MISTAKES = 10
_CELLS = re.compile(r"\s*[\t;]\s*")


class PriceListForm(RecordForm):
    """The head of a draft."""

    kind = forms.ChoiceField(label=gettext_lazy("Price type"), choices=PriceKind.choices)
    name = CleanCharField(label=gettext_lazy("Name"), max_length=200)
    valid_from = day_field(gettext_lazy("From"))


class NewPriceListForm(PriceListForm):
    """A new draft, empty or begun with the prices in force."""

    copied = forms.BooleanField(
        label=gettext_lazy("Begin with the prices in force on that day"), required=False
    )
    change_percent = PercentField(
        label=gettext_lazy("Change them by, %"),
        required=False,
        min_value=-99,
        max_value=1000,
        help_text=gettext_lazy("5 makes them dearer by 5 %, -5 cheaper."),
    )

    def new_values(self) -> dict[str, Any]:
        values = super().new_values()
        return {**values, "change_percent": values["change_percent"] or 0}


class PricesForm(PlainForm):
    """Rows «article; price; lowest price» pasted from a sheet."""

    version = WholeNumberField(required=False, widget=forms.HiddenInput)
    prices = CleanTextField(
        label=gettext_lazy("Rows"),
        max_length=LONGEST_PASTE,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "Copy the columns article, price and lowest price from a sheet; without the last"
            " goods are not sold below the price. A product that is here gets the new price."
        ),
    )

    def clean_prices(self) -> list[Price]:
        rows = [
            (number, _CELLS.split(line.strip()))
            for number, line in enumerate(self.cleaned_data["prices"].splitlines(), start=1)
            if line.strip()
        ]
        if rows and len(rows[0][1]) > 1 and not any(sign.isdigit() for sign in rows[0][1][1]):
            rows = rows[1:]  # the heading
        known = _products({cells[0] for _number, cells in rows})
        found: dict[int, Price] = {}
        mistakes = []
        for number, cells in rows:
            try:
                price = _price(cells, known)
            except ValidationError as error:
                mistakes.append(_row(number, error.messages[0]))
            else:
                found[price.product_id] = price
        if mistakes:
            more = len(mistakes) - SHOWN_MISTAKES
            told = mistakes[:SHOWN_MISTAKES]
            if more > 0:
                told.append(_("and %(more)s more rows.") % {"more": more})
            raise ValidationError(told)
        return list(found.values())


class EndForm(PlainForm):
    """The day from which a list holds no more."""

    version = WholeNumberField(required=False, widget=forms.HiddenInput)
    on = day_field(gettext_lazy("No longer in force from"))


def _products(articles: set[str]) -> dict[str, int]:
    rows = Product.objects.open().filter(sku__in=articles)
    return dict(rows.values_list("sku", "pk"))


def _price(cells: list[str], known: dict[str, int]) -> Price:
    if cells[0] not in known:
        text = _("there is no article “%(sku)s” in the catalogue.")
        raise ValidationError(text % {"sku": cells[0][:50]})
    if len(cells) < 2:
        raise ValidationError(_("the price is missing."))
    price = parse_money(cells[1])
    lowest = parse_money(cells[2]) if len(cells) > 2 and cells[2] else price
    if price <= 0:
        raise ValidationError(_("the price has to be more than 0."))
    if not 0 <= lowest <= price:
        raise ValidationError(_("the lowest price is above the price."))
    return Price(known[cells[0]], price, lowest)


def _row(number: int, text: str) -> str:
    return _("Row %(number)s: %(text)s") % {"number": number, "text": text}
