"""Files of claims, declared to crm.imports."""

from claims.importers import claims_kind


def register() -> None:
    """Called once when the app is ready."""
    claims_kind.register_kind()
