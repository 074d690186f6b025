"""Rows that the product needs from the first day: dictionaries, routes, the calendar.

Apps register a function in `AppConfig.ready()`; `prepare_database` runs all of them. A seeder
adds what is missing and never touches what the customer changed.
"""

from collections.abc import Callable

from crm.declaring import declare

Seeder = Callable[[], int]
_seeders: dict[str, Seeder] = {}


def register(name: str, function: Seeder) -> None:
    """Add a seeder under a name of its own; it returns how many rows it added."""
    declare(_seeders, name, function)


def run_all() -> dict[str, int]:
    """Run every seeder in the order of registration with the application's role."""
    return {name: function() for name, function in _seeders.items()}
