"""The register of open differences with clients: columns, filters, ready views."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any, ClassVar

import django_filters as filters
from django import forms
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from clients.filters.clients import SeveralFilter, YesNoFilter, manager_choices, unit_choices
from clients.filters.contacts import DayFilter
from clients.models import Client
from clients.search import search_list
from crm.accounts.models import OrgUnit, User
from crm.lists import ALL, Column, Kind, ListSpec, View, label_of
from crm.shell.templatetags.shell import status_chip
from deals.act_comparing import NOTHING
from deals.filters.documents import visible_clients
from deals.lists.documents import MOST_CLIENTS
from deals.models import Discrepancy, DiscrepancyKind, DiscrepancyState
from deals.pages.differences import DONE, TONES


def by_lateness(rows: Any, name: str, value: bool) -> Any:
    """Not corrected by their day."""
    late = rows.overdue(timezone.localdate())
    return late if value else rows.exclude(pk__in=late.values("pk"))


def by_manager(rows: Any, name: str, value: str) -> Any:
    """Of clients of the manager."""
    return rows.filter(act__client__manager=value)


def by_unit(rows: Any, name: str, value: str) -> Any:
    """Of clients of the unit and of everything below it."""
    inside = OrgUnit.objects.subtree_of([int(value)]).values("pk")
    return rows.filter(act__client__org_unit__in=inside)


def responsible_people(user: User) -> Any:
    """Whoever has a difference to look into, and the person, who has a tab of own ones anyway."""
    theirs = Discrepancy.objects.visible_to(user).unresolved().values("responsible")
    return User.objects.filter(Q(pk=user.pk) | Q(pk__in=theirs))


class DifferenceFilter(filters.FilterSet):
    """What narrows the register."""

    client = filters.ModelChoiceFilter(
        label=gettext_lazy("Client"),
        queryset=visible_clients,
        field_name="act__client",
        widget=forms.HiddenInput,
    )
    state = SeveralFilter(
        label=gettext_lazy("State"),
        choices=[pair for pair in DiscrepancyState.choices if pair[0] != "closed"],
    )
    kind = SeveralFilter(label=gettext_lazy("Kind"), choices=DiscrepancyKind.choices)
    late = YesNoFilter(label=gettext_lazy("Overdue"), method=by_lateness)
    responsible = filters.ModelChoiceFilter(
        label=gettext_lazy("Responsible"),
        queryset=lambda request: responsible_people(request.user),
    )
    manager = filters.ChoiceFilter(
        label=gettext_lazy("Manager"), choices=manager_choices, method=by_manager
    )
    unit = filters.ChoiceFilter(
        label=gettext_lazy("Department"), choices=unit_choices, method=by_unit
    )
    due_from = DayFilter(label=gettext_lazy("Due from"), field_name="due_on", lookup_expr="gte")
    due_to = DayFilter(label=gettext_lazy("Due to"), field_name="due_on", lookup_expr="lte")

    class Meta:
        model = Discrepancy
        fields: ClassVar[list[str]] = []


def difference_of(row: Discrepancy) -> Decimal | None:
    """Ours less theirs; None for an objection in words."""
    if row.our_amount is None and row.their_amount is None:
        return None
    return (row.our_amount or NOTHING) - (row.their_amount or NOTHING)


def due_cell(row: Discrepancy) -> str:
    """The last day; where it was missed there is an icon and words."""
    if row.due_on is None:
        return "—"
    shown, late = f"{row.due_on:%d.%m.%Y}", (timezone.localdate() - row.due_on).days
    if late <= 0 or row.state in DONE:
        return shown
    return format_html(
        '<span class="text-danger"><i class="ti ti-alert-circle" aria-hidden="true"></i> {}'
        ' <span class="d-block d-md-inline">· {}</span></span>',
        shown,
        _("overdue %(days)s d") % {"days": late},
    )


def state_cell(row: Discrepancy) -> str:
    """The state as a chip."""
    return status_chip(label_of(row), TONES[row.state])


def protocol_of(row: Discrepancy) -> str:
    """The page on which it is settled."""
    return reverse("deals:difference_list_of", args=[row.act_id])


def find_differences(rows: Any, text: str) -> Any:
    """By the document, the number of the act or the client."""
    text = text.strip()
    clients = search_list(Client.objects.all(), text).rows.order_by().values("pk")
    near = Q(text__icontains=text) | Q(act__number__icontains=text)
    return rows.filter(near | Q(act__client__in=clients[:MOST_CLIENTS]))


DIFFERENCES = ListSpec(
    name="differences",
    model=Discrepancy,
    title=gettext_lazy("Differences of reconciliations"),
    columns=[
        Column("text", gettext_lazy("Document"), link=True),
        Column("day", gettext_lazy("Date"), kind=Kind.DATE, sort="day"),
        Column(
            "client",
            gettext_lazy("Client"),
            value="act.client.name",
            filter="client",
            filter_value="act.client_id",
            sort="act__client__sort_key",
        ),
        Column("act", gettext_lazy("Act"), value="act.number"),
        Column("kind", gettext_lazy("Kind"), filter="kind"),
        Column("our_amount", gettext_lazy("Our books"), kind=Kind.MONEY),
        Column("their_amount", gettext_lazy("Their books"), kind=Kind.MONEY),
        Column("difference", gettext_lazy("Difference"), kind=Kind.MONEY, value=difference_of),
        Column("state", gettext_lazy("State"), filter="state", render=state_cell),
        Column(
            "responsible",
            gettext_lazy("Responsible"),
            value="responsible.short_name",
            filter="responsible",
            filter_value="responsible_id",
        ),
        Column(
            "due_on",
            pgettext_lazy("last day", "Due"),
            kind=Kind.DATE,
            sort="due_on",
            render=due_cell,
        ),
        Column("resolution", gettext_lazy("Findings in detail")),
        Column("manager", gettext_lazy("Manager"), value="act.client.manager.short_name"),
    ],
    default_sort="due_on",
    default_columns=[
        "text", "day", "client", "kind", "difference", "state", "responsible", "due_on",
    ],
    filters=DifferenceFilter,
    search=find_differences,
    search_hint=gettext_lazy("Document, act or client"),
    row_url=protocol_of,
    views_keep=["client"],
    empty_template="deals/_differences_none.html",
)  # fmt: skip


def spec_for(user: User) -> ListSpec:
    """With the view of what the person answers for."""
    views = [
        ALL,
        View(gettext_lazy("Mine"), f"responsible={user.pk}"),
        View(gettext_lazy("Overdue"), "late=true"),
        View(gettext_lazy("Our books are wrong"), "state=ours_wrong"),
    ]
    return replace(DIFFERENCES, views=views)
