"""The two sides laid out for pairing: figures that are quick to compare, and who is still free."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter

from deals.comparing.numbers import core_of, numbers_in
from deals.comparing.records import How, Line


@dataclass(frozen=True, slots=True)
class Card:
    """A line as whole kopecks and a day number, with the numbers that it names."""

    index: int
    line: Line
    value: int
    day: int
    full: tuple[str, ...]
    cores: tuple[str, ...]

    @property
    def sign(self) -> bool:
        """Whether the debt grows by it."""
        return self.value > 0


Group = tuple[Card, ...]
Keys = Callable[[Card], Iterable[Hashable]]
Allowed = Callable[[Card, Card], bool]


def cards(lines: Sequence[Line]) -> list[Card]:
    """The lines in order of days, those of one day in the order given."""
    ordered = sorted(enumerate(lines), key=lambda pair: (pair[1].on, pair[0]))
    made = []
    for place, (_at, line) in enumerate(ordered):
        full = numbers_in(line.number, line.text)
        cores = tuple(dict.fromkeys(map(core_of, full)))
        made.append(Card(place, line, int(line.value * 100), line.on.toordinal(), full, cores))
    return made


class Desk:
    """Cards of both sides; a group that was laid aside is free no more."""

    def __init__(self, ours: Sequence[Line], theirs: Sequence[Line], days: int) -> None:
        self.days = days
        self.sides = cards(ours), cards(theirs)
        self.is_free = [True] * len(ours), [True] * len(theirs)
        self.found: list[tuple[Group, Group, How]] = []

    def free(self, side: int) -> list[Card]:
        """What is still to be paired of our side, 0, or of theirs, 1."""
        return [card for card in self.sides[side] if self.is_free[side][card.index]]

    def free_on(self, side: int, day: int) -> list[Card]:
        """Free cards of a side whose days are near."""
        cards = self.sides[side]
        first = bisect_left(cards, day - self.days, key=attrgetter("day"))
        last = bisect_right(cards, day + self.days, key=attrgetter("day"))
        return [card for card in cards[first:last] if self.is_free[side][card.index]]

    def lay(self, ours: Group, theirs: Group, how: How) -> None:
        """Put a group aside."""
        for side, group in enumerate((ours, theirs)):
            for card in group:
                assert self.is_free[side][card.index]
                self.is_free[side][card.index] = False
        self.found.append((ours, theirs, how))

    def by_key(self, side: int, keys: Keys) -> dict[Hashable, list[Card]]:
        """Free cards of a side by each of their keys."""
        found: dict[Hashable, list[Card]] = defaultdict(list)
        for card in self.free(side):
            for key in keys(card):
                found[key].append(card)
        return found

    def pair(
        self,
        keys: Keys,
        how: How,
        *,
        days: int,
        allowed: Allowed | None = None,
        their_keys: Keys | None = None,
    ) -> None:
        """Pair free cards with a common key, the nearest days first, then by the order of lines."""
        ours, theirs = self.by_key(0, keys), self.by_key(1, their_keys or keys)
        for key, group in ours.items():
            if key in theirs:
                for one, other in self._nearest(group, theirs[key], days, allowed):
                    self.lay((one,), (other,), how)

    def _nearest(
        self, ours: list[Card], theirs: list[Card], days: int, allowed: Allowed | None
    ) -> Iterator[tuple[Card, Card]]:
        by_day: dict[int, list[Card]] = defaultdict(list)
        for card in theirs:
            by_day[card.day].append(card)
        for gap in range(days + 1):
            for one in ours:
                if not self.is_free[0][one.index]:
                    continue
                other = self._first(one, gap, by_day, allowed)
                if other is not None:
                    yield one, other

    def _first(
        self, one: Card, gap: int, by_day: dict[int, list[Card]], allowed: Allowed | None
    ) -> Card | None:
        for day in dict.fromkeys((one.day + gap, one.day - gap)):
            for other in by_day.get(day, ()):
                if self.is_free[1][other.index] and (allowed is None or allowed(one, other)):
                    return other
        return None
