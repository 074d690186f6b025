"""What clients brought in a month, beside their plan: net shipments, receipts, contacts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count

from clients.models import ContactLog
from crm.calendar import month_end
from deals.models import Payment, Shipment
from reports.forecasting import by_client

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Brought:
    """Of one client in one month; active is a sale that stands."""

    ship: Decimal = NOTHING
    cash: Decimal = NOTHING
    active: int = 0
    contacts: int = 0


NONE = Brought()


def brought_in(
    month: date, clients: Collection[int] | None = None, *, contacts: bool = True
) -> dict[int, Brought]:
    """What each client brought in the month; clients that brought nothing are left out.

    The caller has narrowed the clients to those that the person sees: four grouped reads, three
    without `contacts`, which are nought then.
    """
    first, last = month.replace(day=1), month_end(month.year, month.month)
    whose = {} if clients is None else {"client__in": list(clients)}
    sales = Shipment.objects.in_period(first, last).filter(client__isnull=False, **whose)
    money = Payment.objects.incoming().in_period(first, last)
    ship = by_client(sales.counted())
    cash = by_client(money.filter(client__isnull=False, **whose))
    live = sales.live().filter(kind="sale").order_by()
    active = set(live.values_list("client", flat=True).distinct())
    spoken = _contacts(first, whose) if contacts else {}
    return {
        pk: Brought(
            ship.get(pk, NOTHING), cash.get(pk, NOTHING), int(pk in active), spoken.get(pk, 0)
        )
        for pk in {*ship, *cash, *active, *spoken}
    }


def _contacts(month: date, whose: dict[str, list[int]]) -> dict[int, int]:
    rows = ContactLog.objects.credited().in_month(month).filter(client__isnull=False, **whose)
    return dict(rows.order_by().values_list("client").annotate(count=Count("pk")))
