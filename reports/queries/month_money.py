"""Shipments, receipts and active clients of a month against the month before it (decision 2).

What a client brought counts for the manager and the unit that the client has today, as in the
registers behind the figures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from crm.accounts.models import User
from crm.calendar import current, month_end
from crm.money import percent
from deals.models import Payment, Shipment, ShipmentKind
from deals.querysets.shipments import ZERO

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Days:
    """From the first to the last day, both included."""

    first: date
    last: date

    def condition(self, name: str) -> Q:
        """The day of the name lies within."""
        return Q(**{f"{name}__gte": self.first, f"{name}__lte": self.last})


@dataclass(frozen=True)
class Spans:
    """The days of a month that are counted, and those of the month before they are held against."""

    month: date
    now: Days
    before: Days
    is_running: bool


@dataclass(frozen=True)
class Change:
    """A figure and what it was in the days before."""

    now: Decimal
    before: Decimal

    @property
    def percent(self) -> Decimal | None:
        """By how many per cent it grew; None from nothing."""
        return percent(self.now - self.before, abs(self.before))


@dataclass(frozen=True)
class Flow:
    """Net shipments and receipts in roubles with VAT, clients with a sale that stands."""

    shipments: Change
    receipts: Change
    active: Change


def spans_of(month: date, today: date) -> Spans:
    """The running month goes up to today, against the same working day of the month before it."""
    first, last = month.replace(day=1), month_end(month.year, month.month)
    ended = first - DAY
    before = Days(ended.replace(day=1), ended)
    if not first <= today <= last:
        return Spans(first, Days(first, last), before, is_running=False)
    same = Days(before.first, min(ended, _same_day(before.first, first, today)))
    return Spans(first, Days(first, today), same, is_running=True)


def _same_day(before: date, first: date, today: date) -> date:
    """The day of the earlier month with as many working days behind it as today has."""
    calendar = current()
    gone = calendar.count(first, today)
    if calendar.is_working(today):
        return calendar.add(before - DAY, gone)
    return calendar.add(before - DAY, gone + 1) - DAY


def flow(user: User, spans: Spans, whose: Mapping[str, Any]) -> Flow:
    """What the clients named by `whose` bought and paid, as far as the person sees them."""
    whole = {"first": spans.before.first, "last": spans.now.last}
    shipments = Shipment.objects.visible_to(user).in_period(**whole).filter(**whose)
    payments = Payment.objects.visible_to(user).incoming().in_period(**whole).filter(**whose)
    shipped = (
        shipments.counted()
        .order_by()
        .aggregate(**_in_both(spans, "posted_on", net=_sum, active=_active))
    )
    received = payments.order_by().aggregate(**_in_both(spans, "paid_on", net=_sum))
    return Flow(
        Change(shipped["net_now"], shipped["net_before"]),
        Change(received["net_now"], received["net_before"]),
        Change(Decimal(shipped["active_now"]), Decimal(shipped["active_before"])),
    )


def _in_both(spans: Spans, day: str, **figures: Callable[[Q], Any]) -> dict[str, Any]:
    """Each figure over the days of now and over those before."""
    pairs = (("now", spans.now.condition(day)), ("before", spans.before.condition(day)))
    return {
        f"{name}_{suffix}": figure(condition)
        for name, figure in figures.items()
        for suffix, condition in pairs
    }


def _sum(condition: Q) -> Any:
    return Coalesce(Sum("amount", filter=condition), ZERO)


def _active(condition: Q) -> Any:
    live = Q(kind=ShipmentKind.SALE, state="posted", reverses=None)
    return Count("client", distinct=True, filter=condition & live)
