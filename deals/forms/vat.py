"""Forms of the rates of VAT."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.fields import PercentField, WholeNumberField
from crm.forms import PlainForm, day_field
from deals.models import VatKind

RATED = [choice for choice in VatKind.choices if choice[0] != VatKind.NONE]


class RateForm(PlainForm):
    """A rate from a day on."""

    kind = forms.ChoiceField(label=_("Kind"), choices=RATED)
    percent = PercentField(
        label=_("Rate, %"),
    )
    valid_from = day_field(_("From"))


class RateEndForm(PlainForm):
    """The day from which a rate holds no more."""

    version = WholeNumberField(required=False, widget=forms.HiddenInput)
    on = day_field(_("No longer in force from"))
