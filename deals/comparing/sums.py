"""Several lines of one side that are one of the other: documents of a day entered as one sum."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from deals.comparing.desk import Card, Desk, Group
from deals.comparing.records import How

NEAREST = 16  # lines that are tried together with each other
WORK = 1_000_000  # lines that are looked at in one comparison


def sums_by_number(desk: Desk) -> None:
    """One line that names several documents, or several lines of one document."""
    for side in (1, 0):
        parts = desk.by_key(1 - side, lambda card: [(core, card.sign) for core in card.cores])
        for whole in desk.free(side):
            named: dict[int, Card] = {}
            for core in whole.cores:
                for card in parts.get((core, whole.sign), ()):
                    if desk.is_free[1 - side][card.index] and _is_near(desk, whole, card):
                        named[card.index] = card
            if len(named) > 1 and sum(card.value for card in named.values()) == whole.value:
                _lay(desk, side, whole, tuple(named.values()))


def sums_by_day(desk: Desk) -> None:
    """One line that is all, or a few, of the other side's lines of near days."""
    looked_at = 0
    for side in (1, 0):
        for whole in desk.free(side):
            if looked_at > WORK:
                return
            near = _near(desk, 1 - side, whole)
            looked_at += len(near)
            if parts := _whole_day(near, whole) or _some(near, whole):
                _lay(desk, side, whole, parts)


def _lay(desk: Desk, side: int, whole: Card, parts: Group) -> None:
    one = (whole,)
    desk.lay(parts if side else one, one if side else parts, How.SUM)


def _is_near(desk: Desk, one: Card, other: Card) -> bool:
    return abs(one.day - other.day) <= desk.days


def _near(desk: Desk, side: int, whole: Card) -> list[Card]:
    """Free cards that could be parts of it, the nearest first."""
    found = [
        card
        for card in desk.free_on(side, whole.day)
        if card.sign == whole.sign and abs(card.value) < abs(whole.value)
    ]
    return sorted(found, key=lambda card: (abs(card.day - whole.day), card.index))


def _whole_day(near: list[Card], whole: Card) -> Group | None:
    """All lines of one day, the nearest day first."""
    by_day: dict[int, list[Card]] = defaultdict(list)
    for card in near:
        by_day[card.day].append(card)
    for group in by_day.values():
        if len(group) > 1 and sum(card.value for card in group) == whole.value:
            return tuple(group)
    return None


def _some(near: list[Card], whole: Card) -> Group | None:
    """The only two, three or four lines that add up to it, the fewest first.

    A way with the document that the whole names goes before the others; two ways alike are none.
    """
    few = near[:NEAREST]
    named = {at for at, card in enumerate(few) if set(card.cores) & set(whole.cores)}
    found = [[set(way) for way in ways(few, whole.value)] for ways in (_twos, _threes, _fours)]
    for ways in [*([way for way in size if way & named] for size in found), *found]:
        if ways:
            alone = all(way == ways[0] for way in ways)
            return tuple(few[at] for at in sorted(ways[0])) if alone else None
    return None


def _twos(few: list[Card], value: int) -> Iterator[tuple[int, ...]]:
    at = {card.value: place for place, card in enumerate(few)}
    for place, card in enumerate(few):
        for other in range(place + 1, len(few)) if value - card.value in at else ():
            if card.value + few[other].value == value:
                yield place, other


def _threes(few: list[Card], value: int) -> Iterator[tuple[int, ...]]:
    for place, card in enumerate(few):
        for pair in _twos(few[place + 1 :], value - card.value):
            yield (place, *(at + place + 1 for at in pair))


def _fours(few: list[Card], value: int) -> Iterator[tuple[int, ...]]:
    sums: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for second in range(len(few)):
        for first in range(second):
            for pair in sums.get(value - few[first].value - few[second].value, ()):
                if not {first, second} & set(pair):
                    yield (*pair, first, second)
        for first in range(second):
            sums[few[first].value + few[second].value].append((first, second))
