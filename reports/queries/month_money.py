"""What a person has brought in a month against the month before it, as plan and fact count it.

The month is that of the rollups; the days of the month before, which they do not know, are read
from the same statement of facts, so a document counts for who answered on its day in both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.core.exceptions import EmptyResultSet

from crm.accounts.models import User
from crm.calendar import current, month_end
from crm.money import percent
from crm.sql import Statement
from reports.models import ClientMonth
from reports.rollups.sources import Span, credited_to

DAY, ZERO = timedelta(days=1), Decimal(0)


@dataclass(frozen=True)
class Days:
    """From the first to the last day, both included."""

    first: date
    last: date


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


def flow(viewer: User, person: User, spans: Spans) -> Flow:
    """What was shipped and paid while the person answered, as far as the viewer sees it."""
    months = ClientMonth.objects.visible_to(viewer).of_month(spans.month)
    now = months.filter(manager=person).totals()
    before = _before(viewer, person, spans.before)
    return Flow(
        Change(now["ship"], before[0]),
        Change(now["cash"], before[1]),
        Change(Decimal(now["active"]), Decimal(before[2])),
    )


def _before(viewer: User, person: User, days: Days) -> tuple[Decimal, Decimal, int]:
    """Shipments, receipts and active clients of the days: of the clients that the person had."""
    months = ClientMonth.objects.visible_to(viewer).of_month(days.first.replace(day=1))
    had = months.filter(manager=person, client__isnull=False).order_by()
    try:
        clients = Statement.of(had.values_list("client"))
    except EmptyResultSet:  # somebody who sees no client at all
        return ZERO, ZERO, 0
    span = Span(days.first, days.last + DAY)
    facts = credited_to(person.pk, clients, span, ("shipment", "payment"))
    sql = f"""
        SELECT coalesce(sum(f.ship), 0), coalesce(sum(f.cash), 0),
               count(DISTINCT f.client_id) FILTER (WHERE f.sales > 0)
        FROM ({facts.sql}) f
    """  # noqa: S608
    ((ship, cash, active),) = Statement(sql, facts.params).rows()
    return ship, cash, active
