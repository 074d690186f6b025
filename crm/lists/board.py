"""A board beside a register: a column for each state with its most urgent cards.

A subclass names the states and says which rows a column holds (`condition`), in which order, and
with which query the register shows them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial, reduce
from html import escape
from operator import or_
from typing import Any, ClassVar, cast
from urllib.parse import urlencode

from django.db.models import Count, Q, TextChoices
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django_filters import FilterSet

from crm.accounts.scope import scope_of
from crm.lists.filtering import narrowed
from crm.markup import escaped
from crm.sql import Blank, Kept, Planned, Statement, any_of, joined, maker
from crm.web import person_of

CARDS = 10
_kept = Kept()


@dataclass(frozen=True)
class BoardColumn:
    """A state with its count; no more cards than can be looked through."""

    state: Any
    tone: str
    count: int
    cards: list[SafeString]
    url: str
    choose_url: str
    is_chosen: bool

    @property
    def more(self) -> int:
        """How many cards are left for the register."""
        return self.count - len(self.cards)

    @property
    def body(self) -> SafeString:
        """The cards one after another."""
        return mark_safe("".join(self.cards))


@dataclass(frozen=True)
class Choice:
    """A drop-down above the board: its options with the chosen one."""

    name: str
    label: str
    options: SafeString


def write_card(url: str, name: str, *lines: str, under: str = "") -> SafeString:
    """A card with its name as the link, and `under` the rest in grey; what is unsafe is escaped.

    Written here like the cells of a list: a template for each card is what costs.
    """
    shown = "".join(f'<span class="board-facts">{escaped(line)}</span>' for line in lines)
    if under:
        shown += f'<span class="board-facts text-secondary">{escape(under)}</span>'
    return mark_safe(
        f'<article class="card board-card"><a class="board-name" href="{escape(url)}">'
        f"{escape(name)}</a>{shown}</article>"
    )


def at_the_end(text: str) -> SafeString:
    """What stands at the right edge of a line of a card."""
    return mark_safe(f'<span class="ms-auto text-nowrap">{escape(text)}</span>')


def write_options(options: Iterable[tuple[Any, Any]], chosen: str) -> SafeString:
    """The options of a drop-down."""
    return mark_safe(
        "".join(
            f'<option value="{escape(str(value))}"{" selected" if str(value) == chosen else ""}>'
            f"{escape(str(label))}</option>"
            for value, label in options
            if value
        )
    )


class Board:
    """What a person sees of the rows, narrowed by a few filters of the register."""

    states: ClassVar[tuple[Any, ...]]
    first: ClassVar[Any]  # the column that a phone shows first
    tones: ClassVar[dict[str, str]]
    # What narrows it; a board of some roles may know less.
    filters: type[FilterSet]
    narrowed_by: tuple[str, ...]
    choices_by: tuple[str, ...]  # those of `narrowed_by` that have a drop-down
    register: ClassVar[str]  # the name of its address
    # The columns that a card shows, of linked records too, the id of each first.
    shown: tuple[str, ...]
    since: date | None = None  # the first day of what is over and still shown, set before the rest

    def __init__(
        self, request: HttpRequest, rows: Any, counted: Any, today: date, units: Sequence[int] = ()
    ) -> None:
        """`counted`: the same rows, asked for in a way that suits counts of many.

        `units`: those whose clients' rows are all that is seen, if nothing else decides.
        """
        person, scope = person_of(request), scope_of(person_of(request))
        self.counted, self.today = counted, today
        self.units = () if scope.limited_fields else tuple(units)
        self._seen = (type(self), person.role, scope.key, scope.limited_fields, today, self.since)
        filters = narrowed(cast(Any, self.filters), self.narrowed_by)
        self.filter = filters(request.GET, queryset=rows, request=request)
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

    def for_cards(self, rows: Any) -> Any:
        """The rows with whatever a card shows that is no column."""
        return rows

    def card(self, row: Any) -> SafeString:
        """What a card shows of a row."""
        raise NotImplementedError

    @cached_property
    def columns(self) -> list[BoardColumn]:
        counts = self._counts()
        cards = self._cards([state for state in self.states if counts.get(state)])
        return [self._column(state, counts.get(state, 0), cards) for state in self.states]

    def _counts(self) -> dict[str, int]:
        """How many rows each column has.

        Columns that hold all of their state are counted apart from the others: together they would
        be one condition for which the rows themselves are read.
        """
        build = self._statement_of_counts
        key = (*self._seen, self.units)
        statement: Statement = build() if self.narrowed else _kept.get(key, build)
        return dict(statement.rows())

    def _statement_of_counts(self) -> Statement:
        self.filter.is_valid()  # what is wrong narrows nothing, as in `qs`
        model = self.counted.model
        counted = model._default_manager.all() if self.units else self.counted
        rows = self.filter.filter_queryset(counted).order_by()
        whole = [state for state in self.states if self.condition(state) == Q(state=state)]
        narrowed = [self.condition(state) for state in self.states if state not in whole]
        parts = [Q(state__in=whole)] if whole else []
        parts += [reduce(or_, narrowed)] if narrowed else []
        if self.units:
            return self._counts_of_clients([rows.filter(part) for part in parts])
        asked = [
            rows.filter(part).values("state").annotate(n=Count("*")).values_list("state", "n")
            for part in parts
        ]
        return Statement.of(asked[0].union(*asked[1:], all=True) if asked[1:] else asked[0])

    def _counts_of_clients(self, parts: list[Any]) -> Statement:
        """The clients of the units are hashed once for all parts."""
        found = joined(
            " UNION ALL ", (Statement.of(rows.values_list("state", "client_id")) for rows in parts)
        )
        clients: Any = self.counted.model._meta.get_field("client").related_model
        of_units = clients._default_manager.filter(org_unit__in=self.units)
        seen = Statement.of(of_units.order_by().values("pk"))
        # The values are parameters.
        sql = f"""
            SELECT state, count(*) FROM ({found.sql}) AS found (state, client_id)
            WHERE client_id IN ({seen.sql}) GROUP BY state
        """  # noqa: S608
        return Statement(sql, (*found.params, *seen.params))

    def _cards(self, states: list[TextChoices]) -> dict[str, list[SafeString]]:
        """The cards of all columns by two queries: the most urgent rows, then what they show.

        The SQL of the first is kept for those who see the same and narrow nothing: building it
        costs as much as the answer. The second is the same for everybody, and planned once.
        """
        if not states:
            return {}
        build = partial(self._statement_of_chosen, states)
        key = (*self._seen, *states)
        statement: Statement = build() if self.narrowed else _kept.get(key, build)
        paths = ("id", "state", *self.shown)
        shown: Planned = _kept.get((type(self), paths), partial(self._planned_cards, paths))
        ids = [pk for (pk,) in statement.rows()]
        made = map(maker(self.counted.model, paths), shown.rows(ids))
        rows = {row.pk: row for row in made}
        cards: dict[str, list[SafeString]] = defaultdict(list)
        for row in (rows[pk] for pk in ids if pk in rows):
            cards[row.state].append(self.card(row))
        return cards

    def _statement_of_chosen(self, states: list[TextChoices]) -> Statement:
        first, *others = (self._most_urgent(state) for state in states)
        return Statement.of(first.union(*others, all=True) if others else first)

    def _planned_cards(self, paths: tuple[str, ...]) -> Planned:
        ids = Blank()
        rows = self.for_cards(self.counted.model._default_manager).filter(any_of("pk", ids))
        return Planned(Statement.of(rows.order_by().values_list(*paths)), ids)

    def _most_urgent(self, state: TextChoices) -> Any:
        rows, order = self.filter.qs.filter(self.condition(state)), self.order(state)
        last = "-pk" if order.startswith("-") else "pk"  # as an index goes in either direction
        return rows.order_by(order, last).values_list("pk", flat=True)[:CARDS]

    @cached_property
    def choices(self) -> list[Choice]:
        """What the board is narrowed by; the rest is chosen in the register."""
        return [self._choice(name) for name in self.choices_by]

    def _choice(self, name: str) -> Choice:
        field: Any = self.filter.form.fields[name]
        chosen = self.filter.form.data.get(name, "")
        return Choice(name, str(field.label), write_options(field.choices, chosen))

    def _column(
        self, state: TextChoices, count: int, cards: dict[str, list[SafeString]]
    ) -> BoardColumn:
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
