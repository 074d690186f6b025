"""The register of stops of shipping: columns, filters, ready views."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters as filters
from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.filters.contacts import of_unit
from clients.models import Client
from crm.accounts.models import OrgUnit, User
from crm.lists import ALL, Column, Kind, ListSpec, each_of
from deals.lists.columns import CLIENT_OF_ROW, MANAGER
from deals.models import StopReason, StopShipping

STATES = (("standing", _("Standing")), ("released", _("Released")), ("ended", _("Gone")))


def in_state(rows: Any, name: str, state: str) -> Any:
    """Binding today, released today, or down."""
    today = timezone.localdate()
    if state == "ended":
        return rows.exclude(off_at=None)
    if state == "released":
        return rows.standing().filter(released_to__gte=today)
    return rows.binding(today)


class StopFilter(filters.FilterSet):
    """Stops by client, reason, state and whose client it is."""

    client = filters.ModelChoiceFilter(
        label=_("Client"),
        queryset=lambda request: Client.objects.visible_to(request.user),
        widget=forms.HiddenInput,
    )
    reason = filters.ChoiceFilter(label=_("Reason"), choices=StopReason.choices)
    state = filters.ChoiceFilter(label=_("State"), choices=STATES, method=in_state)
    manager = filters.ModelChoiceFilter(
        label=_("Manager"),
        field_name="client__manager",
        queryset=lambda request: User.objects.visible_to(request.user),
    )
    unit = filters.ModelChoiceFilter(
        label=_("Unit"),
        queryset=lambda request: OrgUnit.objects.visible_to(request.user),
        method=of_unit,
    )

    class Meta:
        model = StopShipping
        fields: ClassVar[list[str]] = []


STOPS = ListSpec(
    name="stops",
    model=StopShipping,
    title=_("Shipping stops"),
    columns=[
        CLIENT_OF_ROW,
        Column("reason", _("Reason"), filter="reason"),
        Column("on_at", _("Since"), kind=Kind.DATETIME, sort="on_at"),
        Column("off_at", _("Until"), kind=Kind.DATETIME, sort="off_at"),
        Column("note", _("Note")),
        Column("released_to", _("Released to"), kind=Kind.DATE, sort="released_to"),
        Column("released_by", _("Released by"), value="released_by.short_name"),
        Column("release_reason", _("Why released")),
        Column("set_by", _("Set by"), value="set_by.short_name"),
        MANAGER,
    ],
    default_sort="-on_at",
    default_columns=["client", "reason", "on_at", "off_at", "released_to", "note", "manager"],
    filters=StopFilter,
    row_url=lambda stop: reverse("deals:credit", args=[stop.client_id]),
    views=[*each_of("state", STATES), ALL],
    empty_template="deals/_stop_list_empty.html",
)
