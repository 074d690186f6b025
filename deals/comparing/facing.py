"""Whose side a statement is written from: their credit is our debit (REC-2), but not always."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from deals.comparing.records import Line, Remark, Statement


def from_our_side(
    statement: Statement,
    ours: Sequence[Line],
    *,
    opening: Decimal | None = None,
    closing: Decimal | None = None,
) -> Statement:
    """The statement as we would write it; how it was written is the first of its warnings.

    Both ways are tried: the one in which more lines have the amount of a line of ours is right,
    then the one whose balances are ours. Without any hint it is taken for theirs.
    """
    mirrored = statement.mirrored()
    as_is, turned = (
        (_alike(one, ours), _balances(one, opening, closing)) for one in (statement, mirrored)
    )
    code = "our_view" if as_is > turned else "their_view"
    if as_is == turned:
        code = "unclear_view"
    seen = statement if code == "our_view" else mirrored
    return replace(seen, warnings=(Remark(code), *seen.warnings))


def _alike(statement: Statement, ours: Sequence[Line]) -> int:
    """How many lines have the amount of a line of ours on the same side."""
    values = Counter(line.value for line in ours)
    return (Counter(line.value for line in statement.lines) & values).total()


def _balances(statement: Statement, opening: Decimal | None, closing: Decimal | None) -> int:
    pairs = ((statement.opening, opening), (statement.closing, closing))
    return sum(1 for said, own in pairs if said and said == own)
