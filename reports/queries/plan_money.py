"""What clients brought in months, beside their plan: the rollups, like every page of facts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum

from reports.models import ClientMonth

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Brought:
    """Of one client in one month: net of returns and refunds; active is a sale that stands."""

    ship: Decimal = NOTHING
    cash: Decimal = NOTHING
    active: int = 0
    contacts: int = 0


NONE = Brought()


def brought_in(month: date, clients: Collection[int] | None = None) -> dict[int, Brought]:
    """What each client brought in the month, whoever answered for it; one query.

    The caller has narrowed the clients to those that the person sees. A client that comes to
    another manager brings its past along: plans are made by it.
    """
    rows = ClientMonth.objects.of_month(month).filter(client__isnull=False)
    if clients is not None:
        rows = rows.filter(client__in=list(clients))
    return _by(rows, "client")


def brought_by(month: date, managers: Collection[int]) -> dict[tuple[int, int], Brought]:
    """What each client brought while the manager answered for it, as plan and fact count it.

    By client and manager: one query.
    """
    rows = ClientMonth.objects.of_month(month).filter(
        client__isnull=False, manager__in=list(managers)
    )
    return _by(rows, "client", "manager")


def brought_to(client: int, months: Collection[date]) -> dict[date, Brought]:
    """What one client brought in each of the months, whoever answered for it; one query."""
    return _by(ClientMonth.objects.of_months(months).filter(client=client), "month")


def _by(rows: QuerySet[ClientMonth], *keys: str) -> dict[Any, Brought]:
    sums = {"s": Sum("ship"), "c": Sum("cash"), "n": Sum("sales"), "t": Sum("contacts")}
    found: dict[Any, Brought] = {}
    for *key, ship, cash, sales, contacts in (
        rows.order_by().values_list(*keys).annotate(**sums).values_list(*keys, *sums)
    ):
        one = Brought(ship, cash, int(sales > 0), contacts)
        found[key[0] if len(keys) == 1 else tuple(key)] = one
    return found
