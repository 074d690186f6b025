"""Kept, late, overdue, ahead: the arithmetic of last days; knows no tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from crm.calendar import WorkingCalendar
from crm.money import percent

Term = Callable[[date], date]
KEPT, LATE, OVERDUE, AHEAD = "kept", "late", "overdue", "ahead"
STANDINGS = (KEPT, LATE, OVERDUE, AHEAD)
DAY = timedelta(days=1)


def standing_of(due: date, done: date | None, today: date) -> str:
    """Done by the last day, after it, not done though it has gone by, or still ahead.

    What takes effect on a day to come has not been done yet.
    """
    if done is not None and done <= today:
        return KEPT if done <= due else LATE
    return OVERDUE if due < today else AHEAD


def days_late(due: date, done: date | None, today: date, calendar: WorkingCalendar) -> int:
    """Working days between the last day and the doing, or today where nothing was done."""
    until = done if done is not None and done <= today else today
    return calendar.count(due + DAY, until) if until > due else 0


def starts_of(term: Term, first: date, last: date) -> tuple[date, date]:
    """The first and the last day from which the term runs into the days; a later start is due no
    earlier, so there is nothing in between that does not."""
    begin, end = first, last
    while term(begin - DAY) >= first:
        begin -= DAY
    while term(begin) < first:
        begin += DAY
    while term(end) > last:
        end -= DAY
    return begin, end


@dataclass
class Counts:
    """How many terms were kept and how many were not."""

    kept: int = 0
    late: int = 0
    overdue: int = 0
    ahead: int = 0

    def add(self, standing: str, count: int = 1) -> None:
        """So many more of the standing."""
        setattr(self, standing, getattr(self, standing) + count)

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.kept + other.kept,
            self.late + other.late,
            self.overdue + other.overdue,
            self.ahead + other.ahead,
        )

    @property
    def come(self) -> int:
        """Terms whose outcome is known: kept, late and overdue."""
        return self.kept + self.late + self.overdue

    @property
    def total(self) -> int:
        """With those that are still ahead."""
        return self.come + self.ahead

    @property
    def missed(self) -> int:
        """Late and overdue."""
        return self.late + self.overdue

    @property
    def percent(self) -> Decimal | None:
        """Kept of those whose outcome is known, two decimals, half up; None without any."""
        return percent(self.kept, self.come)
