"""Filters of the register of sheets; every figure of a campaign leads to them."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters as filters
from django import forms
from django.db.models import F, Min, Q
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.filters.clients import (
    SeveralFilter,
    YesNoFilter,
    by_category_of_client,
    category_choices,
)
from clients.filters.contacts import DayFilter, of_unit
from clients.models import (
    OPEN_SHEET,
    Client,
    ClientCategory,
    RegistrationCampaign,
    RegistrationSheet,
    SheetState,
)
from clients.querysets.registration import IN_TIME
from crm.accounts.models import OrgUnit, User

STEPS = (
    ("open", _("To be filled in or corrected")),
    ("overdue", _("Overdue")),
    ("in_time", _("Approved, on time")),
    ("late", _("Approved, late")),
)


def by_step(rows: Any, name: str, step: str) -> Any:
    """What became of them."""
    if step == "open":
        return rows.filter(state__in=OPEN_SHEET)
    if step == "overdue":
        return rows.overdue(timezone.localdate())
    if step == "in_time":
        return rows.filter(IN_TIME)
    return rows.filter(state=SheetState.APPROVED, first_submitted_on__gt=F("deadline"))


def by_campaign(rows: Any, name: str, campaign: RegistrationCampaign) -> Any:
    """Those of one campaign.

    That none of them stands before the first of them goes without saying, but not for the
    database: the register by its day would begin with the sheets of all years before.
    """
    if not hasattr(campaign, "_first"):
        sheets = RegistrationSheet.objects.filter(campaign=campaign).order_by()
        by_day = sheets.values_list("deadline").annotate(Min("pk"))  # a few: the day was moved
        campaign._first = min(by_day, default=None)  # type: ignore[attr-defined]
    first: tuple[Any, int] | None = campaign._first  # type: ignore[attr-defined]
    rows = rows.filter(campaign=campaign)
    if first is None:
        return rows
    return rows.filter(TupleGreaterThanOrEqual(Tuple(F("deadline"), F("pk")), first))


def by_running(rows: Any, name: str, wanted: bool) -> Any:
    """Something can still be done about them."""
    return rows.of_running() if wanted else rows.exclude(campaign__state="running")


def by_difference(rows: Any, name: str, wanted: bool) -> Any:
    """The category by potential is another one than the client has."""
    known = Q(proposed_category__isnull=False)
    differs = known & (Q(client__category=None) | ~Q(client__category=F("proposed_category")))
    return rows.filter(differs) if wanted else rows.exclude(differs)


def _clients(request: Any) -> Any:
    return Client.objects.visible_to(request.user)


def _campaigns(request: Any) -> Any:
    rows = RegistrationCampaign.objects.visible_to(request.user).exclude(state="draft")
    return rows.select_related("org_unit")


class CampaignChoiceField(filters.fields.ModelChoiceField):
    """A campaign by its year and department."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.year}, {obj.org_unit}"


class CampaignFilter(filters.ModelChoiceFilter):
    """One campaign."""

    field_class = CampaignChoiceField


class SheetFilter(filters.FilterSet):
    """What narrows the register."""

    # A list of all clients would be no choice: cells and links set it.
    client = filters.ModelChoiceFilter(
        label=_("Client"), queryset=_clients, widget=forms.HiddenInput
    )
    campaign = CampaignFilter(label=_("Campaign"), queryset=_campaigns, method=by_campaign)
    year = filters.NumberFilter(
        label=_("Year"), field_name="campaign__year", min_value=2000, max_value=2100
    )
    running = YesNoFilter(label=_("The campaign runs"), method=by_running)
    state = SeveralFilter(label=_("State"), choices=SheetState.choices)
    step = filters.ChoiceFilter(label=_("Step"), choices=STEPS, method=by_step)
    manager = filters.ModelChoiceFilter(
        label=_("Manager"), queryset=lambda request: User.objects.visible_to(request.user)
    )
    unit = filters.ModelChoiceFilter(
        label=_("Unit with those below"),
        queryset=lambda request: OrgUnit.objects.visible_to(request.user),
        method=of_unit,
    )
    category = SeveralFilter(
        label=_("Category of the client"), choices=category_choices, method=by_category_of_client
    )
    proposed = SeveralFilter(
        label=_("Category by potential"),
        field_name="proposed_category",
        choices=ClientCategory.choices,
    )
    differs = YesNoFilter(label=_("Another category by potential"), method=by_difference)
    due_from = DayFilter(label=_("To be handed in from"), field_name="deadline", lookup_expr="gte")
    due_to = DayFilter(label=_("To be handed in to"), field_name="deadline", lookup_expr="lte")
    # What target tasks count by a day: their links set it.
    begun_to = DayFilter(
        label=_("Campaign started up to"), field_name="campaign__started_on", lookup_expr="lte"
    )
    handed_to = DayFilter(
        label=_("Handed in first up to"), field_name="first_submitted_on", lookup_expr="lte"
    )
    decided_to = DayFilter(
        label=_("Decided up to"), field_name="decided_at", lookup_expr="date__lte"
    )

    class Meta:
        model = RegistrationSheet
        fields: ClassVar[list[str]] = []
