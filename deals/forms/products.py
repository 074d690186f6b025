"""The form of a product."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from crm.fields import CleanCharField
from crm.forms import RecordForm
from deals.models import ProductGroup, VatKind


class ProductForm(RecordForm):
    """What is sold and at which kind of rate."""

    sku = CleanCharField(label=gettext_lazy("Article"), max_length=100)
    name = CleanCharField(label=gettext_lazy("Name"), max_length=500)
    unit = CleanCharField(label=gettext_lazy("Unit of measure"), required=False, max_length=30)
    group = forms.ModelChoiceField(
        ProductGroup.objects.filter(archived_at=None),
        label=gettext_lazy("Group"),
        required=False,
    )
    vat_kind = forms.ChoiceField(
        label=gettext_lazy("VAT"), choices=VatKind.choices, initial=VatKind.STANDARD
    )
    is_socially_important = forms.BooleanField(
        label=gettext_lazy("Socially important"),
        required=False,
        help_text=gettext_lazy("On the list of the government: no retro bonus for it."),
    )
