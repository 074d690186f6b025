"""Working days: the production calendar and the terms counted by it.

Sources: D.9 (production calendar), CAL-1 … CAL-3, Civil Code art. 190–194 (a term begins the day
after the event; one that ends on a day off ends on the next working day).

The table holds only what differs from Monday–Friday; a year that is not in it has weekends only.
Each process keeps a copy of the table (about twenty rows a year). The copy is dropped when a web
request begins, after two seconds elsewhere, and by `forget()`: so an edit made in another process
is seen by the next request, and a periodic job of a million terms does not read it a million
times. It costs one query per request that counts days, and none to the others.
"""

import calendar as month_lengths
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from django.apps import apps
from django.core.signals import request_started

from crm.sql import Kept, Statement

WORKING, SHORT, OFF = "working", "short", "off"
_DAY = timedelta(days=1)
_FRIDAY = 4
_SECONDS_TO_LIVE = 2

DayType = Literal["calendar", "working"]


@dataclass(frozen=True)
class WorkingCalendar:
    """Exceptions to Monday–Friday, by day; counts without touching the database."""

    exceptions: Mapping[date, str] = field(default_factory=dict)

    def kind(self, day: date) -> str:
        """Return working, short or off."""
        return self.exceptions.get(day) or (OFF if day.weekday() > _FRIDAY else WORKING)

    def is_working(self, day: date) -> bool:
        """Tell whether people work on this day; a short day is a working one."""
        return self.kind(day) != OFF

    def add(self, day: date, count: int) -> date:
        """Return the count-th working day after the day, before it if negative.

        The day itself is not counted, so with zero it comes back even if it is off.
        """
        step, left = (_DAY, count) if count > 0 else (-_DAY, -count)
        while left:
            day += step
            left -= self.is_working(day)
        return day

    def forward(self, day: date) -> date:
        """Return the day, or the first working day after it: terms of law and contract."""
        while not self.is_working(day):
            day += _DAY
        return day

    def backward(self, day: date) -> date:
        """Return the day, or the last working day before it: internal deadlines (D.9)."""
        while not self.is_working(day):
            day -= _DAY
        return day

    def count(self, first: date, last: date) -> int:
        """Return the number of working days from first to last, both included."""
        days = (last - first).days + 1
        return sum(self.is_working(first + _DAY * offset) for offset in range(days))


@dataclass
class _Copy:
    """The copy of the table in this process and the moment it was read."""

    calendar: WorkingCalendar = field(default_factory=WorkingCalendar)
    read_at: float | None = None


_copy, _kept = _Copy(), Kept()


def _exceptions() -> list[Any]:
    """Day and kind of every row, by SQL that is built once."""
    table = apps.get_model("work", "CalendarDay").objects.order_by()
    statement: Statement = _kept.get("", lambda: Statement.of(table.values_list("day", "kind")))
    return statement.rows()


def current() -> WorkingCalendar:
    """Return the calendar as it stands in the table (at most two seconds or one request old).

    Loops over many rows take it once and use its methods.
    """
    now = time.monotonic()
    if _copy.read_at is None or now - _copy.read_at > _SECONDS_TO_LIVE:
        _copy.calendar, _copy.read_at = WorkingCalendar(dict(_exceptions())), now
    return _copy.calendar


def forget(**_signal: Any) -> None:
    """Drop the copy, so that the next count reads the table."""
    _copy.read_at = None


request_started.connect(forget, dispatch_uid="crm.calendar.forget")


def is_working_day(day: date) -> bool:
    """Tell whether people work on this day."""
    return current().is_working(day)


def add_working_days(day: date, count: int) -> date:
    """Return the count-th working day after (negative: before) the day, itself not counted."""
    return current().add(day, count)


def next_working_day(day: date) -> date:
    """Return the day itself or the next working day: contractual terms move forward."""
    return current().forward(day)


def previous_working_day(day: date) -> date:
    """Return the day itself or the previous working day: internal deadlines move backward."""
    return current().backward(day)


def working_days_between(start: date, end: date) -> int:
    """Return how many working days later the end is: start not counted, end counted.

    Negative when the end is earlier; so `add_working_days(start, n)` is n days from the start.
    """
    if end < start:
        return -current().count(end, start - _DAY)
    return current().count(start + _DAY, end)


def count_working_days(first: date, last: date) -> int:
    """Return the number of working days from first to last, both included."""
    return current().count(first, last)


def working_days_in_month(year: int, month: int) -> int:
    """Return the number of working days of a month (CAL-1)."""
    return count_working_days(date(year, month, 1), month_end(year, month))


def due_date(start: date, days: int, day_type: DayType = "calendar") -> date:
    """Return the last day of a term that begins the day after the start (CAL-2).

    Calendar days end on the next working day (Civil Code art. 193); of working days the last one
    counts; zero days end on the start itself or the next working day.
    """
    if day_type == "working" and days:
        return add_working_days(start, days)
    return next_working_day(start + _DAY * days)


def internal_deadline(year: int, month: int, day: int) -> date:
    """Return the day of the month, moved back to a working day (CAL-3, plan submission).

    A day past the end of the month means its last day.
    """
    return previous_working_day(date(year, month, min(day, month_end(year, month).day)))


def last_working_day(year: int, month: int) -> date:
    """Return the last working day of a month (CAL-3, plan approval)."""
    return previous_working_day(month_end(year, month))


def nth_working_day(year: int, month: int, number: int) -> date:
    """Return the working day of that number of a month (CAL-3, monthly report)."""
    return add_working_days(date(year, month, 1) - _DAY, number)


def month_start(day: date, months: int = 0) -> date:
    """Return the first day of the month that many months away."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def half_start(day: date) -> date:
    """Return the first day of the half-year of the day."""
    return date(day.year, 1 if day.month < 7 else 7, 1)


def half_end(day: date) -> date:
    """Return the last day of the half-year of the day."""
    return date(day.year, 6, 30) if day.month < 7 else date(day.year, 12, 31)


def month_end(year: int, month: int) -> date:
    """Return the last calendar day of a month."""
    return date(year, month, month_lengths.monthrange(year, month)[1])
