"""Filters of the register of events and of the people invited to one."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters as filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.filters.clients import (
    SeveralFilter,
    YesNoFilter,
    by_category_of_client,
    by_manager_of_client,
    category_choices,
    manager_choices,
)
from clients.filters.contacts import DayFilter
from clients.models import Event, EventInvitation, EventKind, InvitationState

WHEN = (
    ("coming", pgettext_lazy("events", "To come")),
    ("held", pgettext_lazy("events", "Held")),
    ("cancelled", pgettext_lazy("events", "Called off")),
)


def by_when(rows: Any, name: str, when: str) -> Any:
    """Those to come, those that were held, those called off."""
    if when == "cancelled":
        return rows.exclude(cancelled_on=None)
    today = timezone.localdate()
    return rows.coming(today) if when == "coming" else rows.held(today)


def by_yes(rows: Any, name: str, value: bool) -> Any:
    """Who said yes, whether they came then or not."""
    return rows.filter(confirmed_on__isnull=not value)


class EventFilter(filters.FilterSet):
    """What narrows the register."""

    when = filters.ChoiceFilter(label=_("When"), choices=WHEN, method=by_when)
    kind = SeveralFilter(label=_("Kind"), choices=EventKind.choices)
    day_from = DayFilter(label=_("From the day"), field_name="ends_on", lookup_expr="gte")
    day_to = DayFilter(label=_("To the day"), field_name="starts_on", lookup_expr="lte")

    class Meta:
        model = Event
        fields: ClassVar[list[str]] = []


class EventInvitationFilter(filters.FilterSet):
    """What narrows the people invited to an event; its figures lead here."""

    state = SeveralFilter(label=_("State"), choices=InvitationState.choices)
    agreed = YesNoFilter(label=_("Agreed to come"), method=by_yes)
    manager = filters.ChoiceFilter(
        label=_("Manager of the client"), choices=manager_choices, method=by_manager_of_client
    )
    category = SeveralFilter(
        label=_("Category of the client"), choices=category_choices, method=by_category_of_client
    )

    class Meta:
        model = EventInvitation
        fields: ClassVar[list[str]] = []
