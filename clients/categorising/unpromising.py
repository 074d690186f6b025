"""Which clients are unpromising for a personal manager (HALL-1): a proposal, never a decision.

What a client buys is known to a later app, which registers it with `hooks.register_sales`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from clients.hooks import Bought, sales
from clients.models import Client, ClientCategory
from crm.calendar import month_start
from crm.work.registry import setting


@dataclass(frozen=True)
class Bounds:
    """The settings of HALL-1: days, and roubles a month with VAT."""

    days: int
    months: int
    shipments: Decimal
    potential: Decimal


@dataclass(frozen=True)
class Prospects:
    """What the rule looks at; `monthly` is None for whoever has not bought for all the months."""

    category: str | None
    days: int
    monthly: Decimal | None
    potential: Decimal
    last_on: date | None = None

    def too_long(self, bounds: Bounds) -> bool:
        """Without a shipment for too many days."""
        return self.days > bounds.days

    def too_little(self, bounds: Bounds) -> bool:
        """Shipped too little in an average month."""
        return self.monthly is not None and self.monthly < bounds.shipments

    def unpromising(self, bounds: Bounds) -> bool:
        """Category C, silent or small, and nothing to be hoped for (HALL-1)."""
        weak = self.too_long(bounds) or self.too_little(bounds)
        is_c = self.category == ClientCategory.C
        return is_c and weak and self.potential < bounds.potential

    def as_kept(self, bounds: Bounds) -> dict[str, Any]:
        """Plain values for the record of a proposal."""
        return {
            "category": self.category,
            "days": self.days,
            "last_on": self.last_on.isoformat() if self.last_on else None,
            "monthly": None if self.monthly is None else str(self.monthly),
            "potential": str(self.potential),
            "unpromising": self.unpromising(bounds),
        }


def bounds() -> Bounds:
    """As the settings stand."""
    return Bounds(
        days=setting("hall.days_without_sale"),
        months=setting("hall.months"),
        shipments=setting("hall.least_shipments"),
        potential=setting("hall.least_potential"),
    )


def prospects_of(clients: QuerySet[Client], *, today: date) -> dict[int, Prospects]:
    """What the rule looks at, by client: the days of a client that never bought since it is known.

    The months are counted back from today. Whoever bought for the first time within them, or never,
    has no average month yet.
    """
    limits = bounds()
    since = _back(today, limits.months)
    bought = sales(clients, since, today)
    rows = clients.order_by().values_list("pk", "category", "potential_monthly", "created_at")
    return {
        pk: _prospects(category, potential, created_at, bought.get(pk), since, today, limits.months)
        for pk, category, potential, created_at in rows
    }


def _prospects(
    category: str | None,
    potential: Decimal,
    created_at: Any,
    bought: Bought | None,
    since: date,
    today: date,
    months: int,
) -> Prospects:
    if bought is None:
        known = timezone.localdate(created_at)
        return Prospects(category, (today - known).days, None, potential)
    whole = bought.first_on <= since
    monthly = (bought.net / months).quantize(Decimal("0.01")) if whole else None
    days = (today - bought.last_on).days
    return Prospects(category, days, monthly, potential, bought.last_on)


def _back(day: date, months: int) -> date:
    """The same day so many months ago, or the last one of that month."""
    first = month_start(day, -months)
    last = (month_start(first, 1) - first).days
    return first.replace(day=min(day.day, last))
