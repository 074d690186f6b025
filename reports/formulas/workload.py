"""How loaded a manager is, from numbers alone (RP-09)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from crm.money import round_half_up

OVER, UNDER, FINE = "over", "under", "fine"


def load_index(clients: Mapping[str, int], full: Mapping[str, int]) -> Decimal:
    """Per cent of a full load: each kind of clients by the number of it that fills a manager."""
    share = sum((Decimal(clients.get(key, 0)) / most for key, most in full.items()), Decimal(0))
    return round_half_up(share * 100, 2)


def standing(index: Decimal, *, over: int, under: int) -> str:
    """Whether the load is above or below the borders, both of which are still fine."""
    if index > over:
        return OVER
    return UNDER if index < under else FINE
