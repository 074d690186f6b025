"""The form of a key rate."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from deals.forms.credit import PlainForm, day_field


class KeyRateForm(PlainForm):
    """A rate from a day on."""

    percent = forms.DecimalField(
        label=_("Rate, % a year"),
        min_value=Decimal("0.01"),
        max_value=Decimal(100),
        decimal_places=2,
        localize=True,
    )
    valid_from = day_field(_("From"))
