"""Files of documents and money, declared to crm.imports."""

from deals.importers import (
    bank_kind,
    invoices_kind,
    prices_kind,
    proposals_kind,
    receivables_kind,
    sales_kind,
)
from deals.importers.commerceml import kind as commerceml_kind


def register() -> None:
    """Called once when the app is ready."""
    sales_kind.register_kind()
    invoices_kind.register_kind()
    receivables_kind.register_kind()
    proposals_kind.register_kind()
    prices_kind.register_kind()
    bank_kind.register_kind()
    commerceml_kind.register_kind()
