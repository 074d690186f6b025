"""The declaration of the import of invoices."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from crm.imports import registry, synonyms
from crm.imports.reading import read_long_table
from crm.imports.registry import ImportField, ImportKind, ImportOption
from deals import permissions
from deals.importers.days import DATE_ORDER
from deals.importers.invoice_rows import Invoices
from deals.importers.onward import to_invoices
from deals.importers.sales_kind import CLIENT_FIELDS, create_clients_field, unit_field
from deals.importers.undo import documents_first

FIELDS = [
    ImportField("number", gettext_lazy("Number")),
    ImportField("day", gettext_lazy("Date")),
    ImportField("due", gettext_lazy("Due on"), gettext_lazy("Else by the terms of the client.")),
    *CLIENT_FIELDS,
    ImportField("contract", gettext_lazy("Contract")),
    ImportField("amount", gettext_lazy("Amount with VAT")),
    ImportField("vat", gettext_lazy("VAT in it")),
    ImportField("currency", gettext_lazy("Currency")),
    ImportField("disputed", gettext_lazy("Disputed"), gettext_lazy("Yes or no.")),
    ImportField("settled", gettext_lazy("Settled on"), gettext_lazy("Brings its payment.")),
    ImportField("note", gettext_lazy("Note")),
    ImportField(
        "external_id", gettext_lazy("External id"), gettext_lazy("Finds the invoice again.")
    ),
]


def register_kind() -> None:
    """Declare the import of invoices."""
    registry.register(
        ImportKind(
            kind="invoices",
            label=gettext_lazy("Invoices"),
            description=gettext_lazy("With due days and, where the file has them, settled days."),
            icon="file-invoice",
            fields=FIELDS,
            synonyms=synonyms.INVOICES,
            start=Invoices,
            may_import=permissions.can_import_money,
            required=[("number",), ("day",), ("amount",)],
            options=[
                ImportOption("create_clients", create_clients_field),
                ImportOption("unit", unit_field),
                DATE_ORDER,
            ],
            portion=5_000,
            read=read_long_table,
            fact_labels={
                "payments_created": gettext_lazy("Payments added"),
                "clients_created": gettext_lazy("Clients added"),
                "contracts_created": gettext_lazy("Contracts added"),
            },
            links=to_invoices,
            around_undo=documents_first,
        )
    )
