"""What a comparison is made of: lines of two sides, and what became of each of them.

`Line.key` names a line within its side: the row of an act in the database or of a file. Amounts are
roubles; debit is what the line adds to a debt to us, credit what it takes off, seen from the side
that wrote it. The client's own view is the mirror of ours (REC-2): `Line.mirrored`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Line:
    """One operation of a statement."""

    key: int
    on: date
    text: str = ""
    number: str = ""
    debit: Decimal = NOTHING
    credit: Decimal = NOTHING
    place: str = ""  # where a person finds it: «row 12»

    @property
    def value(self) -> Decimal:
        """What the line does to the balance."""
        return self.debit - self.credit

    def mirrored(self) -> Line:
        """The same line as the other side writes it."""
        return replace(self, debit=self.credit, credit=self.debit)


class How(StrEnum):
    """By what two sides of a pair were found to be the same."""

    EXACT = "exact"  # number, day and amount
    NUMBER_AMOUNT = "number_amount"  # another day
    AMOUNT_DAY = "amount_day"  # no number, or another one
    SUM = "sum"  # several lines of one side are one of the other
    NUMBER = "number"  # another amount
    WRONG_SIDE = "wrong_side"  # debit in credit
    CLOSE = "close"  # same day, the amount differs by a slip or by little
    ALONE = "alone"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to be told: a code with its figures; `wording.sentence` puts it into words."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """Lines of both sides that belong together, or one that stands alone."""

    ours: tuple[Line, ...]
    theirs: tuple[Line, ...]
    how: How
    suggestion: Remark

    @property
    def difference(self) -> Decimal:
        """How much more our side has than theirs."""
        return total(self.ours) - total(self.theirs)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every line of each side stands in exactly one of the four, in order of days."""

    matched: tuple[Found, ...]
    different_amount: tuple[Found, ...]
    missing_with_us: tuple[Found, ...]
    missing_with_them: tuple[Found, ...]

    @property
    def difference(self) -> Decimal:
        """Our turnover less theirs: what all differences add up to."""
        rows = (*self.different_amount, *self.missing_with_us, *self.missing_with_them)
        return sum((row.difference for row in rows), NOTHING)


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as its file has it; balances and turnovers are None where it does not say.

    `opening` and `closing` are debit less credit. `of` is whose figures it says it shows.
    """

    lines: tuple[Line, ...]
    opening: Decimal | None = None
    closing: Decimal | None = None
    turnover_debit: Decimal | None = None
    turnover_credit: Decimal | None = None
    of: str = ""
    warnings: tuple[Remark, ...] = ()

    def mirrored(self) -> Statement:
        """The same as the other side would write it."""
        return replace(
            self,
            lines=tuple(line.mirrored() for line in self.lines),
            opening=None if self.opening is None else -self.opening,
            closing=None if self.closing is None else -self.closing,
            turnover_debit=self.turnover_credit,
            turnover_credit=self.turnover_debit,
        )


def total(lines: tuple[Line, ...]) -> Decimal:
    """What the lines do to the balance together."""
    return sum((line.value for line in lines), NOTHING)
