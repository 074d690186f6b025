"""The registers of returns: of those who see money, and of the delivery without a sum (C.9)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from claims.filters.returns import ReceivingFilter, ReturnFilter
from claims.models import Return, ReturnState
from clients.models import Client
from clients.search import search_list
from crm.lists import ALL, Column, Kind, ListSpec, View, label_of
from crm.shell.templatetags.shell import status_chip
from deals.lists.columns import CLIENT
from deals.lists.documents import MOST_CLIENTS

TONES: dict[str, str] = {
    ReturnState.REQUESTED: "warning",
    ReturnState.APPROVED: "info",
    ReturnState.REJECTED: "danger",
    ReturnState.GOODS_RECEIVED: "info",
    ReturnState.ACCEPTED: "warning",
    ReturnState.CREDITED: "success",
}


def state_chip(back: Return) -> str:
    """The state in words, with its colour."""
    return status_chip(label_of(back), TONES.get(back.state, "neutral"))


def reason_cell(back: Return) -> str:
    """The reason; the books name none."""
    if back.reason is not None:
        return str(back.reason)
    return format_html('<span class="text-secondary">{}</span>', pgettext("reason", "not named"))


def sale_cell(back: Return) -> str:
    """The sale with its day, as a link."""
    if back.shipment is None:
        return "—"
    return format_html(
        '<a class="text-nowrap" href="{}">{}</a>',
        back.shipment.get_absolute_url(),
        back.shipment.number,
    )


def find_returns(rows: Any, text: str) -> Any:
    """By the beginning of its number or of the sale's, or by the client's name, INN or code."""
    plain = text.strip()
    clients = search_list(Client.objects.all(), plain).rows.order_by().values("pk")[:MOST_CLIENTS]
    named = Q(number__istartswith=plain) | Q(shipment__number__istartswith=plain)
    return rows.filter(named | Q(client__in=clients))


RETURNS = ListSpec(
    name="returns",
    model=Return,
    title=gettext_lazy("Returns of goods"),
    columns=[
        Column("number", gettext_lazy("Number"), link=True, sort="number"),
        Column("asked_on", gettext_lazy("Asked for on"), sort="asked_on"),
        CLIENT,
        Column("shipment", gettext_lazy("Shipment"), value="shipment.number", render=sale_cell),
        Column(
            "reason",
            gettext_lazy("Reason"),
            value=lambda back: str(back.reason or ""),
            filter="reason",
            filter_value="reason_id",
            render=reason_cell,
        ),
        Column("state", gettext_lazy("State"), filter="state", render=state_chip),
        Column("amount", gettext_lazy("Amount"), kind=Kind.MONEY, sort="amount", total=True),
        Column(
            "manager",
            gettext_lazy("Manager"),
            value="manager.short_name",
            filter="manager",
            filter_value="manager_id",
        ),
        Column("document", gettext_lazy("Document of the books"), value="document.number"),
        Column("credit_note_number", gettext_lazy("Number of the correction note")),
        Column("decided_on", gettext_lazy("Decided on")),
        Column("received_on", gettext_lazy("Goods came on")),
        Column("accepted_on", gettext_lazy("Taken on")),
        Column("justification", gettext_lazy("Why it is worth taking back")),
    ],
    default_sort="-asked_on",
    default_columns=[
        "number",
        "asked_on",
        "client",
        "shipment",
        "reason",
        "state",
        "amount",
        "manager",
        "document",
    ],
    filters=ReturnFilter,
    search=find_returns,
    search_hint=gettext_lazy("Number, sale or client"),
    views=[
        ALL,
        View(gettext_lazy("To approve"), "step=approve"),
        View(pgettext_lazy("returns", "To receive"), "step=receive"),
        View(gettext_lazy("To credit"), "step=credit"),
        View(pgettext_lazy("returns", "Mine"), "mine=true&step=open"),
        View(gettext_lazy("Known from the books"), "origin=books"),
    ],
    page_template="claims/return_list.html",
    empty_template="claims/_returns_none.html",
)

RECEIVING = ListSpec(
    name="receiving",
    model=Return,
    title=gettext_lazy("Returns to receive"),
    columns=[
        Column("number", gettext_lazy("Number"), link=True, sort="number"),
        Column("asked_on", gettext_lazy("Asked for on"), sort="asked_on"),
        Column("state", gettext_lazy("State"), render=state_chip),
        CLIENT,
        Column("address", gettext_lazy("Address"), value="client.address"),
        Column("shipment", gettext_lazy("Shipment"), value="shipment.number"),
        Column("lines_count", gettext_lazy("Lines"), kind=Kind.NUMBER),
        Column("decided_on", gettext_lazy("Approved on")),
        Column("received_on", gettext_lazy("Goods came on")),
        Column("accepted_on", gettext_lazy("Taken on")),
    ],
    default_sort="-asked_on",
    default_columns=[
        "number",
        "asked_on",
        "state",
        "client",
        "address",
        "shipment",
        "lines_count",
        "received_on",
    ],
    filters=ReceivingFilter,
    search=find_returns,
    search_hint=gettext_lazy("Number, sale or client"),
    row_url="claims:receiving_detail",
    views=[
        View(pgettext_lazy("returns", "Goods to come"), "step=receive"),
        View(pgettext_lazy("returns", "Goods to be looked at"), "step=accept"),
        ALL,
    ],
    empty_template="claims/_receiving_none.html",
)
