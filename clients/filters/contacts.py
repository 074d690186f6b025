"""Filters of the register of contacts; the figures of plans and dashboards link to them."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import django_filters as filters
from django import forms
from django.db.models import DateField, Exists, OuterRef
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext_lazy as _

from clients.contacting.norms import start_of
from clients.filters.clients import SeveralFilter
from clients.forms.contacts import KINDS, kind_choices
from clients.models import (
    Client,
    ContactKind,
    ContactLog,
    ContactPlanLine,
    ContactResult,
    ContactState,
    ContactTopic,
)
from crm.accounts.models import OrgUnit, User
from crm.fields import RussianDateField

SHOWN_STATES = [state for state in ContactState.choices if state[0] != ContactState.UNDONE]
_KINDS = {key: (kind, direction) for key, kind, direction in KINDS}


class DayFilter(filters.DateFilter):
    """A day typed either way."""

    field_class = RussianDateField


def _clients(request: Any) -> Any:
    return Client.objects.visible_to(request.user)


def _people(request: Any) -> Any:
    return User.objects.visible_to(request.user)


def _units(request: Any) -> Any:
    return OrgUnit.objects.visible_to(request.user)


def from_day(rows: Any, name: str, day: date) -> Any:
    """From the first moment of the day."""
    return rows.filter(at__gte=start_of(day))


def to_day(rows: Any, name: str, day: date) -> Any:
    """The whole day included."""
    return rows.filter(at__lt=start_of(date.fromordinal(day.toordinal() + 1)))


def of_unit(rows: Any, name: str, unit: OrgUnit) -> Any:
    """Clients of the unit and of everything below it."""
    inside = OrgUnit.objects.subtree_of({unit.pk}).values("pk")
    return rows.filter(client__org_unit__in=inside)


def of_kind(rows: Any, name: str, key: str) -> Any:
    """The kind; calls by their direction."""
    kind, direction = _KINDS[key]
    rows = rows.filter(kind=kind)
    return rows.filter(direction=direction) if kind == ContactKind.CALL else rows


def with_promise(rows: Any, name: str, wanted: bool) -> Any:
    """Whether the client promised to pay."""
    return rows.filter(promise_on__isnull=not wanted)


def _with_month(rows: Any) -> Any:
    """Contacts that know the month of whose contact plan they count for."""
    return rows.alias(_month=TruncMonth("at", output_field=DateField()))


def _plan_lines(**whose: User) -> Exists:
    """A line of the contact plan that the contact counts for."""
    lines = ContactPlanLine.objects.filter(client=OuterRef("client"), month=OuterRef("_month"))
    return Exists(lines.filter(**whose))


def by_plan(rows: Any, name: str, wanted: bool) -> Any:
    """Whether the client stood in the contact plan of that month."""
    return _with_month(rows).filter(_plan_lines() if wanted else ~_plan_lines())


def by_planner(rows: Any, name: str, person: User) -> Any:
    """The client stood in the person's contact plan of that month."""
    return _with_month(rows).filter(_plan_lines(manager=person))


class ContactFilter(filters.FilterSet):
    """Contacts by client, people, time and outcome."""

    # A list of all clients would be no choice: cells and links set it.
    client = filters.ModelChoiceFilter(
        label=_("Client"), queryset=_clients, widget=forms.HiddenInput
    )
    manager = filters.ModelChoiceFilter(
        label=_("Manager of the client"),
        field_name="client__manager",
        queryset=_people,
        null_label=_("nobody"),
        null_value="none",
    )
    by = filters.ModelChoiceFilter(label=_("Who"), field_name="manager", queryset=_people)
    unit = filters.ModelChoiceFilter(label=_("Unit"), queryset=_units, method=of_unit)
    planned = filters.BooleanFilter(label=_("In the contact plan"), method=by_plan)
    planner = filters.ModelChoiceFilter(
        label=_("In the contact plan of"), queryset=_people, method=by_planner
    )
    state = SeveralFilter(label=_("State"), choices=SHOWN_STATES)
    kind = filters.ChoiceFilter(label=_("How"), choices=kind_choices, method=of_kind)
    result = filters.ModelChoiceFilter(label=_("Result"), queryset=ContactResult.objects.all())
    topic = filters.ModelChoiceFilter(label=_("Topic"), queryset=ContactTopic.objects.all())
    reached = filters.BooleanFilter(label=_("Client reached"), field_name="result__reached")
    promise = filters.BooleanFilter(label=_("With a promise to pay"), method=with_promise)
    done_from = DayFilter(label=_("From the day"), method=from_day)
    done_to = DayFilter(label=_("To the day"), method=to_day)

    class Meta:
        model = ContactLog
        fields: ClassVar[list[str]] = []
