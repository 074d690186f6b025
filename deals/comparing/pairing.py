"""Pairing of two lists of operations, from what is certain to what is likely (S2B.III.11, DL-12).

Both lists are given from our point of view. The order of the steps is the rule: the same number and
amount on one day; on a near one; sums of documents that are named; the amount on a near day where
no number speaks against it; sums of near days; the same number with another amount; what is left.

Numbers are believed per direction only where they agree with amounts more often than not: a buyer's
program may number our shipments by itself.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date

from deals.comparing.desk import Card, Desk, Group
from deals.comparing.kinds import kind_of
from deals.comparing.records import Comparison, Found, How, Line
from deals.comparing.slips import is_slip
from deals.comparing.suggesting import Suggesting
from deals.comparing.sums import sums_by_day, sums_by_number

MATCHED = (How.EXACT, How.NUMBER_AMOUNT, How.AMOUNT_DAY, How.SUM)
CLOSE = 20  # amounts without numbers that differ by less than this part are one, if alone


def compare(
    ours: Sequence[Line],
    theirs: Sequence[Line],
    *,
    days: int,
    period: tuple[date, date] | None = None,
) -> Comparison:
    """What became of every line; `days` is how far apart the days of one operation may lie.

    `theirs` are seen from our side already (`facing.from_our_side`). The period, first and last day
    of it, tells which missing lines stand at its border.
    """
    desk = Desk(ours, theirs, days)
    _by_number_and_amount(desk)
    trusted = _trusted_directions(desk)
    _far_days(desk, trusted)
    sums_by_number(desk)
    _by_amount(desk, trusted)
    sums_by_day(desk)
    _another_amount(desk, trusted)
    desk.pair(lambda card: [card.value], How.AMOUNT_DAY, days=days)
    _wrong_side(desk)
    _close_amounts(desk, trusted)
    return _result(desk, period)


def _full_and_amount(card: Card) -> list[object]:
    return [(number, card.value) for number in card.full]


def _core_and_amount(card: Card) -> list[object]:
    return [(core, card.value) for core in card.cores]


def _by_number_and_amount(desk: Desk) -> None:
    for keys in (_full_and_amount, _core_and_amount):
        desk.pair(keys, How.EXACT, days=0)
    for keys in (_full_and_amount, _core_and_amount):
        desk.pair(keys, How.NUMBER_AMOUNT, days=desk.days)


def _trusted_directions(desk: Desk) -> frozenset[bool]:
    """Signs of amounts for which the numbers of both sides are the same numbers."""
    agree, differ = {True: 0, False: 0}, {True: 0, False: 0}
    for ours, _theirs, _how in desk.found:
        agree[ours[0].sign] += 1
    theirs = desk.by_key(1, lambda card: [card.value] if card.cores else [])
    for card in desk.free(0):
        near = theirs.get(card.value, []) if card.cores else []
        differ[card.sign] += any(abs(card.day - other.day) <= desk.days for other in near)
    return frozenset(sign for sign in (True, False) if agree[sign] >= differ[sign])


def _far_days(desk: Desk, trusted: frozenset[bool]) -> None:
    """The only two lines with one number and amount are one operation, whatever their days."""
    ours, theirs = desk.by_key(0, _core_and_amount), desk.by_key(1, _core_and_amount)
    for key, group in ours.items():
        others = theirs.get(key, [])
        if len(group) == len(others) == 1 and group[0].sign in trusted:
            one, other = group[0], others[0]
            if desk.is_free[0][one.index] and desk.is_free[1][other.index]:
                desk.lay((one,), (other,), How.NUMBER_AMOUNT)


def _by_amount(desk: Desk, trusted: frozenset[bool]) -> None:
    """One amount on near days: first without a number on a side, then with another number.

    Where numbers are believed, a line whose number the other side still has is kept for it.
    """
    homes = [
        {(core, card.sign) for card in desk.free(side) for core in card.cores} for side in (0, 1)
    ]

    def has_home(card: Card, others: set[tuple[str, bool]]) -> bool:
        return card.sign in trusted and any((core, card.sign) in others for core in card.cores)

    def no_number(one: Card, other: Card) -> bool:
        silent = not (one.cores and other.cores) or one.sign not in trusted
        return silent and no_home(one, other)

    def no_home(one: Card, other: Card) -> bool:
        return not has_home(one, homes[1]) and not has_home(other, homes[0])

    for allowed in (no_number, no_home):
        desk.pair(lambda card: [card.value], How.AMOUNT_DAY, days=desk.days, allowed=allowed)


def _another_amount(desk: Desk, trusted: frozenset[bool]) -> None:
    def full(card: Card) -> list[object]:
        return [(number, card.sign) for number in card.full if card.sign in trusted]

    def core(card: Card) -> list[object]:
        return [(number, card.sign) for number in card.cores if card.sign in trusted]

    for keys in (full, core):
        desk.pair(keys, How.NUMBER, days=desk.days)


def _wrong_side(desk: Desk) -> None:
    """Debit in credit: the same number, or the same kind of operation, with the amount reversed."""

    def core(card: Card) -> list[object]:
        return [(number, card.value) for number in card.cores]

    def core_reversed(card: Card) -> list[object]:
        return [(number, -card.value) for number in card.cores]

    def kind(card: Card) -> list[object]:
        return [(found, card.value)] if (found := kind_of(card.line.text)) else []

    def kind_reversed(card: Card) -> list[object]:
        return [(found, -card.value)] if (found := kind_of(card.line.text)) else []

    for keys, their_keys in ((core, core_reversed), (kind, kind_reversed)):
        desk.pair(keys, How.WRONG_SIDE, days=desk.days, their_keys=their_keys)


def _close_amounts(desk: Desk, trusted: frozenset[bool]) -> None:
    """Two lines of a day that are nearest to each other and differ by a slip or by little.

    Where both have a number that is believed, only a slip makes them one, if they are alone.
    """
    sides = [desk.by_key(side, lambda card: [(card.day, card.sign)]) for side in (0, 1)]
    for key in (key for key in sides[0] if key in sides[1]):
        ours, theirs = (sorted(side[key], key=_value) for side in sides)
        choice = max(len(ours), len(theirs))
        for one in ours:
            other = _nearest(one, theirs)
            if _nearest(other, ours) is one and _is_close(one, other, choice, trusted):
                desk.lay((one,), (other,), How.CLOSE)


def _value(card: Card) -> int:
    return card.value


def _nearest(card: Card, others: list[Card]) -> Card:
    at = bisect_left(others, card.value, key=_value)
    return min(others[max(at - 1, 0) : at + 1], key=lambda other: abs(other.value - card.value))


def _is_close(one: Card, other: Card, choice: int, trusted: frozenset[bool]) -> bool:
    """The more lines there were to choose from, the closer the amounts have to be."""
    if choice == 1 and is_slip(one.line.value, other.line.value):
        return True
    believed = one.sign in trusted and one.cores and other.cores
    return not believed and abs(one.value - other.value) * CLOSE * choice <= abs(one.value)


def _result(desk: Desk, period: tuple[date, date] | None) -> Comparison:
    """The groups with their suggestions, and everybody who is alone."""
    suggesting = Suggesting(desk, period)
    found = [
        _found(_lines(ours), _lines(theirs), how, suggesting) for ours, theirs, how in desk.found
    ]
    found.sort(key=lambda row: (row.ours[0].on, row.ours[0].key, row.theirs[0].key))
    with_them = [_found((card.line,), (), How.ALONE, suggesting) for card in desk.free(0)]
    with_us = [_found((), (card.line,), How.ALONE, suggesting) for card in desk.free(1)]
    return Comparison(
        matched=tuple(row for row in found if row.how in MATCHED),
        different_amount=tuple(row for row in found if row.how not in MATCHED),
        missing_with_us=tuple(with_us),
        missing_with_them=tuple(with_them),
    )


def _lines(group: Group) -> tuple[Line, ...]:
    return tuple(card.line for card in group)


def _found(
    ours: tuple[Line, ...], theirs: tuple[Line, ...], how: How, suggesting: Suggesting
) -> Found:
    return Found(ours, theirs, how, suggesting.of(ours, theirs, how))
