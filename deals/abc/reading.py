"""What an ABC analysis is counted from: turnovers of clients and the borders in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from clients.models import Client, ClientKind, ClientStatus
from crm.work.registry import setting
from deals.abc.rules import Borders, Turnover
from deals.models import Shipment


@dataclass(frozen=True)
class Counted:
    """Turnovers of a period, and by client the category of today."""

    turnovers: list[Turnover]
    assigned: dict[int, str | None]


def borders_in_force(*, border_inside: bool | None = None) -> Borders:
    """Shares from the settings; the rule of the border may be named instead."""
    inside = setting("abc.border_inside") if border_inside is None else border_inside
    return Borders(setting("abc.share_a"), setting("abc.share_b"), inside)


def count_turnovers(first: date, last: date, *, sales_only: bool = False) -> Counted:
    """Clients with documents of the period, and open ones with a category and none: two queries.

    A chain that buys nothing itself is no client without shipments: its members buy. All clients
    of the company are ranked together, whoever asks: a category is a place among all.
    """
    shipments = Shipment.objects.counted().in_period(first, last)
    sums = shipments.by_client(sales_only=sales_only)
    known = Client.objects.order_by().values_list(
        "pk", "code", "kind", "category", "status", "archived_at"
    )
    nothing = Decimal(0)
    turnovers: list[Turnover] = []
    assigned: dict[int, str | None] = {}
    for pk, code, kind, category, status, archived_at in known:
        amount = sums.get(pk)
        is_open = status == ClientStatus.CLIENT and archived_at is None
        expected = category and is_open and kind != ClientKind.CHAIN
        if amount is not None or expected:
            turnovers.append(Turnover(pk, code, nothing if amount is None else amount))
            assigned[pk] = category if archived_at is None else None
    return Counted(turnovers, assigned)


def known_since() -> dict[int, date]:
    """Since when each client is known: added, or given a category of an earlier day."""
    rows = Client.objects.order_by().values_list("pk", "created_at__date", "category_since")
    return {pk: min(created_on, since or created_on) for pk, created_on, since in rows}
