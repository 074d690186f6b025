"""The declaration of the import of documents of sale."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.importers.client_kind import unit_field as clients_unit_field
from crm.accounts.models import OrgUnit, User
from crm.imports import registry, synonyms
from crm.imports.choices import UnitField
from crm.imports.reading import read_long_table
from crm.imports.registry import ImportField, ImportKind, ImportOption
from deals import permissions
from deals.importers.days import DATE_ORDER
from deals.importers.onward import without_client
from deals.importers.sales_rows import Sales
from deals.importers.undo import documents_first
from deals.models import VatKind

CLIENT_FIELDS = [
    ImportField("client", gettext_lazy("Client")),
    ImportField("client_id", gettext_lazy("Id or code of the client")),
    ImportField("inn", gettext_lazy("INN"), gettext_lazy("With the KPP it finds the client.")),
    ImportField("kpp", gettext_lazy("KPP")),
    ImportField("territory", gettext_lazy("Territory"), gettext_lazy("Of new clients.")),
]
FIELDS = [
    ImportField("number", gettext_lazy("Number")),
    ImportField("day", gettext_lazy("Date")),
    ImportField("kind", gettext_lazy("Document type")),
    *CLIENT_FIELDS,
    ImportField("contract", gettext_lazy("Contract")),
    ImportField("amount", gettext_lazy("Amount with VAT")),
    ImportField("vat", gettext_lazy("VAT in it")),
    ImportField("vat_rate", gettext_lazy("Rate of VAT")),
    ImportField("currency", gettext_lazy("Currency")),
    ImportField("original", gettext_lazy("Original document"), gettext_lazy("Of a return.")),
    ImportField("note", gettext_lazy("Note")),
    ImportField("sku", gettext_lazy("Article")),
    ImportField("product", gettext_lazy("Product")),
    ImportField("quantity", gettext_lazy("Quantity")),
    ImportField("price", gettext_lazy("Price with VAT")),
    ImportField(
        "external_id", gettext_lazy("External id"), gettext_lazy("Finds the document again.")
    ),
]


def create_clients_field(by: User | None) -> forms.Field:
    """Clients are never added silently (D.12.3)."""
    return forms.BooleanField(
        label=gettext_lazy("Add clients who are not here yet"),
        required=False,
        help_text=gettext_lazy("Otherwise rows of unknown clients are rejected."),
    )


def unit_field(by: User | None) -> forms.Field:
    """Where new clients stand until somebody answers for them."""
    if by is None or permissions.can_import_money(by):
        field: Any = UnitField(
            OrgUnit.objects.open().in_tree_order(), label=gettext_lazy("Unit"), required=False
        )
    else:
        field = clients_unit_field(by)
    field.help_text = gettext_lazy("Of new clients.")
    return field


def register_kind() -> None:
    """Declare the import of documents of sale."""
    registry.register(
        ImportKind(
            kind="sales",
            label=gettext_lazy("Sales, returns and adjustments"),
            description=gettext_lazy("Documents of 1C, with goods or without; also packed."),
            icon="truck-delivery",
            fields=FIELDS,
            synonyms=synonyms.SALES,
            start=Sales,
            may_import=permissions.can_import_money,
            required=[("number",), ("day",), ("amount", "price")],
            options=[
                ImportOption("create_clients", create_clients_field),
                ImportOption("unit", unit_field),
                ImportOption("keep_unknown", _keep_field),
                ImportOption("vat", _vat_field),
                DATE_ORDER,
            ],
            portion=10_000,
            portions=lambda sales, lines, size: sales.portions(lines, size),
            read=read_long_table,
            fact_labels={
                "documents": gettext_lazy("Documents"),
                "duplicates": gettext_lazy("Here already"),
                "refused_documents": gettext_lazy("Documents rejected"),
                "unassigned": gettext_lazy("Without a client"),
                "clients_created": gettext_lazy("Clients added"),
                "contracts_created": gettext_lazy("Contracts added"),
            },
            links=_links,
            waiting=without_client,
            around_undo=documents_first,
        )
    )


def _keep_field(by: User | None) -> forms.Field:
    return forms.BooleanField(
        label=gettext_lazy("Keep documents of unknown clients without a client"),
        required=False,
        help_text=gettext_lazy("Accounting assigns their clients later."),
    )


def _vat_field(by: User | None) -> forms.Field:
    return forms.ChoiceField(
        label=gettext_lazy("VAT"),
        choices=VatKind.choices,
        initial=VatKind.STANDARD.value,
        help_text=gettext_lazy("Where the file has no column: the rate of the date, in the sum."),
    )


def _links(user: User) -> list[tuple[str, str]]:
    if not permissions.can_see_money(user):
        return []
    return [(_("Shipments"), reverse("deals:shipment_list"))]
