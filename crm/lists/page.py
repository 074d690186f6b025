"""One page of a list: everything that its templates show."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.lists.cells import NUMERIC, RowWriter, heading, money, number
from crm.lists.filtering import Chip, Filtering, denied_filters
from crm.lists.head import (
    Choice,
    HeadCell,
    write_column_boxes,
    write_headings,
    write_sort_links,
)
from crm.lists.keyset import LAST, BadCursor, Keyset, Summary, summarize
from crm.lists.ready import Tab, tabs_of
from crm.lists.spec import Column, Found, ListSpec, Rows
from crm.lists.state import ListState, read_state
from crm.tabular import Kind


@dataclass(frozen=True, slots=True)
class Window:
    """The rows shown and their place: `start` rows stand before them, None when not known."""

    rows: list[Any]
    start: int | None
    previous: bool
    following: bool


@dataclass(frozen=True, slots=True)
class Total:
    label: str
    text: str
    number: bool


class ListPage:
    """The answer to one request for a list."""

    def __init__(
        self,
        spec: ListSpec,
        request: HttpRequest,
        queryset: Rows,
        params: QueryDict | None = None,
        summed: Rows | None = None,
    ) -> None:
        self.spec = spec
        self.request = request
        self.everything = queryset
        self.open_columns = spec.columns_for(request.user)
        asked = request.GET if params is None else params
        self.state: ListState = read_state(spec, asked, request.path, self.open_columns)
        self.typed_filters = dict(self.state.filters)
        self._filter(queryset, summed)

    def _filter(self, queryset: Rows, summed: Rows | None) -> None:
        state = self.state
        self._summed = None if state.q else summed
        self._chips: list[Chip] = []
        if state.filters:
            filtering = Filtering(self.spec, self.request, queryset, state)
            queryset = filtering.rows(queryset)
            if self._summed is not None:
                self._summed = filtering.rows(self._summed)
            self._chips = filtering.chips()
        self._known_count: int | None = None
        if state.q and self.spec.search:
            found = self.spec.search(queryset, state.q)
            found = found if isinstance(found, Found) else Found(found)
            queryset, self._known_count = found.rows, found.count
        self.keyset = Keyset(self.spec, state.sort, queryset)
        self.queryset = self.keyset.queryset

    def load(self) -> None:
        """Ask the database for everything the templates will show."""
        _rows, _size = self.window, self.summary

    # What is shown

    @property
    def id(self) -> str:
        return f"list-{self.spec.name}"

    @property
    def title(self) -> str:
        return self.spec.heading

    @property
    def columns(self) -> list[Column]:
        return [self.open_columns[name] for name in self.state.columns]

    @cached_property
    def window(self) -> Window:
        """The rows of this page; a cursor past either end gives the page at that end."""
        state, size = self.state, self.state.size
        try:
            if state.after:
                return self._after(*self.keyset.unsign(state.after), size)
            if state.before == LAST:
                return self._last(size)
            if state.before:
                return self._before(*self.keyset.unsign(state.before), size)
        except BadCursor:
            key = "after" if state.after else "before"
            state.drop(_("This place in the list no longer exists; here is the beginning."), key)
            state.after = state.before = ""
        rows = self.keyset.rows(size + 1)
        return Window(rows[:size], 0, False, len(rows) > size)

    def _after(self, values: list[Any], start: int | None, size: int) -> Window:
        rows = self.keyset.rows(size + 1, values)
        if not rows:
            return self._last(size)
        return Window(rows[:size], start, True, len(rows) > size)

    def _before(self, values: list[Any], end: int | None, size: int) -> Window:
        rows = self.keyset.rows_backwards(size + 1, values)
        if len(rows) <= size:
            rows = self.keyset.rows(size + 1)
            return Window(rows[:size], 0, False, len(rows) > size)
        start = None if end is None else max(0, end - size)
        return Window(rows[1:], start, True, True)

    def _last(self, size: int) -> Window:
        rows = self.keyset.rows_backwards(size + 1)
        start = self.summary.count - min(size, len(rows)) if self.summary.exact else None
        return Window(rows[-size:], start, len(rows) > size, False)

    @cached_property
    def summary(self) -> Summary:
        """Size and sums of the filtered set; a page that shows it all needs no count."""
        sums = {column.name: column.total_path for column in self.columns if column.total}
        shown: Window | None = self.__dict__.get("window")
        if shown and not sums and not shown.previous and not shown.following:
            return Summary(len(shown.rows), True, None)
        if self._known_count is not None and not sums:
            return Summary(self._known_count, True, None)
        bound = self.spec.count_bound
        rows = self.queryset if self._summed is None else self._summed
        return summarize(rows, bound, sums, unbounded=self.state.totals)

    @cached_property
    def rows(self) -> list[Any]:
        return self.window.rows

    @cached_property
    def body(self) -> SafeString:
        return RowWriter(self.spec, self.open_columns, self.state, self._cell_filters).write(
            self.rows
        )

    @cached_property
    def _cell_filters(self) -> set[str]:
        denied = denied_filters(self.spec, self.request.user)
        wanted = {column.filter for column in self.open_columns.values() if column.filter}
        return wanted.difference(denied) if self.spec.filters else set()

    @cached_property
    def head(self) -> list[HeadCell]:
        return [self._head_cell(column) for column in self.columns]

    @property
    def headings(self) -> SafeString:
        return write_headings(self.head)

    @property
    def sort_links(self) -> SafeString:
        return write_sort_links(self.head)

    def _head_cell(self, column: Column) -> HeadCell:
        kind = self.spec.kinds[column.name]
        first = self.state.sort.split(",")[0]
        url = ordered = ""
        if column.name in self.spec.sortable:
            descends = first == column.name
            key = f"-{column.name}" if descends else column.name
            url = self.state.url(sort=None if key == self.state.default_sort else key)
            if first.removeprefix("-") == column.name:
                ordered = "descending" if first.startswith("-") else "ascending"
        return HeadCell(heading(column, kind), str(column.help), kind in NUMERIC, url, ordered)

    @property
    def views(self) -> list[Tab]:
        """The ready views of the list, as tabs."""
        return tabs_of(self.spec, self.state)

    # Filters

    @cached_property
    def chips(self) -> list[Chip]:
        """Everything that narrows the list, the search first."""
        state = self.state
        found = [Chip(_("Text search"), state.q, state.url(q=None))] if state.q else []
        return found + self._chips

    @property
    def clear_url(self) -> str:
        return self.state.url(q=None, **dict.fromkeys(self.state.filters))

    @property
    def filters_url(self) -> str:
        """The side panel with the filter form."""
        return self.state.url(part="filters") if self.spec.filters else ""

    @property
    def search_fields(self) -> list[tuple[str, str]]:
        return self._hidden("q")

    @property
    def column_fields(self) -> list[tuple[str, str]]:
        return self._hidden("columns")

    @property
    def filter_fields(self) -> list[tuple[str, str]]:
        return self._hidden(*self.state.filters)

    def _hidden(self, *without: str) -> list[tuple[str, str]]:
        """The state that a form carries along besides its own inputs."""
        pairs = self.state.pairs()
        return [
            (key, str(value))
            for key, values in pairs.items()
            if key not in without
            for value in (values if isinstance(values, list) else [values])
        ]

    @property
    def filter_count(self) -> int:
        return len(self._chips)

    @property
    def searchable(self) -> bool:
        return self.spec.search is not None

    @property
    def search_hint(self) -> str:
        return str(self.spec.search_hint or _("Search the list"))

    # Layout

    @property
    def column_choices(self) -> list[Choice]:
        chosen = self.state.columns
        return [
            Choice(name, str(column.label), name in chosen, fixed=column.link)
            for name, column in self.open_columns.items()
        ]

    @property
    def column_boxes(self) -> SafeString:
        return write_column_boxes(self.column_choices)

    @property
    def default_columns_url(self) -> str:
        return self.state.url(columns=None) if self.state.chosen else ""

    @property
    def sizes(self) -> list[Choice]:
        return [
            Choice(
                str(size),
                str(size),
                size == self.state.size,
                url=self.state.url(size=None if size == self.state.default_size else size),
            )
            for size in self.spec.page_sizes
        ]

    # Foot

    @property
    def count_text(self) -> str:
        """How many rows there are: exact, or the bound with a plus."""
        summary = self.summary
        if not summary.exact:
            return _("more than %(bound)s rows") % {"bound": number(summary.count)}
        return ngettext("%(count)s row", "%(count)s rows", summary.count) % {
            "count": number(summary.count)
        }

    @property
    def count_short(self) -> str:
        return number(self.summary.count) + ("" if self.summary.exact else "+")

    @property
    def range_text(self) -> str:
        """Which rows of how many are on this page."""
        window = self.window
        if window.start is None or not window.rows:
            return self.count_text
        return _("%(first)s–%(last)s of %(count)s") % {
            "first": number(window.start + 1),
            "last": number(window.start + len(window.rows)),
            "count": self.count_short,
        }

    @property
    def caption(self) -> str:
        """The table in words, for those who hear it."""
        column = self.open_columns[self.state.sort.split(",")[0].removeprefix("-")]
        return _("%(title)s: %(range)s, sorted by “%(column)s”") % {
            "title": self.title,
            "range": self.range_text,
            "column": column.label,
        }

    @property
    def totals(self) -> list[Total]:
        """The foot of each column, empty where the column has no sum."""
        sums = self.summary.sums or {}
        cells = [self._total(column, sums) for column in self.columns]
        if not cells[0].text:
            cells[0] = Total("", _("Total"), False)
        return cells

    def _total(self, column: Column, sums: dict[str, Any]) -> Total:
        kind = self.spec.kinds[column.name]
        if column.name not in sums:
            return Total("", "", False)
        show = money if kind == Kind.MONEY else number
        return Total(heading(column, kind), show(sums[column.name]), True)

    @property
    def has_totals(self) -> bool:
        return self.summary.sums is not None and self.summary.count > 0

    @property
    def totals_url(self) -> str:
        """Where sums are to be asked for, because the set is beyond the bound."""
        if self.summary.sums is not None or not any(c.total for c in self.columns):
            return ""
        state = self.state
        return state.url(after=state.after, before=state.before, totals="1")

    @property
    def pager(self) -> dict[str, str]:
        """Addresses of the first, previous, next and last page; empty where there is none."""
        window, state = self.window, self.state
        urls = {"first": "", "previous": "", "next": "", "last": ""}
        if window.previous and window.rows:
            urls["first"] = state.url()
            urls["previous"] = state.url(before=self.keyset.sign(window.rows[0], window.start))
        if window.following:
            end = None if window.start is None else window.start + len(window.rows)
            urls["next"] = state.url(after=self.keyset.sign(window.rows[-1], end))
            urls["last"] = state.url(before=LAST)
        return urls

    @property
    def exports(self) -> list[tuple[str, str]]:
        if not self.spec.can_export(self.request.user):
            return []
        state = self.state
        return [("XLSX", state.url(export="xlsx")), ("CSV", state.url(export="csv"))]

    @cached_property
    def is_empty(self) -> bool:
        return not self.rows

    @property
    def is_ready_view(self) -> bool:
        """Whether a tab is open, so that nobody has to look for a filter of their own."""
        return any(tab.is_open for tab in self.views)

    @property
    def narrowed(self) -> bool:
        return bool(self.state.q or self.state.filters)
