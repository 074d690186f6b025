"""The register of delivery schedules."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django import forms
from django.utils.translation import gettext_lazy as _

from clients.models import Client
from crm.lists import Column, ListSpec, label_of
from crm.shell.templatetags.shell import status_chip
from deals.models import DeliverySchedule, DeliveryState
from deals.models.deliveries import WEEKDAYS

STANDING = [
    (state.value, state.label) for state in (DeliveryState.EFFECTIVE, DeliveryState.PROPOSED)
]


def on_day(rows: Any, name: str, day: str) -> Any:
    """Delivered to on this day of the week."""
    return rows.filter(weekdays__contains=[int(day)])


class DeliveryFilter(filters.FilterSet):
    """By client, state and day of the week."""

    client = filters.ModelChoiceFilter(
        label=_("Client"),
        queryset=lambda request: Client.objects.visible_to(request.user),
        widget=forms.HiddenInput,
    )
    state = filters.ChoiceFilter(label=_("State"), choices=STANDING)
    day = filters.ChoiceFilter(label=_("Day of the week"), choices=WEEKDAYS, method=on_day)

    class Meta:
        model = DeliverySchedule
        fields = ()


def _state(row: DeliverySchedule) -> str:
    tone = "success" if row.state == DeliveryState.EFFECTIVE else "warning"
    return status_chip(label_of(row), tone)


DELIVERIES = ListSpec(
    name="deliveries",
    model=DeliverySchedule,
    title=_("Delivery schedules"),
    columns=[
        Column("client", _("Client"), value="client.name", link=True),
        Column("outlet", _("Outlet"), value="outlet.name"),
        Column("weekdays", _("Days"), value="days"),
        Column("time_from", _("From"), value=lambda row: f"{row.time_from:%H:%M}"),
        Column("time_to", _("To"), value=lambda row: f"{row.time_to:%H:%M}"),
        Column("state", _("State"), filter="state", render=_state),
        Column("starts_on", _("From the day"), sort="starts_on"),
    ],
    default_sort="-starts_on",
    default_columns=["client", "outlet", "weekdays", "time_from", "time_to", "state"],
    filters=DeliveryFilter,
    search=lambda rows, text: rows.filter(client__name__icontains=text.strip()),
    search_hint=_("Client"),
    empty_template="deals/_deliveries_none.html",
)
