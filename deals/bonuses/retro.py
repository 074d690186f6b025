"""Retro bonuses from numbers alone: tiers, periods, the bound of the law (RETRO-1, RETRO-2).

Amounts are roubles without VAT (decision 1), percents are of the same base.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from crm.calendar import month_start
from crm.money import round_half_up

NOTHING, HUNDRED = Decimal("0.00"), Decimal(100)
MONTHS = {"month": 1, "quarter": 3, "year": 12}
FLAT = "flat"


@dataclass(frozen=True, order=True)
class Tier:
    """From this base on, this percent."""

    from_volume: Decimal
    pct: Decimal


@dataclass(frozen=True)
class Bonus:
    """What a base earns: the rate of the tier that is reached, and the amount."""

    base: Decimal
    rate: Decimal
    amount: Decimal
    # The law allows no more for food (RETRO-2).
    is_capped: bool = False

    @property
    def effective(self) -> Decimal:
        """Percent of the whole base that the amount is."""
        return round_half_up(self.amount * HUNDRED / self.base) if self.base > 0 else NOTHING


@dataclass(frozen=True)
class Period:
    """Whole days, both included."""

    first: date
    last: date


def bonus_of(base: Decimal, tiers: Sequence[Tier], mode: str) -> Bonus:
    """RETRO-1: flat takes the whole base at the tier reached, progressive each slice at its own.

    A base below zero (more came back than went) earns nothing.
    """
    reached = [tier for tier in sorted(tiers) if tier.from_volume <= base] if base > 0 else []
    rate = reached[-1].pct if reached else Decimal(0)
    if mode == FLAT:
        return Bonus(base, rate, round_half_up(base * rate / HUNDRED) if reached else NOTHING)
    tops = [tier.from_volume for tier in reached[1:]] + [base]
    slices = zip(reached, tops, strict=False)
    earned = sum(((top - tier.from_volume) * tier.pct for tier, top in slices), Decimal(0))
    return Bonus(base, rate, round_half_up(earned / HUNDRED))


def lawful(bonus: Bonus, room: Decimal | None) -> Bonus:
    """RETRO-2: no more than `room` percent of the base; None is without a bound."""
    if room is None or bonus.base <= 0:
        return bonus
    most = round_half_up(bonus.base * room / HUNDRED)
    return bonus if bonus.amount <= most else Bonus(bonus.base, bonus.rate, most, is_capped=True)


def room_for_food(cap: Decimal, services_pct: Decimal) -> Decimal:
    """What the payment for services leaves of the bound for food, percent."""
    return max(cap - services_pct, Decimal(0))


def next_tier(base: Decimal, tiers: Sequence[Tier]) -> Tier | None:
    """The lowest tier with a higher rate that is not reached yet."""
    rate = bonus_of(base, tiers, FLAT).rate
    return next((t for t in sorted(tiers) if t.from_volume > base and t.pct > rate), None)


def period_of(day: date, kind: str) -> Period:
    """The month, quarter or calendar year of the day."""
    months = MONTHS[kind]
    begins = (day.month - 1) // months * months + 1
    first = date(day.year, begins, 1)
    return Period(first, month_start(first, months) - timedelta(days=1))


def periods_over(kind: str, first: date, last: date | None, today: date) -> Iterator[Period]:
    """Periods of an agreement that were over before today, the oldest first.

    One that begins or ends inside a period is cut to its own days.
    """
    day = first
    while last is None or day <= last:
        whole = period_of(day, kind)
        end = whole.last if last is None else min(whole.last, last)
        if end >= today:
            return
        yield Period(max(whole.first, first), end)
        day = whole.last + timedelta(days=1)
