"""What an ABC analysis is counted from: turnovers of clients and the borders in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from clients.models import Client, ClientStatus
from crm.work.registry import setting
from deals.abc_rules import Borders, Turnover
from deals.models import Shipment


@dataclass(frozen=True)
class Counted:
    """Turnovers of a period, and by client the category of today and since when it is known."""

    turnovers: list[Turnover]
    assigned: dict[int, str | None]
    known_since: dict[int, date]


def borders_in_force(*, border_inside: bool | None = None) -> Borders:
    """Shares from the settings; the rule of the border may be named instead."""
    inside = setting("abc.border_inside") if border_inside is None else border_inside
    return Borders(setting("abc.share_a"), setting("abc.share_b"), inside)


def count_turnovers(first: date, last: date, *, sales_only: bool = False) -> Counted:
    """Clients with documents of the period, and open ones with a category and none: two queries.

    All clients of the company are ranked together, whoever asks: a category is a place among all.
    """
    shipments = Shipment.objects.counted().in_period(first, last)
    sums = shipments.by_client(sales_only=sales_only)
    names = (
        "pk",
        "code",
        "category",
        "status",
        "archived_at",
        "created_at__date",
        "category_since",
    )
    known = Client.objects.order_by().values_list(*names)
    turnovers: list[Turnover] = []
    assigned: dict[int, str | None] = {}
    known_since: dict[int, date] = {}
    for pk, code, category, status, archived_at, created_on, category_since in known:
        expected = category and status == ClientStatus.CLIENT and archived_at is None
        if pk in sums or expected:
            turnovers.append(Turnover(pk, code, sums.get(pk, Decimal(0))))
            assigned[pk] = category if archived_at is None else None
            known_since[pk] = min(created_on, category_since or created_on)
    return Counted(turnovers, assigned, known_since)
