"""The forecast of a month: the average of the last months by the season (FCST-1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from crm.money import round_half_up

YEARS = 3  # as many full years make the season
FLAT = dict.fromkeys(range(1, 13), Decimal(1))
Season = Mapping[int, Decimal]


def forecast(total: Decimal, months: Sequence[int], target: int, season: Season) -> Decimal:
    """Average of the months × index of the target ÷ their average index, never below nought.

    `total` is the sum over the months. Months whose indexes add up to nought say nothing about
    the season: then the average stays as it is.
    """
    count = Decimal(len(months))
    base = sum((season[month] for month in months), Decimal(0)) / count
    value = total / count
    if base > 0:
        value = total * season[target] / (base * count)
    return max(Decimal(0), round_half_up(value))


def season_of(by_month: Mapping[date, Decimal]) -> Season:
    """Indexes of the months: each month's share of its year's average, over full years alone.

    Company sums, since those of one client say little; all ones without a full year.
    """
    years: dict[int, dict[int, Decimal]] = {}
    for month, total in by_month.items():
        years.setdefault(month.year, {})[month.month] = total
    full = [year for year in years.values() if len(year) == 12 and sum(year.values()) > 0]
    if not full:
        return FLAT
    shares = [
        {month: total * 12 / sum(year.values()) for month, total in year.items()} for year in full
    ]
    return {
        month: sum((one[month] for one in shares), Decimal(0)) / len(shares)
        for month in range(1, 13)
    }
