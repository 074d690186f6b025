"""Rows that every installation starts with: key rates of the Bank of Russia."""

from datetime import date
from decimal import Decimal

from claims.models import KeyRate
from crm.history import verb

# D.8, from the announcements of the Bank; later decisions are typed by people.
KEY_RATES = (
    ("21.00", date(2024, 10, 28)),
    ("20.00", date(2025, 6, 9)),
    ("18.00", date(2025, 7, 28)),
    ("17.00", date(2025, 9, 15)),
    ("16.50", date(2025, 10, 27)),
    ("16.00", date(2025, 12, 22)),
    ("15.50", date(2026, 2, 16)),
    ("15.00", date(2026, 3, 23)),
    ("14.50", date(2026, 4, 27)),
    ("14.25", date(2026, 6, 22)),
    ("14.00", date(2026, 7, 27)),
)


def seed_key_rates() -> int:
    """The rates that are known, where there is none at all."""
    if KeyRate.objects.open().exists():
        return 0
    rows = [KeyRate(percent=Decimal(percent), valid_from=day) for percent, day in KEY_RATES]
    with verb("key_rate.seeded", by=None):
        KeyRate.objects.bulk_create(rows)
    return len(rows)
