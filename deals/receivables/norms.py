"""The norm of a credit limit: so many average months of shipments by category (D.4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Min, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from clients.models import Client, ClientStatus
from crm.money import round_half_up
from crm.work.registry import setting
from deals.models import Shipment

NOTHING = Decimal("0.00")
Facts = tuple[int, str | None, str]  # client, category, status


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
    facts = (client.pk, client.category, client.status)
    return limit_norms([facts], today, [client.pk])[client.pk]


def limit_norms(
    clients: Sequence[Facts], today: date, ids: Iterable[int] | QuerySet[Any, Any]
) -> dict[int, LimitNorm]:
    """`limit_norm` of many clients by one query; `ids` are theirs, a list or a subquery."""
    this_month = today.replace(day=1)
    earliest = _months_back(this_month, setting("credit.average_months"))
    rows = Shipment.objects.filter(client__in=ids, posted_on__lt=this_month).counted().order_by()
    sums = Sum("amount", filter=Q(posted_on__gte=earliest))
    found = rows.values_list("client").annotate(first=Min("posted_on"), net=sums)
    sold = {pk: (first, net or NOTHING) for pk, first, net in found}
    keys = {_key(category, status) for _pk, category, status in clients}
    factors = {key: setting(f"category.credit_factor.{key}") if key else Decimal(0) for key in keys}
    norms = {}
    for pk, category, status in clients:
        key = _key(category, status)
        if pk not in sold:
            norms[pk] = LimitNorm(factors[key], NOTHING, 0, bool(key))
            continue
        begun, net = sold[pk]
        first = max(earliest, begun.replace(day=1))
        months = (this_month.year - first.year) * 12 + this_month.month - first.month
        average = round_half_up(max(net, NOTHING) / months)
        norms[pk] = LimitNorm(factors[key], average, months, bool(key))
    return norms


def _key(category: str | None, status: str) -> str | None:
    return "trading_hall" if status == ClientStatus.TRADING_HALL else category


def _months_back(month: date, count: int) -> date:
    place = month.year * 12 + month.month - 1 - count
    return date(place // 12, place % 12 + 1, 1)
