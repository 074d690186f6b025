"""Capabilities of the product with their screens that every installation starts with.

`capabilities.tsv` holds a code, its title and the screens: the name of an address and what people
call it. Names of addresses that are not there yet stand there too: reviews say of them «not built
yet». What a person edited stays.
"""

from __future__ import annotations

from pathlib import Path

from crm.history import verb
from crm.library.models import Capability, CapabilityScreen

TABLE = Path(__file__).parent / "capabilities.tsv"


def table() -> dict[str, list[str]]:
    """Titles and screens by codes."""
    rows = [line.split("\t") for line in TABLE.read_text("utf-8").splitlines()]
    return {code: [title, *screens] for code, title, *screens in rows}


def seed_capabilities() -> int:
    """Add the capabilities that are missing by their codes, with their screens."""
    known = set(Capability.objects.values_list("code", flat=True))
    missing = {code: row for code, row in table().items() if code not in known}
    with verb("library.seeded", by=None):
        rows = [Capability(code=code, title=row[0]) for code, row in missing.items()]
        made = Capability.objects.bulk_create(rows, ignore_conflicts=True)
        keys = dict(Capability.objects.filter(code__in=missing).values_list("code", "pk"))
        screens = [
            CapabilityScreen(capability_id=keys[code], url_name=name, label=label)
            for code, row in missing.items()
            for name, label in (screen.split(" ", 1) for screen in row[1:])
        ]
        CapabilityScreen.objects.bulk_create(screens, ignore_conflicts=True)
    return len(made)
