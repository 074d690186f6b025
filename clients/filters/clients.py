"""Filters of the client register and of the directory of contact persons."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters.widgets import BooleanWidget

from clients.contacting.norms import silent
from clients.models import Client, ClientCategory, ClientKind, ClientStatus, ContactPerson
from crm.accounts.models import SALES, OrgUnit, User
from crm.lists.ranges import AmountFilter
from crm.names import person_initials
from crm.work.registry import setting

NONE = "none"
Rows = QuerySet[Any]


def manager_choices() -> list[tuple[str, str]]:
    """Everybody who may own clients, and nobody."""
    people = User.objects.filter(role__in=SALES).order_by("sort_key", "pk")
    named = people.values_list("pk", "last_name", "first_name", "middle_name", "username")
    owners = [(str(pk), person_initials(*name) or login) for pk, *name, login in named]
    return [(NONE, _("No manager")), *owners]


def unit_choices() -> list[tuple[str, str]]:
    """Open units in the order of the tree."""
    return [(str(unit.pk), unit.name) for unit in OrgUnit.objects.open().order_by("path")]


def category_choices() -> list[tuple[str, str]]:
    """The categories, and none yet."""
    return [*ClientCategory.choices, (NONE, _("No category"))]


def by_category(rows: Rows, name: str, values: list[str]) -> Rows:
    """Any of the categories, none yet among them."""
    if not values:
        return rows
    condition = Q(category__in=[value for value in values if value != NONE])
    return rows.filter(condition | Q(category=None) if NONE in values else condition)


def by_manager(rows: Rows, name: str, value: str) -> Rows:
    return rows.filter(manager=None if value == NONE else int(value))


def by_unit(rows: Rows, name: str, value: str) -> Rows:
    """Clients of the unit and of all below it."""
    return rows.filter(org_unit__in=OrgUnit.objects.subtree_of([int(value)]).values("pk"))


def by_tag(rows: Rows, name: str, value: str) -> Rows:
    return rows.filter(tags__contains=[value])


def by_silence(rows: Any, name: str, value: bool) -> Rows:
    """Silent longer than the norm of the category; «no» gives the rest."""
    found = silent(rows, timezone.localdate())
    return found if value else rows.exclude(pk__in=found.values("pk"))


def by_silent_days(rows: Any, name: str, value: Any) -> Rows:
    quiet: Rows = rows.silent_for(int(value), timezone.localdate())
    return quiet


def by_next(rows: Any, name: str, value: bool) -> Rows:
    open_rows: Rows = rows.without_next_contact()
    return open_rows if value else rows.exclude(pk__in=open_rows.values("pk"))


def by_decider(rows: Any, name: str, value: bool) -> Rows:
    incomplete: Rows = rows.without_decision_maker()
    return incomplete if value else rows.exclude(pk__in=incomplete.values("pk"))


def by_staleness(rows: Any, name: str, value: bool) -> Rows:
    """Nobody has checked the card for `clients.stale_days`."""
    old: Rows = rows.stale(setting("clients.stale_days"), timezone.localdate())
    return old if value else rows.exclude(pk__in=old.values("pk"))


def as_they_are(rows: Rows, name: str, value: bool) -> Rows:
    """The list starts from open or from archived clients: see `clients.lists.rows_for`."""
    return rows


def by_category_of_client(rows: Rows, name: str, values: list[str]) -> Rows:
    if not values:
        return rows
    condition = Q(client__category__in=[value for value in values if value != NONE])
    return rows.filter(condition | Q(client__category=None) if NONE in values else condition)


def by_manager_of_client(rows: Rows, name: str, value: str) -> Rows:
    return rows.filter(client__manager=None if value == NONE else int(value))


class YesNoWidget(BooleanWidget):
    """Yes and no as true and false, and as 1 and 0 in the addresses of dashboards."""

    words = {"1": True, "true": True, "0": False, "false": False}

    def __init__(self, attrs: Any = None) -> None:
        super().__init__(attrs)
        sides = [("true", gettext_lazy("Yes")), ("false", gettext_lazy("No"))]
        self.choices: Any = [("", gettext_lazy("Any")), *sides]

    def value_from_datadict(self, data: Any, _files: Any, name: str) -> bool | None:
        return self.words.get(str(data.get(name, "")).lower())


class YesNoFilter(filters.BooleanFilter):
    """A filter with two sides."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=YesNoWidget, **options)


class SeveralFilter(filters.MultipleChoiceFilter):
    """Any of several values of the row's own column: no join doubles rows, so none is sorted out.

    DISTINCT over every column costs more than the rest of a count.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"distinct": False} | options)


class ClientFilter(filters.FilterSet):
    """What narrows the register; every name is a parameter that dashboards link to."""

    category = SeveralFilter(
        label=gettext_lazy("Category"), choices=category_choices, method=by_category
    )
    status = SeveralFilter(label=gettext_lazy("Status"), choices=ClientStatus.choices)
    kind = SeveralFilter(label=gettext_lazy("Kind"), choices=ClientKind.choices)
    manager = filters.ChoiceFilter(
        label=gettext_lazy("Manager"), choices=manager_choices, method=by_manager
    )
    unit = filters.ChoiceFilter(
        label=gettext_lazy("Unit with those below"), choices=unit_choices, method=by_unit
    )
    territory = filters.CharFilter(label=gettext_lazy("Territory"), max_length=200)
    channel = filters.CharFilter(label=gettext_lazy("Channel"), max_length=100)
    tag = filters.CharFilter(label=gettext_lazy("Tag"), method=by_tag, max_length=50)
    potential = AmountFilter(
        label=gettext_lazy("Potential per month"), field_name="potential_monthly"
    )
    last = filters.DateFromToRangeFilter(
        label=gettext_lazy("Last contact"), field_name="last_contact_at"
    )
    next = filters.DateFromToRangeFilter(
        label=gettext_lazy("Next contact"), field_name="next_contact_at"
    )
    created = filters.DateFromToRangeFilter(label=gettext_lazy("Added"), field_name="created_at")
    silent = YesNoFilter(label=gettext_lazy("Silent longer than the norm"), method=by_silence)
    silent_days = filters.NumberFilter(
        label=gettext_lazy("Silent for more days than"), method=by_silent_days, min_value=0
    )
    without_next = YesNoFilter(label=gettext_lazy("Without a next contact"), method=by_next)
    without_decider = YesNoFilter(label=gettext_lazy("Without a decision maker"), method=by_decider)
    stale = YesNoFilter(label=gettext_lazy("Card out of date"), method=by_staleness)
    chain = filters.CharFilter(
        label=gettext_lazy("Code of the chain"), field_name="parent__code", max_length=20
    )
    archived = YesNoFilter(label=gettext_lazy("In the archive"), method=as_they_are)

    class Meta:
        model = Client
        fields = ()


class PersonFilter(filters.FilterSet):
    """What narrows the directory of contact persons."""

    decision_maker = YesNoFilter(
        label=gettext_lazy("Decision maker"), field_name="is_decision_maker"
    )
    category = SeveralFilter(
        label=gettext_lazy("Category of the client"),
        choices=category_choices,
        method=by_category_of_client,
    )
    manager = filters.ChoiceFilter(
        label=gettext_lazy("Manager"), choices=manager_choices, method=by_manager_of_client
    )
    influence = filters.NumberFilter(label=gettext_lazy("Influence"), min_value=1, max_value=5)

    class Meta:
        model = ContactPerson
        fields = ()
