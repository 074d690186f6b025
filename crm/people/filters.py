"""Filters of the lists of people, substitutions and the journal."""

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import (
    AccessEvent,
    AccessEventKind,
    Delegation,
    DelegationReason,
    DelegationState,
    OrgUnit,
    Role,
    User,
)

WORKS, OFF, DISMISSED, TEMPORARY = "works", "off", "dismissed", "temporary"
STATES = [
    (WORKS, _("At work")),
    (OFF, _("Deactivated")),
    (DISMISSED, _("Dismissed")),
    (TEMPORARY, _("Temporary password")),
]


def units(request: Any) -> QuerySet[OrgUnit]:
    """The tree, known to everybody who works here."""
    return OrgUnit.objects.visible_to(request.user).order_by("path")


def people(request: Any) -> QuerySet[User]:
    """Colleagues."""
    return User.objects.visible_to(request.user)


class PeopleFilter(filters.FilterSet):
    """By role, unit with everything below it, and state."""

    role = filters.ChoiceFilter(label=_("Role"), choices=Role.choices)
    org_unit = filters.ModelChoiceFilter(label=_("Unit"), queryset=units, method="in_subtree")
    state = filters.ChoiceFilter(label=_("State"), choices=STATES, method="in_state")

    class Meta:
        model = User
        fields = ()

    def in_subtree(self, rows: QuerySet[User], _name: str, unit: OrgUnit) -> QuerySet[User]:
        below = OrgUnit.objects.visible_to(self.request.user).subtree_of([unit.pk])
        return rows.filter(org_unit__in=below.order_by().values("pk"))

    def in_state(self, rows: QuerySet[User], _name: str, value: str) -> QuerySet[User]:
        conditions: dict[str, dict[str, Any]] = {
            WORKS: {"is_active": True},
            OFF: {"is_active": False, "dismissed_on": None},
            DISMISSED: {"dismissed_on__isnull": False},
            TEMPORARY: {"is_active": True, "must_change_password": True},
        }
        return rows.filter(**conditions[value])


class DelegationFilter(filters.FilterSet):
    """By people, state, reason and a day on which it acts."""

    owner = filters.ModelChoiceFilter(label=_("Absent person"), queryset=people)
    delegate = filters.ModelChoiceFilter(label=_("Substitute"), queryset=people)
    state = filters.ChoiceFilter(label=_("State"), choices=DelegationState.choices)
    reason = filters.ChoiceFilter(label=_("Reason"), choices=DelegationReason.choices)
    day = filters.DateFilter(
        label=_("In force on"),
        method="on_day",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    class Meta:
        model = Delegation
        fields = ()

    def on_day(self, rows: Any, _name: str, day: Any) -> Any:
        return rows.on(day)


class AccessFilter(filters.FilterSet):
    """By person, event and days."""

    user = filters.ModelChoiceFilter(label=_("Person"), queryset=people)
    kind = filters.MultipleChoiceFilter(label=_("Event"), choices=AccessEventKind.choices)
    at = filters.DateFromToRangeFilter(
        label=_("Day"),
        widget=filters.widgets.DateRangeWidget(attrs={"type": "date"}),
    )

    class Meta:
        model = AccessEvent
        fields = ()


def today_filter() -> str:
    """The address part that narrows substitutions to those of today."""
    return f"day={timezone.localdate():%Y-%m-%d}"
