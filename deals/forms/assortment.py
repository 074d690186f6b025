"""Forms of the assortment matrix: its head and lines, a proposed change."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.models import ClientCategory
from crm.accounts.models import User
from crm.fields import CleanCharField
from crm.forms import REASON_LENGTH, PlainForm, RecordForm
from deals.actions.assortment import MatrixHead, MatrixLine
from deals.forms.lines import LinesEditor, ProductPickField
from deals.models import AssortmentChange

PICK = {"list": "product-options", "autocomplete": "off"}


class MatrixForm(RecordForm):
    """For whom the matrix is."""

    channel = CleanCharField(
        label=_("Channel"),
        max_length=100,
        required=False,
        help_text=_("Empty: any channel that has no matrix of its own."),
        widget=forms.TextInput(attrs={"list": "channels", "autocomplete": "off"}),
    )
    category = forms.ChoiceField(
        label=_("Category of the client"),
        required=False,
        choices=[("", _("any")), *ClientCategory.choices],
    )

    def __init__(self, *args: Any, user: User, **options: Any) -> None:  # noqa: ARG002
        super().__init__(*args, **options)

    def head(self) -> MatrixHead:
        """The values for the action."""
        return MatrixHead(self.cleaned_data["channel"], self.cleaned_data["category"])


class MatrixLineForm(forms.Form):
    """A product of the matrix."""

    product = ProductPickField(label=_("Product"), widget=forms.TextInput(attrs=PICK))
    obligatory = forms.BooleanField(label=_("Required in stock"), required=False)

    def line(self) -> MatrixLine:
        """The values for the action."""
        return MatrixLine(**self.cleaned_data)


class MatrixEditor(LinesEditor):
    """A matrix with its goods."""

    head_form = MatrixForm
    line_form = MatrixLineForm


class ProposeForm(PlainForm):
    """What a head asks marketing to change, and why."""

    product = ProductPickField(label=_("Product"), widget=forms.TextInput(attrs=PICK))
    change = forms.ChoiceField(
        label=_("Change"), choices=AssortmentChange.choices, widget=forms.RadioSelect
    )
    reason = CleanCharField(
        label=_("Reason"), max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )
