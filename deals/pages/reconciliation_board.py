"""The board of reconciliations: a column for each state, its most urgent cards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse

from crm.calendar import half_end
from crm.web import person_of
from deals.actions.reconciliation_schedules import Half
from deals.filters.reconciliations import ReconciliationFilter
from deals.lists.reconciliations import TONES, answerer_of, send_cell, sign_cell
from deals.models import NOT_SENT, OPEN_ITEM, ItemState, ReconciliationItem

CARDS = 10
COLUMNS = (ItemState.REQUESTED, *OPEN_ITEM, ItemState.SIGNED)
NARROWED_BY = ("manager", "unit", "category", "kind")
FIRST = ItemState.PLANNED


class BoardFilter(ReconciliationFilter):
    """The board is narrowed by a few of the filters of the register."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in [name for name in self.filters if name not in NARROWED_BY]:
            del self.filters[name]


@dataclass(frozen=True)
class Card:
    """One reconciliation: whose, as of when, what is to be done by when."""

    item: ReconciliationItem

    @property
    def term(self) -> str:
        """By when it goes out, or comes back."""
        return send_cell(self.item) if self.item.state in NOT_SENT else sign_cell(self.item)

    @property
    def manager(self) -> Any:
        return answerer_of(self.item)

    @property
    def act(self) -> Any:
        return getattr(self.item, "act", None)


@dataclass(frozen=True)
class BoardColumn:
    """A state with its count; no more cards than can be looked through."""

    state: ItemState
    count: int
    cards: list[Card]
    url: str
    choose_url: str
    is_chosen: bool

    @property
    def tone(self) -> str:
        return TONES.get(self.state, "neutral")

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
    """What is open up to the end of this half-year, and what was signed in it."""

    def __init__(self, request: HttpRequest, today: date) -> None:
        self.user, self.today, self.half = person_of(request), today, Half.of(today)
        self.filter = BoardFilter(
            request.GET, queryset=ReconciliationItem.objects.visible_to(self.user), request=request
        )
        chosen = request.GET.get("column", "")
        self.chosen = ItemState(chosen) if chosen in COLUMNS else FIRST
        self.narrowed = {
            name: request.GET.getlist(name) for name in NARROWED_BY if request.GET.getlist(name)
        }

    @property
    def last_day(self) -> date:
        """Of the half-year."""
        return half_end(self.today)

    @cached_property
    def columns(self) -> list[BoardColumn]:
        counts = self._counts()
        return [self._column(state, counts.get(state, 0)) for state in COLUMNS]

    @cached_property
    def choices(self) -> list[Choice]:
        """What the board is narrowed by; one category or kind is chosen in the register."""
        return [self._choice(name) for name in ("manager", "unit")]

    def _choice(self, name: str) -> Choice:
        field: Any = self.filter.form.fields[name]
        chosen = self.filter.form.data.get(name, "")
        options = [(str(value), str(label)) for value, label in field.choices if value]
        return Choice(
            name, str(field.label), [(value, label, value == chosen) for value, label in options]
        )

    @property
    def is_empty(self) -> bool:
        return not any(column.count for column in self.columns)

    def _counts(self) -> dict[str, int]:
        shown = Q()
        for state in COLUMNS:
            shown |= self._condition(state)
        rows = self.filter.qs.filter(shown).order_by().values("state")
        return dict(rows.annotate(n=Count("pk")).values_list("state", "n"))

    def _condition(self, state: ItemState) -> Q:
        if state == ItemState.SIGNED:
            return Q(state=state, signed_on__gte=self.half.first)
        if state == ItemState.REQUESTED:
            return Q(state=state)
        drafts = Q(schedule__state="draft")
        return Q(state=state, as_of__lte=self.last_day) & ~drafts

    def _column(self, state: ItemState, count: int) -> BoardColumn:
        order = {ItemState.SIGNED: "-signed_on"}.get(
            state, "send_by" if state in NOT_SENT else "sign_by"
        )
        rows = self.filter.qs.filter(self._condition(state)).for_list().order_by(order, "pk")
        cards = [Card(item) for item in rows[:CARDS]] if count else []
        return BoardColumn(
            state,
            count,
            cards,
            self._register(state),
            f"?{urlencode(self.narrowed | {'column': state.value}, doseq=True)}",
            state == self.chosen,
        )

    def _register(self, state: ItemState) -> str:
        more: dict[str, Any] = {}
        if state == ItemState.SIGNED:
            more = {"signed_from": self.half.first}
        elif state != ItemState.REQUESTED:
            more = {"step": "open", "as_of_to": self.last_day}
        query = urlencode({"state": state.value} | more | self.narrowed, doseq=True)
        return f"{reverse('deals:reconciliation_list')}?{query}"
