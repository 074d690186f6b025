"""Filters of documents; the figures of reports and dashboards link to them."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters as filters
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.filters.clients import (
    SeveralFilter,
    YesNoFilter,
    by_category_of_client,
    by_manager_of_client,
    category_choices,
    manager_choices,
    unit_choices,
)
from clients.filters.contacts import DayFilter
from clients.models import Client
from crm.accounts.models import OrgUnit
from crm.lists.ranges import AmountFilter
from deals.models import (
    Contract,
    Invoice,
    InvoiceKind,
    InvoiceState,
    Product,
    ProductGroup,
    Shipment,
    ShipmentKind,
    ShipmentState,
    VatKind,
)


def visible_clients(request: Any) -> Any:
    """Clients that the person may filter by."""
    return Client.objects.visible_to(request.user)


def visible_contracts(request: Any) -> Any:
    """Contracts that the person may filter by."""
    return Contract.objects.visible_to(request.user)


def by_unit_of_client(rows: Any, name: str, value: str) -> Any:
    """Clients of the unit and of everything below it."""
    inside = OrgUnit.objects.subtree_of([int(value)]).values("pk")
    return rows.filter(client__org_unit__in=inside)


def by_openness(rows: Any, name: str, value: bool) -> Any:
    """Debts of which something is open; «no» gives the settled ones."""
    return rows.unpaid() if value else rows.exclude(open_amount__gt=0)


def by_overdue(rows: Any, name: str, value: bool) -> Any:
    """The due day has passed and something is open."""
    late = rows.overdue(timezone.localdate())
    return late if value else rows.exclude(pk__in=late.values("pk"))


def by_return(rows: Any, name: str, value: bool) -> Any:
    """Documents that lower the turnover."""
    return rows.filter(amount__lt=0) if value else rows.exclude(amount__lt=0)


class OfClientFilter(filters.FilterSet):
    """Whose documents."""

    # A list of all clients would be no choice: cells and links set it.
    client = filters.ModelChoiceFilter(
        label=_("Client"), queryset=visible_clients, widget=forms.HiddenInput
    )
    contract = filters.ModelChoiceFilter(
        label=_("Contract"), queryset=visible_contracts, widget=forms.HiddenInput
    )
    manager = filters.ChoiceFilter(
        label=_("Manager of the client"), choices=manager_choices, method=by_manager_of_client
    )
    unit = filters.ChoiceFilter(
        label=_("Unit with those below"), choices=unit_choices, method=by_unit_of_client
    )
    category = SeveralFilter(
        label=_("Category of the client"), choices=category_choices, method=by_category_of_client
    )

    class Meta:
        fields: ClassVar[list[str]] = []


class ShipmentFilter(OfClientFilter):
    """What narrows the register of shipments."""

    kind = SeveralFilter(label=_("Kind"), choices=ShipmentKind.choices)
    state = SeveralFilter(label=_("State"), choices=ShipmentState.choices)
    posted_from = DayFilter(label=_("Posted from"), field_name="posted_on", lookup_expr="gte")
    posted_to = DayFilter(label=_("Posted to"), field_name="posted_on", lookup_expr="lte")
    negative = YesNoFilter(label=_("Lowers the turnover"), method=by_return)
    amount = AmountFilter(label=_("Amount"))

    class Meta(OfClientFilter.Meta):
        model = Shipment


class InvoiceFilter(OfClientFilter):
    """What narrows the register of invoices."""

    kind = filters.ChoiceFilter(label=_("Kind"), choices=InvoiceKind.choices)
    state = SeveralFilter(label=_("State"), choices=InvoiceState.choices)
    open = YesNoFilter(label=_("Something is open"), method=by_openness)
    overdue = YesNoFilter(label=_("Overdue"), method=by_overdue)
    disputed = YesNoFilter(label=_("Disputed"), field_name="is_disputed")
    issued_from = DayFilter(label=_("Dated from"), field_name="issued_on", lookup_expr="gte")
    issued_to = DayFilter(label=_("Dated to"), field_name="issued_on", lookup_expr="lte")
    due_from = DayFilter(label=_("Due from"), field_name="due_on", lookup_expr="gte")
    due_to = DayFilter(label=_("Due to"), field_name="due_on", lookup_expr="lte")
    amount = AmountFilter(label=_("Amount"))

    class Meta(OfClientFilter.Meta):
        model = Invoice


def product_groups(request: Any) -> Any:
    """Groups in use."""
    return ProductGroup.objects.filter(archived_at=None)


def by_archive(rows: Any, name: str, value: bool) -> Any:
    """Sold no more; «no» gives what is sold."""
    return rows.filter(archived_at__isnull=not value)


class ProductFilter(filters.FilterSet):
    """What narrows the catalogue."""

    group = filters.ModelChoiceFilter(label=_("Group"), queryset=product_groups)
    vat_kind = filters.ChoiceFilter(label=_("VAT"), choices=VatKind.choices)
    archived = YesNoFilter(label=_("Discontinued"), method=by_archive)
    important = YesNoFilter(label=_("Socially important"), field_name="is_socially_important")

    class Meta:
        model = Product
        fields: ClassVar[list[str]] = []
