"""Forms of competitors and of notes on them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.actions.competitors import CompetitorValues, NoteValues
from clients.models import Competitor, CompetitorAspect
from crm.fields import CleanCharField, CleanTextField, FigureField
from crm.forms import RecordForm, day_field


class CompetitorForm(RecordForm):
    """Who it is."""

    name = CleanCharField(label=_("Name"), max_length=200)
    site = CleanCharField(label=_("Website"), max_length=200, required=False)
    territory = CleanCharField(label=_("Territory"), max_length=200, required=False)
    description = CleanTextField(
        label=_("What it sells, strong and weak points"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def values(self) -> CompetitorValues:
        """What the action takes."""
        return CompetitorValues(**self.new_values())


class NoteForm(RecordForm):
    """One thing learnt of a competitor; `competitor` is asked where it is not known already."""

    competitor = forms.ModelChoiceField(
        label=_("Competitor"), queryset=Competitor.objects.none(), empty_label=_("Choose")
    )
    aspect = forms.ChoiceField(label=_("Aspect"), choices=CompetitorAspect.choices)
    value = FigureField(
        label=pgettext_lazy("learnt of a competitor", "Value"),
        required=False,
        max_value=9_999_999_999,
        help_text=_("Price in roubles, discount and bonus in %, deferral in calendar days."),
    )
    text = CleanTextField(
        label=_("What was learnt"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    source = CleanCharField(
        label=_("Source"),
        max_length=200,
        help_text=_("Who said it, or where it was seen: a buyer, a price list, a shelf."),
    )
    noted_on = day_field(_("Learnt on"))
    own: tuple[str, ...] = ("key", "version", "competitor")

    def __init__(self, data: Any = None, *, known: bool = True, **options: Any) -> None:
        today = timezone.localdate()
        options["initial"] = {"noted_on": today} | options.pop("initial", {})
        if options.get("record") is not None:
            del options["initial"]
        super().__init__(data, **options)
        self.fields["noted_on"].widget.attrs["max"] = today.isoformat()
        if known:
            del self.fields["competitor"]
        else:
            self.fields["competitor"].queryset = Competitor.objects.open()  # type: ignore[attr-defined]

    def values(self) -> NoteValues:
        """What the action takes."""
        return NoteValues(**self.new_values())
