"""Imports of clients and of contacts, declared to crm.imports."""

from clients.importers import client_kind, contact_kind


def register() -> None:
    """Called once when the app is ready."""
    client_kind.register_kind()
    contact_kind.register_kind()
