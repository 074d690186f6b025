"""The norm of a credit limit: so many average months of shipments by category (D.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Min, Sum
from django.utils.translation import gettext as _

from clients.models import Client, ClientStatus
from crm.money import round_half_up
from crm.work.registry import setting
from deals.models import Shipment

NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class LimitNorm:
    """Factor × average month of shipments, roubles with VAT."""

    factor: Decimal
    average: Decimal
    months: int
    has_category: bool = True

    @property
    def amount(self) -> Decimal:
        return round_half_up(self.factor * self.average)

    @property
    def why_none(self) -> str:
        """Why there is no norm, in words; empty where there is one."""
        if self.amount:
            return ""
        if not self.has_category:
            return _("the client has no category")
        if not self.factor:
            return _("this category pays in advance")
        return _("no shipments of full months yet")


def limit_norm(client: Client, today: date) -> LimitNorm:
    """The norm of the day: net shipments of the full months before it.

    Months before the client's first shipment do not count; without a category or shipments the
    norm is zero, and the director decides.
    """
    key = "trading_hall" if client.status == ClientStatus.TRADING_HALL else client.category
    factor = setting(f"category.credit_factor.{key}") if key else Decimal(0)
    this_month = today.replace(day=1)
    first = _months_back(this_month, setting("credit.average_months"))
    rows = Shipment.objects.filter(client=client, posted_on__lt=this_month).counted().order_by()
    begun = rows.aggregate(first=Min("posted_on"))["first"]
    if begun is None:
        return LimitNorm(factor, NOTHING, 0, bool(key))
    first = max(first, begun.replace(day=1))
    months = (this_month.year - first.year) * 12 + this_month.month - first.month
    net = rows.filter(posted_on__gte=first).aggregate(net=Sum("amount"))["net"] or NOTHING
    return LimitNorm(factor, round_half_up(max(net, NOTHING) / months), months, bool(key))


def _months_back(month: date, count: int) -> date:
    place = month.year * 12 + month.month - 1 - count
    return date(place // 12, place % 12 + 1, 1)
