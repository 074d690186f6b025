"""Interest for the use of another's money (Civil Code art. 395) and the penalty of a contract.

Both run from the day after the due day to the day of payment, included; the day of a part payment
still counts on the former debt. Interest: each rate and each length of the year by itself, rounded
half up, the rounded parts added (INT-1). Penalty: so much a day, at most its cap (PEN-1). For one
breach either the one or the other (art. 395 p. 4). No tables, no queries; roubles, percent.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from crm.money import round_half_up

DAY = timedelta(days=1)
HUNDRED, ZERO = Decimal(100), Decimal("0.00")


class Rate(NamedTuple):
    """A rate a year that holds from its day to the next one's."""

    valid_from: date
    percent: Decimal


class Part(NamedTuple):
    """What lowered the debt, and on which day."""

    on: date
    amount: Decimal


@dataclass(frozen=True)
class Segment:
    """Days, both included, over which neither the debt nor the rate changes.

    `year` is the divisor of interest, 365 or 366; a penalty is counted by the day and has none.
    """

    first: date
    last: date
    principal: Decimal
    rate: Decimal
    amount: Decimal
    year: int | None = None

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Accrual:
    """The segments and what they come to; `cap` is the most that the contract allows."""

    segments: tuple[Segment, ...]
    total: Decimal
    cap: Decimal | None = None

    @property
    def is_capped(self) -> bool:
        """The segments come to more than the contract allows."""
        return sum((one.amount for one in self.segments), ZERO) > self.total


class NoRate(ValueError):
    """No rate is known for a day; the argument is the day."""

    def __init__(self, day: date) -> None:
        super().__init__(f"{day:%d.%m.%Y}")
        self.day = day


def debt_at(debt: Decimal, paid: Iterable[Part], day: date) -> Decimal:
    """What is left of the debt at the end of the day."""
    return debt - sum((part.amount for part in paid if part.on <= day), ZERO)


def interest(
    debt: Decimal, due_on: date, to: date, rates: Iterable[Rate], paid: Sequence[Part] = ()
) -> Accrual:
    """Interest to the day, included; raises NoRate for a day before the first rate."""
    known = sorted(rates)
    cuts = {rate.valid_from for rate in known} | _new_years(due_on, to)
    segments = []
    for first, last, principal in _spans(debt, due_on, to, paid, cuts):
        rate, year = _rate_of(first, known), 366 if calendar.isleap(first.year) else 365
        days = (last - first).days + 1
        amount = round_half_up(principal * days * rate / HUNDRED / year)
        segments.append(Segment(first, last, principal, rate, amount, year))
    return Accrual(tuple(segments), sum((one.amount for one in segments), ZERO))


def penalty(
    debt: Decimal,
    due_on: date,
    to: date,
    percent_a_day: Decimal,
    cap_percent: Decimal | None = None,
    paid: Sequence[Part] = (),
) -> Accrual:
    """The penalty to the day, included; its cap is a part of what was owed when it began."""
    segments = []
    for first, last, principal in _spans(debt, due_on, to, paid, set()):
        days = (last - first).days + 1
        amount = round_half_up(principal * percent_a_day * days / HUNDRED)
        segments.append(Segment(first, last, principal, percent_a_day, amount))
    total = sum((one.amount for one in segments), ZERO)
    if cap_percent is None:
        return Accrual(tuple(segments), total)
    cap = round_half_up(debt_at(debt, paid, due_on) * cap_percent / HUNDRED)
    return Accrual(tuple(segments), min(total, cap), cap)


def _spans(
    debt: Decimal, due_on: date, to: date, paid: Sequence[Part], cuts: set[date]
) -> Iterator[tuple[date, date, Decimal]]:
    """Stretches of days between cuts and part payments on which something was owed."""
    begin = due_on + DAY
    starts = {day for day in cuts | {part.on + DAY for part in paid} if begin < day <= to}
    days = sorted({begin, to + DAY} | starts)
    for first, following in pairwise(days if begin <= to else []):
        principal = debt_at(debt, paid, first - DAY)
        if principal > 0:
            yield first, following - DAY, principal


def _new_years(first: date, last: date) -> set[date]:
    """First days of years whose length is not that of the year before."""
    return {
        date(year, 1, 1)
        for year in range(first.year + 1, last.year + 1)
        if calendar.isleap(year) != calendar.isleap(year - 1)
    }


def _rate_of(day: date, rates: Sequence[Rate]) -> Decimal:
    found = [rate.percent for rate in rates if rate.valid_from <= day]
    if not found:
        raise NoRate(day)
    return found[-1]
