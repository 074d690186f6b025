"""A board beside a register: a column for each state with its most urgent cards.

A subclass names the states and says which rows a column holds (`condition`), in which order, and
with which query the register shows them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.db.models import Count, Q, TextChoices
from django.http import HttpRequest
from django.urls import reverse
from django_filters import FilterSet

CARDS = 10


@dataclass(frozen=True)
class BoardColumn:
    """A state with its count; no more cards than can be looked through."""

    state: Any
    tone: str
    count: int
    cards: list[Any]
    url: str
    choose_url: str
    is_chosen: bool

    @property
    def more(self) -> int:
        """How many cards are left for the register."""
        return self.count - len(self.cards)


@dataclass(frozen=True)
class Choice:
    """A drop-down above the board: its options with the chosen one."""

    name: str
    label: str
    options: list[tuple[str, str, bool]]


class Board:
    """What a person sees of the rows, narrowed by a few filters of the register."""

    states: ClassVar[tuple[Any, ...]]
    first: ClassVar[Any]  # the column that a phone shows first
    tones: ClassVar[dict[str, str]]
    filters: ClassVar[type[FilterSet]]
    narrowed_by: ClassVar[tuple[str, ...]]
    choices_by: ClassVar[tuple[str, ...]]  # those of `narrowed_by` that have a drop-down
    register: ClassVar[str]  # the name of its address

    def __init__(self, request: HttpRequest, rows: Any) -> None:
        self.filter = self.filters(request.GET, queryset=rows, request=request)
        for name in [name for name in self.filter.filters if name not in self.narrowed_by]:
            del self.filter.filters[name]
        chosen = request.GET.get("column", "")
        known = [state for state in self.states if state == chosen]
        self.chosen = known[0] if known else self.first
        self.narrowed = {
            name: request.GET.getlist(name) for name in self.narrowed_by if request.GET.get(name)
        }

    def condition(self, state: TextChoices) -> Q:
        """Which rows of the state the board shows."""
        return Q(state=state)

    def order(self, state: TextChoices) -> str:
        """The most urgent first."""
        raise NotImplementedError

    def query(self, state: TextChoices) -> dict[str, Any]:
        """What the register is asked for beside the state."""
        raise NotImplementedError

    def card(self, row: Any) -> Any:
        """What a card shows of a row."""
        raise NotImplementedError

    @cached_property
    def columns(self) -> list[BoardColumn]:
        shown = Q()
        for state in self.states:
            shown |= self.condition(state)
        rows = self.filter.qs.filter(shown).order_by().values("state")
        counts = dict(rows.annotate(n=Count("pk")).values_list("state", "n"))
        cards = self._cards([state for state in self.states if counts.get(state)])
        return [self._column(state, counts.get(state, 0), cards) for state in self.states]

    def _cards(self, states: list[TextChoices]) -> dict[str, list[Any]]:
        """The cards of all columns by two queries: which rows, and what they show."""
        if not states:
            return {}
        first, *others = (self._most_urgent(state) for state in states)
        keys = list(first.union(*others, all=True) if others else first)
        by_key = self.filter.qs.for_list().in_bulk(keys)
        cards: dict[str, list[Any]] = defaultdict(list)
        for row in (by_key[key] for key in keys if key in by_key):
            cards[row.state].append(self.card(row))
        return cards

    def _most_urgent(self, state: TextChoices) -> Any:
        rows = self.filter.qs.filter(self.condition(state))
        return rows.order_by(self.order(state), "pk").values_list("pk", flat=True)[:CARDS]

    @cached_property
    def choices(self) -> list[Choice]:
        """What the board is narrowed by; the rest is chosen in the register."""
        return [self._choice(name) for name in self.choices_by]

    def _choice(self, name: str) -> Choice:
        field: Any = self.filter.form.fields[name]
        chosen = self.filter.form.data.get(name, "")
        options = [(str(value), str(label)) for value, label in field.choices if value]
        return Choice(
            name, str(field.label), [(value, label, value == chosen) for value, label in options]
        )

    def _column(self, state: TextChoices, count: int, cards: dict[str, list[Any]]) -> BoardColumn:
        query = {"state": state.value} | self.query(state) | self.narrowed
        return BoardColumn(
            state,
            self.tones.get(state, "neutral"),
            count,
            cards.get(state, []),
            f"{reverse(self.register)}?{urlencode(query, doseq=True)}",
            f"?{urlencode(self.narrowed | {'column': state.value}, doseq=True)}",
            state == self.chosen,
        )
