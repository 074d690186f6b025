"""Import of people with their units; also of the layout agent → manager → office."""

from crm.imports.people.kind import register_kind

__all__ = ["register_kind"]
