"""Last days of internal reports (CAL-3), counted by the production calendar; knows no tables."""

from __future__ import annotations

from datetime import date, timedelta

from crm import calendar
from reports.parameters import month_start

MONTHS = {"month": 1, "quarter": 3}


def period_start(period: str, day: date) -> date:
    """First day of the period in which the day lies."""
    months = MONTHS[period]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def next_start(period: str, start: date) -> date:
    """First day of the following period."""
    return month_start(start, MONTHS[period])


def due_day(rule: str, number: int, period: str, start: date) -> date:
    """The last day on which the report of the period that begins on `start` is in time.

    «working_day»: the n-th working day after the period, «day_before»: the n-th of the month before
    it, moved back to a working day, «last_before»: the last working day before it.
    """
    if rule == "working_day":
        return calendar.add_working_days(next_start(period, start) - timedelta(days=1), number)
    days = calendar.current()
    before = start - timedelta(days=1)
    if rule == "last_before":
        return days.backward(before)
    return days.backward(before.replace(day=min(number, before.day)))
