"""The register of orders of the delivery: what to pick and where to, without a sum (C.9)."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy

from clients.filters.clients import SeveralFilter, YesNoFilter
from clients.models import Client
from crm.lists import ALL, Column, Kind, ListSpec, View, label_of
from crm.shell.templatetags.shell import status_chip
from deals.lists.columns import CLIENT
from deals.lists.documents import find_documents
from deals.lists.orders import TONES, by_lateness, due_cell
from deals.models import Order, OrderState
from deals.querysets.orders import GONE_ON


def due_by_today(rows: Any, name: str, value: bool) -> Any:
    """To be with the client today or before."""
    due = rows.reserving().filter(due__lte=timezone.localdate())
    return due if value else rows.exclude(pk__in=due.values("pk"))


class PickingFilter(filters.FilterSet):
    """By client, state and day; nothing that would tell a sum."""

    client = filters.ModelChoiceFilter(
        label=gettext_lazy("Client"),
        queryset=lambda request: Client.objects.visible_to(request.user),
        widget=forms.HiddenInput,
    )
    state = SeveralFilter(
        label=gettext_lazy("State"), choices=[(name, OrderState(name).label) for name in GONE_ON]
    )
    today = YesNoFilter(label=gettext_lazy("Due by today"), method=due_by_today)
    late = YesNoFilter(label=gettext_lazy("Late"), method=by_lateness)

    class Meta:
        model = Order
        fields = ()


def address_of(order: Order) -> str:
    """Where the goods go: the outlet, else the client."""
    return order.outlet.address if order.outlet else order.client.address


PICKING = ListSpec(
    name="picking",
    model=Order,
    title=gettext_lazy("Orders to deliver"),
    columns=[
        Column("number", gettext_lazy("Number"), link=True, sort="number"),
        Column("dated_on", gettext_lazy("Date"), sort="dated_on"),
        Column(
            "state",
            gettext_lazy("State"),
            filter="state",
            render=lambda row: status_chip(label_of(row), TONES.get(row.state, "neutral")),
        ),
        Column("due_on", pgettext_lazy("of an order", "Due"), kind=Kind.DATE, render=due_cell),
        CLIENT,
        Column("outlet", gettext_lazy("Outlet"), value="outlet.name"),
        Column("address", gettext_lazy("Address"), value=address_of),
        Column("window", gettext_lazy("Delivery window"), value="outlet.delivery_window"),
        Column("lines_count", gettext_lazy("Lines"), kind=Kind.NUMBER),
        Column("kind", gettext_lazy("Kind")),
        Column("note", gettext_lazy("Note")),
    ],
    default_sort="-dated_on",
    default_columns=[
        "number",
        "dated_on",
        "state",
        "due_on",
        "client",
        "outlet",
        "address",
        "lines_count",
    ],
    filters=PickingFilter,
    search=find_documents,
    search_hint=gettext_lazy("Number or client"),
    row_url="deals:picking_detail",
    views=[
        View(gettext_lazy("To be picked"), "state=confirmed"),
        View(gettext_lazy("Late"), "late=1"),
        View(OrderState.PICKING.label, "state=picking&state=shipped_partially"),
        View(gettext_lazy("On the road"), "state=shipped"),
        ALL,
    ],
    empty_template="deals/_picking_none.html",
)
