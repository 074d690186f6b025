"""Clients that order less often than they used to (DL-07, L384): the usual gap and the present one.

The usual gap is the average number of calendar days between days with orders of the last months;
it is broken once the gap since the last order is longer than the per cent of the category allows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any

from django.db.models import Count, Max, Min, QuerySet

from clients.models import Client, ClientStatus
from crm.calendar import month_start
from crm.money import round_half_up
from crm.work.registry import setting
from deals.models import Order, OrderState

NOT_ORDERS = (OrderState.DRAFT, OrderState.CANCELLED)
CATEGORIES = ("A", "B", "C")


@dataclass(frozen=True)
class Quiet:
    """A client whose rhythm is broken; days are calendar days."""

    client_id: int
    last_on: date
    usual: Decimal
    allowed: int
    today: date

    @property
    def silent(self) -> int:
        """Since the last order."""
        return (self.today - self.last_on).days

    @property
    def broken_on(self) -> date:
        """The first day that was too many."""
        return self.last_on + timedelta(days=self.allowed + 1)


def allowed_gap(usual: Decimal, percent: int, least: int) -> int:
    """The longest gap that is still fine, in whole calendar days, rounded up."""
    return max(least, int((usual * percent / 100).to_integral_value(ROUND_CEILING)))


def quiet_clients(clients: QuerySet[Client], today: date) -> list[Quiet]:
    """Of these clients those whose rhythm is broken as of the day, one query."""
    rows: Any = Order.objects.filter(
        client__in=clients.filter(
            status=ClientStatus.CLIENT, archived_at=None, category__in=CATEGORIES
        ).values("pk"),
        dated_on__gt=month_start(today, -int(setting("orders.quiet_months"))),
        dated_on__lte=today,
    ).exclude(state__in=NOT_ORDERS)
    least_days = int(setting("orders.quiet_least_days"))
    percents = {one: int(setting(f"orders.quiet_percent.{one}")) for one in CATEGORIES}
    grouped = (
        rows.order_by()
        .values_list("client", "client__category")
        .annotate(
            first=Min("dated_on"), last=Max("dated_on"), days=Count("dated_on", distinct=True)
        )
        .filter(days__gte=int(setting("orders.quiet_least_orders")))
    )
    found = []
    for client, category, first, last, days in grouped:
        usual = round_half_up(Decimal((last - first).days) / (days - 1), 1)
        one = Quiet(client, last, usual, allowed_gap(usual, percents[category], least_days), today)
        if one.silent > one.allowed:
            found.append(one)
    return found
