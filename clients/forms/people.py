"""Forms of what belongs to a client: people, outlets and needs."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from stdnum import ean

from crm.accounts.models import Role, User
from crm.fields import (
    CleanCharField,
    CleanTextField,
    PhoneField,
    RussianDateField,
    WholeNumberField,
)
from crm.forms import LowerEmailField, RecordForm

_BIRTHDAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})", re.ASCII)
LEAP_YEAR = 2024
GLN_LENGTH = 13
FIVE: dict[str, Any] = {
    "min_value": 1,
    "max_value": 5,
    "initial": 3,
    "asks": gettext_lazy("Enter a number from 1 to 5."),
}


class BirthdayField(CleanCharField):
    """Day and month as dd.mm; the year of birth is nobody's business."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value).strip()
        if not text:
            return ""
        found = _BIRTHDAY.fullmatch(text)
        try:
            day = date(LEAP_YEAR, int(found[2]), int(found[1])) if found else None
        except ValueError:
            day = None
        if day is None:
            raise ValidationError(_("Enter day and month, for example 08.03."), code="birthday")
        return f"{day:%d.%m}"


class PersonForm(RecordForm):
    """A contact person of the client."""

    full_name = CleanCharField(label=gettext_lazy("Full name"), max_length=200)
    position = CleanCharField(label=gettext_lazy("Position"), required=False, max_length=200)
    phone = PhoneField(label=gettext_lazy("Phone"), required=False, extension=True)
    email = LowerEmailField(label=gettext_lazy("E-mail"), required=False, max_length=254)
    is_decision_maker = forms.BooleanField(
        label=gettext_lazy("Makes the decisions"), required=False
    )
    influence = WholeNumberField(label=gettext_lazy("Influence, 1 to 5"), **FIVE)
    birthday = BirthdayField(label=gettext_lazy("Birthday, dd.mm"), required=False, max_length=20)
    specifics = CleanTextField(
        label=gettext_lazy("Specifics"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


def merchandisers() -> Any:
    """Merchandisers who work here."""
    rows = User.objects.working().filter(role=Role.MERCHANDISER)
    return rows.order_by("sort_key", "pk")


class OutletForm(RecordForm):
    """A shop or delivery point of the client."""

    name = CleanCharField(label=gettext_lazy("Name"), max_length=200)
    address = CleanCharField(label=gettext_lazy("Address"), required=False, max_length=500)
    gln = CleanCharField(label="GLN", required=False, max_length=20)
    format = CleanCharField(label=gettext_lazy("Format"), required=False, max_length=100)
    delivery_window = CleanCharField(
        label=gettext_lazy("Delivery window"), required=False, max_length=100
    )
    merchandiser = forms.ModelChoiceField(
        label=gettext_lazy("Merchandiser"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("nobody"),
        help_text=gettext_lazy("Visits are planned by the norm for the client's category."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["merchandiser"].queryset = merchandisers()  # type: ignore[attr-defined]

    def clean_gln(self) -> str:
        """Thirteen digits with the right check digit, or nothing."""
        gln: str = self.cleaned_data["gln"].strip()
        digits = gln.isascii() and gln.isdigit() and len(gln) == GLN_LENGTH
        if gln and not (digits and ean.is_valid(gln)):
            raise ValidationError(_("A GLN has 13 digits, the last one is a check digit."))
        return gln


class NeedForm(RecordForm):
    """What the client needs, how strongly and to what end."""

    subject = CleanCharField(label=gettext_lazy("What is needed"), max_length=200)
    level = WholeNumberField(label=gettext_lazy("Level, 1 to 5"), **FIVE)
    direction = CleanTextField(
        label=gettext_lazy("What it is for"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    volume_month = CleanCharField(
        label=gettext_lazy("Volume per month"), required=False, max_length=100
    )
    quality_requirements = CleanTextField(
        label=gettext_lazy("Quality requirements"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    noted_on = RussianDateField(
        label=gettext_lazy("Recorded on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=timezone.localdate,
    )

    def clean_noted_on(self) -> date:
        """Not in the future: it was heard already."""
        noted: date = self.cleaned_data["noted_on"]
        if noted > timezone.localdate():
            raise ValidationError(_("This day has not come yet."))
        return noted
