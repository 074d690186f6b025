"""Forms of delivery schedules."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.models import Client, Outlet
from crm.fields import CleanCharField, RussianTimeField
from crm.forms import PlainForm, ReasonForm, VersionForm, day_field
from deals.models.deliveries import WEEKDAYS


def _hour(label: Any) -> RussianTimeField:
    return RussianTimeField(
        label=label, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )


class DeliveryForm(PlainForm):
    """Days and hours of a place."""

    outlet = forms.ModelChoiceField(
        label=_("Outlet"),
        queryset=Outlet.objects.none(),
        required=False,
        empty_label=_("all places"),
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days"), choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    time_from = _hour(_("From"))
    time_to = _hour(_("To"))
    starts_on = day_field(_("From the day"))
    reason = CleanCharField(label=_("Why"), max_length=500)

    def __init__(self, data: Any = None, *, client: Client, today: date, **options: Any) -> None:
        super().__init__(data, initial={"starts_on": today}, **options)
        outlets: Any = self.fields["outlet"]
        outlets.queryset = client.outlets.filter(archived_at=None)


class ClientAgreedForm(VersionForm):
    """Who said yes for the client."""

    person = CleanCharField(label=_("Who agreed for the client"), max_length=200)


class RefuseForm(ReasonForm):
    """Why a side says no."""
