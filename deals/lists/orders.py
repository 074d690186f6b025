"""The register of orders: columns, filters, ready views."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from clients.filters.clients import SeveralFilter, YesNoFilter
from clients.filters.contacts import DayFilter
from crm.lists import ALL, Column, Kind, ListSpec, View, label_of
from crm.lists.ranges import AmountFilter
from crm.shell.templatetags.shell import status_chip
from deals.filters.documents import OfClientFilter
from deals.lists.columns import CLIENT, MANAGER
from deals.lists.documents import find_documents
from deals.models import RESERVING, Order, OrderHold, OrderKind, OrderState

TONES: dict[str, str] = {
    OrderState.ON_HOLD: "danger",
    OrderState.SUBMITTED: "warning",
    OrderState.CONFIRMED: "info",
    OrderState.PICKING: "info",
    OrderState.SHIPPED_PARTIALLY: "warning",
    OrderState.SHIPPED: "success",
    OrderState.DELIVERED: "success",
}
_OPEN = "&".join(f"state={state.value}" for state in RESERVING)


def held_by(rows: Any, name: str, value: str) -> Any:
    """Orders that wait for this reason."""
    return rows.filter(hold_reasons__contains=[value])


def by_lateness(rows: Any, name: str, value: bool) -> Any:
    """To be shipped by a day that has passed."""
    late = rows.late(timezone.localdate())
    return late if value else rows.exclude(pk__in=late.values("pk"))


class OrderFilter(OfClientFilter):
    """What narrows the register of orders."""

    state = SeveralFilter(label=gettext_lazy("State"), choices=OrderState.choices)
    hold = filters.ChoiceFilter(
        label=gettext_lazy("Held by"), choices=OrderHold.choices, method=held_by
    )
    kind = filters.ChoiceFilter(label=gettext_lazy("Kind"), choices=OrderKind.choices)
    prepaid = YesNoFilter(label=gettext_lazy("Prepaid"), field_name="is_prepaid")
    late = YesNoFilter(label=gettext_lazy("Late"), method=by_lateness)
    dated_from = DayFilter(
        label=gettext_lazy("Dated from"), field_name="dated_on", lookup_expr="gte"
    )
    dated_to = DayFilter(label=gettext_lazy("Dated to"), field_name="dated_on", lookup_expr="lte")
    total = AmountFilter(label=gettext_lazy("Amount"))

    class Meta(OfClientFilter.Meta):
        model = Order


def due_cell(order: Order) -> str:
    """The day by which the goods are to be there; a day gone by has an icon and words."""
    due = order.due_on
    if due is None:
        return "—"
    if OrderState(order.state) not in RESERVING or due >= timezone.localdate():
        return f"{due:%d.%m.%Y}"
    return format_html(
        '<span class="text-danger text-nowrap"><i class="ti ti-alert-circle" aria-hidden="true">'
        "</i> {} · {}</span>",
        f"{due:%d.%m.%Y}",
        _("late"),
    )


ORDERS = ListSpec(
    name="orders",
    model=Order,
    title=gettext_lazy("Orders"),
    columns=[
        Column("number", gettext_lazy("Number"), link=True, sort="number"),
        Column("dated_on", gettext_lazy("Date"), sort="dated_on"),
        Column(
            "state",
            gettext_lazy("State"),
            filter="state",
            render=lambda row: status_chip(label_of(row), TONES.get(row.state, "neutral")),
        ),
        Column(
            "hold_reasons",
            gettext_lazy("Held by"),
            value=lambda row: ", ".join(row.hold_labels),
            kind=Kind.TEXT,
        ),
        CLIENT,
        MANAGER,
        Column("due_on", pgettext_lazy("of an order", "Due"), kind=Kind.DATE, render=due_cell),
        Column("kind", gettext_lazy("Kind"), filter="kind"),
        Column("is_prepaid", gettext_lazy("Prepaid"), filter="prepaid"),
        Column("total", gettext_lazy("Amount"), kind=Kind.MONEY, sort="total", total=True),
        Column("shipped_amount", gettext_lazy("Shipped"), kind=Kind.MONEY, total=True),
        Column("note", gettext_lazy("Note")),
    ],
    default_sort="-dated_on",
    default_columns=[
        "number",
        "dated_on",
        "state",
        "hold_reasons",
        "client",
        "manager",
        "due_on",
        "total",
    ],
    filters=OrderFilter,
    search=find_documents,
    search_hint=gettext_lazy("Number or client"),
    row_url="deals:order_detail",
    views=[
        ALL,
        View(gettext_lazy("Drafts"), "state=draft"),
        View(OrderState.ON_HOLD.label, "state=on_hold"),
        View(gettext_lazy("To be shipped"), _OPEN),
        View(gettext_lazy("Late"), "late=1"),
    ],
    page_template="deals/order_list.html",
    empty_template="deals/_orders_none.html",
)
