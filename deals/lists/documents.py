"""Registers of shipments, invoices and products."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.models import Client
from clients.search import search_list
from crm.lists import Column, Kind, ListSpec, label_of
from crm.names import search_key
from crm.shell.nav import address_of
from crm.shell.templatetags.shell import status_chip
from deals.filters.documents import InvoiceFilter, ProductFilter, ShipmentFilter
from deals.models import Invoice, InvoiceState, Product, Shipment, ShipmentState
from deals.querysets import InvoiceQuerySet

MOST_CLIENTS = 500  # of a search by name; who wants more names the client more closely
SHIPMENT_TONES = {ShipmentState.POSTED: "success", ShipmentState.REVERSED: "warning"}
INVOICE_TONES: dict[str, str] = {
    InvoiceState.PAID: "success",
    InvoiceState.PARTIALLY_PAID: "info",
    InvoiceState.CANCELLED: "neutral",
}


def last_day(day: date, *, within: int | None) -> str:
    """The day; with the days that are left in a line below, where they are at most `within`."""
    shown, left = f"{day:%d.%m.%Y}", (day - timezone.localdate()).days
    if within is None or not 0 <= left <= within:
        return shown
    words = _("%(days)s d left") % {"days": left}
    text = '<span>{}<span class="d-block small text-secondary">{}</span></span>'
    return format_html(text, shown, words)


def client_cell(row: Any) -> str:
    """The client as a link to its card."""
    if row.client is None:
        return format_html('<span class="text-secondary">{}</span>', row.client_text or "—")
    url = address_of("clients:detail", row.client.pk)
    return SafeString(f'<a href="{url}">{escape(row.client.name)}</a>')


def due_cell(invoice: Invoice) -> str:
    """The due day; a day gone by of an open debt has an icon and words beside its colour."""
    shown = f"{invoice.due_on:%d.%m.%Y}"
    late = (timezone.localdate() - invoice.due_on).days
    if invoice.open_amount == 0 or late <= 0 or invoice.kind != "postpay":
        return shown
    words = _("overdue %(days)s d") % {"days": late}
    return SafeString(
        '<span class="text-danger text-nowrap"><i class="ti ti-alert-circle" aria-hidden="true">'
        f"</i> {shown} · {escape(words)}</span>"
    )


def find_documents(rows: Any, text: str) -> Any:
    """By the beginning of the number, or by the client's name, INN or code."""
    plain = text.strip()
    clients = search_list(Client.objects.all(), plain).rows.order_by().values("pk")[:MOST_CLIENTS]
    return rows.filter(Q(number__startswith=plain) | Q(client__in=clients))


def find_products(rows: Any, text: str) -> Any:
    """By the beginning of the article, or by words of the name."""
    condition = Q()
    for word in search_key(text).split()[:6]:
        condition &= Q(name__icontains=word)
    return rows.filter(Q(sku__istartswith=text.strip()) | condition)


SHIPMENTS = ListSpec(
    name="shipments",
    model=Shipment,
    title=gettext_lazy("Shipments"),
    columns=[
        Column("number", gettext_lazy("Number"), link=True, sort="number"),
        Column("posted_on", gettext_lazy("Posted"), sort="posted_on"),
        Column("kind", gettext_lazy("Kind"), sort="kind", filter="kind"),
        Column(
            "state",
            gettext_lazy("State"),
            filter="state",
            render=lambda row: status_chip(label_of(row), SHIPMENT_TONES.get(row.state, "neutral")),
        ),
        Column(
            "client",
            gettext_lazy("Client"),
            value="client.name",
            filter="client",
            filter_value="client_id",
            render=client_cell,
        ),
        Column("manager", gettext_lazy("Manager"), value="manager.short_name"),
        Column("contract", gettext_lazy("Contract"), value="contract.number"),
        Column("amount", gettext_lazy("Amount"), kind=Kind.MONEY, sort="amount", total=True),
        Column("vat_amount", gettext_lazy("VAT"), kind=Kind.MONEY, total=True),
        Column("note", gettext_lazy("Note")),
    ],
    default_sort="-posted_on",
    default_columns=["number", "posted_on", "kind", "state", "client", "manager", "amount"],
    filters=ShipmentFilter,
    search=find_documents,
    search_hint=gettext_lazy("Number or client"),
    row_url="deals:shipment_detail",
    page_template="deals/shipment_list.html",
)

INVOICES = ListSpec(
    name="invoices",
    model=Invoice,
    title=gettext_lazy("Invoices"),
    columns=[
        Column("number", gettext_lazy("Number"), link=True, sort="number"),
        Column("issued_on", gettext_lazy("Date"), sort="issued_on"),
        Column("kind", gettext_lazy("Kind"), filter="kind"),
        Column(
            "state",
            gettext_lazy("State"),
            value="state_label",
            filter="state",
            filter_value="state",
            render=lambda row: status_chip(
                row.state_label, INVOICE_TONES.get(row.state, "warning")
            ),
        ),
        Column(
            "client",
            gettext_lazy("Client"),
            value="client.name",
            filter="client",
            filter_value="client_id",
            render=client_cell,
        ),
        Column("manager", gettext_lazy("Manager"), value="client.manager.short_name"),
        Column("contract", gettext_lazy("Contract"), value="contract.number"),
        Column("due_on", gettext_lazy("Due"), sort="due_on", render=due_cell),
        Column("amount", gettext_lazy("Amount"), kind=Kind.MONEY, sort="amount", total=True),
        Column("paid_amount", gettext_lazy("Paid"), kind=Kind.MONEY, total=True),
        Column("credited_amount", gettext_lazy("Credited"), kind=Kind.MONEY, total=True),
        Column(
            "open_amount", gettext_lazy("Not paid"), kind=Kind.MONEY, sort="open_amount", total=True
        ),
        Column("settled_on", gettext_lazy("Settled")),
        Column("is_disputed", gettext_lazy("Disputed"), filter="disputed"),
    ],
    default_sort="-issued_on",
    default_columns=[
        "number",
        "issued_on",
        "state",
        "client",
        "manager",
        "due_on",
        "amount",
        "open_amount",
    ],
    filters=InvoiceFilter,
    details=InvoiceQuerySet.for_list,
    search=find_documents,
    search_hint=gettext_lazy("Number or client"),
    row_url="deals:invoice_detail",
    page_template="deals/invoice_list.html",
)

PRODUCTS = ListSpec(
    name="products",
    model=Product,
    title=gettext_lazy("Products"),
    columns=[
        Column("name", gettext_lazy("Name"), link=True, sort="sort_key"),
        Column("sku", gettext_lazy("Article"), sort="sku"),
        Column(
            "group",
            gettext_lazy("Group"),
            value="group.name",
            filter="group",
            filter_value="group_id",
        ),
        Column("unit", gettext_lazy("Unit of measure")),
        Column("vat_kind", gettext_lazy("VAT"), filter="vat_kind"),
        Column("is_socially_important", gettext_lazy("Socially important"), filter="important"),
        Column("external_id", gettext_lazy("External id")),
    ],
    default_sort="name",
    default_columns=["name", "sku", "group", "unit", "vat_kind"],
    filters=ProductFilter,
    search=find_products,
    search_hint=gettext_lazy("Name or article"),
    row_url="deals:product_edit",
    page_template="deals/product_list.html",
)
