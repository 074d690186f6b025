"""ABC classification (ABC-1, D.4): pure arithmetic over net shipments, nothing is rounded."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

HUNDRED = Decimal(100)
CATEGORIES = ("A", "B", "C")


@dataclass(frozen=True)
class Borders:
    """Shares of A and of A with B in percent, and where the client on the border belongs.

    Without `border_inside` the cumulative share including the client must not exceed the border
    (ABC-1); with it the client that crosses the border stays above it.
    """

    share_a: Decimal
    share_b: Decimal
    border_inside: bool = False


class Turnover(NamedTuple):
    """What a client bought over the period, roubles; ties are broken by the code."""

    client_id: int
    code: str
    amount: Decimal


class Placed(NamedTuple):
    """A client's place: rank from 1, amounts in roubles, shares in percent of the whole."""

    client_id: int
    rank: int
    amount: Decimal
    share: Decimal
    cumulative: Decimal
    category: str


def whole(turnovers: Iterable[Turnover]) -> Decimal:
    """What the shares are of: those who bought more than they gave back."""
    return sum((row.amount for row in turnovers if row.amount > 0), Decimal(0))


def classify(turnovers: Iterable[Turnover], borders: Borders) -> Iterator[Placed]:
    """The clients by falling turnover with their categories; the first one is A.

    Who bought nothing, or gave back more, is C and has no share. Borders are compared as products
    of exact amounts, so a share is never rounded before it is compared.
    """
    rows = sorted(turnovers, key=lambda row: (-row.amount, row.code))
    total = whole(rows)
    limits = [("A", borders.share_a * total), ("B", borders.share_b * total)]
    nothing = before = Decimal(0)
    for rank, row in enumerate(rows, start=1):
        if row.amount <= 0:
            yield Placed(row.client_id, rank, row.amount, nothing, HUNDRED, "C")
            continue
        part = row.amount * HUNDRED
        after = before + part
        letter = _letter(limits, before, after, inside=borders.border_inside)
        letter = "A" if rank == 1 else letter
        yield Placed(row.client_id, rank, row.amount, part / total, after / total, letter)
        before = after


def _letter(
    limits: list[tuple[str, Decimal]], before: Decimal, after: Decimal, *, inside: bool
) -> str:
    for name, limit in limits:
        if before < limit if inside else after <= limit:
            return name
    return "C"


def direction(assigned: str, calculated: str) -> str:
    """Where the calculation points: up (towards A), down, or empty when they agree (ABC-4)."""
    if assigned == calculated:
        return ""
    return "up" if calculated < assigned else "down"


def steps(assigned: str, calculated: str) -> int:
    """How many borders lie between the two categories."""
    return abs(CATEGORIES.index(assigned) - CATEGORIES.index(calculated))


def period_until(last: date, months: int) -> tuple[date, date]:
    """So many months that end with the day: whole ones when it ends a month."""
    after = last + timedelta(days=1)
    year, month = divmod(after.year * 12 + after.month - 1 - months, 12)
    most = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(after.day, most)), last
