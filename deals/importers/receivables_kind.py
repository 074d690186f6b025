"""The declaration of the import of 1C's reports about debts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from crm.imports import registry
from crm.imports.registry import ImportField, ImportKind, ImportOption
from deals import permissions
from deals.importers.debt_reading import read_receivables
from deals.importers.onward import to_invoices
from deals.importers.receivable_rows import Receivables
from deals.importers.sales_kind import create_clients_field, unit_field
from deals.importers.undo import documents_first

FIELDS = [
    ImportField("buyer", gettext_lazy("Buyer")),
    ImportField("inn", gettext_lazy("INN")),
    ImportField("contract", gettext_lazy("Contract")),
    ImportField("document", gettext_lazy("Document")),
    ImportField("debt", gettext_lazy("Debt at the beginning")),
    ImportField("advance", gettext_lazy("Advance at the beginning")),
    ImportField("sold", gettext_lazy("Sold")),
    ImportField("paid", gettext_lazy("Paid")),
    ImportField("received", gettext_lazy("Advance received")),
    ImportField("overdue", gettext_lazy("Days overdue")),
]


def register_kind() -> None:
    """Declare the import of debts."""
    registry.register(
        ImportKind(
            kind="receivables",
            label=gettext_lazy("Debts of buyers (report of 1C)"),
            description=gettext_lazy("Opening balances, invoices and advances by contract."),
            icon="report-money",
            fields=FIELDS,
            synonyms={},
            start=Receivables,
            may_import=permissions.can_import_money,
            required=[("buyer",)],
            options=[
                ImportOption("create_clients", create_clients_field),
                ImportOption("unit", unit_field),
            ],
            read=read_receivables,
            fixed_columns=True,
            fact_labels={
                "invoices": gettext_lazy("Invoices added"),
                "payments": gettext_lazy("Payments added"),
                "returns": gettext_lazy("Returns added"),
                "write_offs": gettext_lazy("Write-offs added"),
                "clients_created": gettext_lazy("Clients added"),
                "contracts_created": gettext_lazy("Contracts added"),
            },
            links=to_invoices,
            around_undo=documents_first,
        )
    )
