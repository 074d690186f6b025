"""Amounts that differ by a slip of the hand."""

from __future__ import annotations

from decimal import Decimal


def is_slip(one: Decimal, other: Decimal) -> bool:
    """Whether two amounts differ by one digit or by two neighbours that changed places."""
    first, second = f"{abs(one):.2f}", f"{abs(other):.2f}"
    if len(first) != len(second):
        return False
    wrong = [at for at, pair in enumerate(zip(first, second, strict=True)) if pair[0] != pair[1]]
    if len(wrong) == 2 and wrong[1] - wrong[0] == 1:
        return sorted(first) == sorted(second)
    return len(wrong) == 1
