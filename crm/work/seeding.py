"""Rows that every installation has: dictionaries and calendars, put in by prepare_database.

An app registers a function in AppConfig.ready(); it adds what is missing and never changes a row
that a person may have edited.
"""

from collections.abc import Callable

Seeder = Callable[[], None]

_seeders: dict[str, Seeder] = {}


def register(name: str, seeder: Seeder) -> None:
    """Call `seeder` after each migration, in the order of registration; names are unique."""
    if _seeders.setdefault(name, seeder) is not seeder:
        raise ValueError(f"two seeders are called {name!r}")


def seed() -> list[str]:
    """Run all seeders with the application role; returns their names."""
    for seeder in _seeders.values():
        seeder()
    return list(_seeders)
