"""The import of proposals: deals of another program by their stages, one product each."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from crm.imports import registry, synonyms
from crm.imports.registry import ImportField, ImportKind, ImportOption
from deals import permissions
from deals.importers.days import DATE_ORDER
from deals.importers.proposal_rows import Proposals
from deals.importers.sales_kind import CLIENT_FIELDS, create_clients_field, unit_field
from deals.importers.undo import documents_first

FIELDS = [
    ImportField("number", gettext_lazy("Number"), gettext_lazy("Finds the proposal again.")),
    ImportField("stage", gettext_lazy("State")),
    ImportField("day", gettext_lazy("Sent on"), gettext_lazy("A draft may have none.")),
    ImportField("closed", gettext_lazy("Answered on")),
    *CLIENT_FIELDS,
    ImportField("product", gettext_lazy("Product"), gettext_lazy("Its name in the catalogue.")),
    ImportField("amount", gettext_lazy("Amount with VAT")),
]


def register_kind() -> None:
    """Declare the import of proposals."""
    registry.register(
        ImportKind(
            kind="proposals",
            label=gettext_lazy("Proposals"),
            description=gettext_lazy("What was offered, accepted and declined, by product."),
            icon="receipt",
            fields=FIELDS,
            synonyms=synonyms.PROPOSALS,
            start=Proposals,
            may_import=permissions.can_import_money,
            required=[("number",), ("stage",), ("product",)],
            options=[
                ImportOption("create_clients", create_clients_field),
                ImportOption("unit", unit_field),
                DATE_ORDER,
            ],
            portion=5_000,
            fact_labels={"clients_created": gettext_lazy("Clients added")},
            around_undo=documents_first,
        )
    )
