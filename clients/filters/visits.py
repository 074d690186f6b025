"""Filters of the register of merchandisers' visits."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters as filters
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.filters.clients import SeveralFilter, YesNoFilter
from clients.filters.contacts import DayFilter
from clients.forms.people import merchandisers
from clients.models import Client, ClientCategory, MerchandiserVisit, Outlet, VisitPlan, VisitState
from crm.accounts.models import OrgUnit, User


def _clients(request: Any) -> Any:
    return Client.objects.visible_to(request.user)


def _outlets(request: Any) -> Any:
    return Outlet.objects.visible_to(request.user)


def _plans(request: Any) -> Any:
    return VisitPlan.objects.visible_to(request.user)


def _people(request: Any) -> Any:
    return merchandisers()


def of_unit(rows: Any, name: str, unit: OrgUnit) -> Any:
    """Outlets of clients of the unit and of everything below it."""
    inside = OrgUnit.objects.subtree_of({unit.pk}).values("pk")
    return rows.filter(outlet__client__org_unit__in=inside)


def with_stockouts(rows: Any, name: str, wanted: bool) -> Any:
    """Whether something was out of stock."""
    return rows.filter(oos_count__gt=0) if wanted else rows.filter(oos_count=0)


def is_due(rows: Any, name: str, wanted: bool) -> Any:
    """Whether the day has come."""
    today = timezone.localdate()
    return rows.filter(planned_on__lte=today) if wanted else rows.filter(planned_on__gt=today)


def was_moved(rows: Any, name: str, wanted: bool) -> Any:
    """Whether the visit had another day at first."""
    return rows.filter(moved_from__isnull=not wanted)


class VisitFilter(filters.FilterSet):
    """What narrows the register."""

    # Lists of all clients and outlets would be no choice: cells and links set them.
    client = filters.ModelChoiceFilter(
        label=_("Client"),
        field_name="outlet__client",
        queryset=_clients,
        widget=forms.HiddenInput,
    )
    outlet = filters.ModelChoiceFilter(
        label=_("Outlet"), queryset=_outlets, widget=forms.HiddenInput
    )
    plan = filters.ModelChoiceFilter(
        label=_("Plan of the month"), queryset=_plans, widget=forms.HiddenInput
    )
    merchandiser = filters.ModelChoiceFilter(label=_("Merchandiser"), queryset=_people)
    state = SeveralFilter(label=_("State"), choices=VisitState.choices)
    day_from = DayFilter(label=_("From the day"), field_name="planned_on", lookup_expr="gte")
    day_to = DayFilter(label=_("To the day"), field_name="planned_on", lookup_expr="lte")
    due = YesNoFilter(label=_("The day has come"), method=is_due)
    stockouts = YesNoFilter(label=_("Goods were out of stock"), method=with_stockouts)
    moved = YesNoFilter(label=_("Moved to another day"), method=was_moved)
    manager = filters.ModelChoiceFilter(
        label=_("Manager of the client"),
        field_name="outlet__client__manager",
        queryset=lambda request: User.objects.visible_to(request.user),
    )
    unit = filters.ModelChoiceFilter(
        label=_("Unit with those below"),
        queryset=lambda request: OrgUnit.objects.visible_to(request.user),
        method=of_unit,
    )
    category = SeveralFilter(
        label=_("Category of the client"),
        field_name="outlet__client__category",
        choices=ClientCategory.choices,
    )

    class Meta:
        model = MerchandiserVisit
        fields: ClassVar[list[str]] = []
