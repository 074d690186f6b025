"""How a list is declared: its columns, filters, sorts and limits."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured
from django.db import models
from django.db.models.expressions import Combinable
from django.utils.functional import Promise
from django.utils.text import capfirst
from django_filters import FilterSet

from crm.sql import ByIds
from crm.tabular import Kind

Text = str | Promise
Rows = models.QuerySet[Any]
Getter = Callable[[Any], Any]
Predicate = Callable[[Any], bool]

_KINDS: tuple[tuple[Any, Kind], ...] = (
    (models.DateTimeField, Kind.DATETIME),
    (models.DateField, Kind.DATE),
    (models.BooleanField, Kind.YESNO),
    (models.IntegerField, Kind.NUMBER),
    (models.DecimalField, Kind.NUMBER),
    (models.FloatField, Kind.NUMBER),
)


@dataclass(frozen=True)
class Column:
    """One column; `name` is its key in the URL and, unless `value` says otherwise, the attribute.

    `value`: attribute path ("owner.short_name") or function of the row; `sort`: ORM path(s) it is
    sorted by, none means not sortable; `filter`: parameter that the funnel in a cell sets, to
    `filter_value`; `total`: True, the ORM path or the expression to sum; `render`: template that
    receives `value` and `label`, or function of the row; `export`: function of the row,
    False leaves it out.
    """

    name: str
    label: Text
    kind: Kind | None = None
    value: str | Getter | None = None
    link: bool = False
    sort: str | Sequence[str] | None = None
    filter: str = ""
    filter_value: str | Getter | None = None
    total: bool | str | Combinable = False
    render: str | Getter | None = None
    export: bool | Getter = True
    help: Text = ""

    @property
    def sort_paths(self) -> tuple[str, ...]:
        """ORM paths of the sort, each with its own leading minus."""
        if self.sort is None:
            return ()
        return (self.sort,) if isinstance(self.sort, str) else tuple(self.sort)

    @property
    def orm_path(self) -> str:
        """The column in the language of the ORM, where its value is an attribute path."""
        return (self.value if isinstance(self.value, str) else self.name).replace(".", "__")

    @property
    def total_path(self) -> str | Combinable:
        return self.orm_path if isinstance(self.total, bool) else self.total

    def getter(self) -> Getter:
        """A function that reads the value of a row."""
        return reader(self.value or self.name)


def reader(path: str | Getter) -> Getter:
    """Turn an attribute path into a function that answers None where a link is missing."""
    if callable(path):
        return path
    parts = path.replace("__", ".").split(".")

    def read(row: Any) -> Any:
        for part in parts:
            if row is None:
                return None
            row = getattr(row, part)
        return row

    return read


@dataclass(frozen=True, slots=True)
class View:
    """A ready view: its words and the query string it stands for; without one the whole list."""

    label: Text
    query: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search has found; with `count` the list need not count the rows again."""

    rows: Rows
    count: int | None = None


@dataclass(frozen=True, kw_only=True)
class ListSpec:
    """Declaration of one list; see the docstring of `crm.lists`.

    With `details` the rows that the view gives say which and in what order; what the cells read
    comes by their ids, from SQL that is built once. It may depend on nothing but the model.
    """

    name: str
    model: type[models.Model]
    columns: Sequence[Column]
    default_sort: str
    title: Text = ""
    filters: type[FilterSet] | None = None
    default_columns: Sequence[str] = ()
    details: Callable[[Any], Rows] | None = None
    search: Callable[[Rows, str], Rows | Found] | None = None
    search_hint: Text = ""
    export_name: str = ""
    can_export: Predicate = lambda user: True
    restricted: Mapping[str, Predicate | Collection[str]] = field(default_factory=dict)
    row_url: str | Callable[[Any], str] | None = None
    row_class: Callable[[Any], str] | None = None
    row_template: str = ""
    peek_url: str | Callable[[Any], str] | None = None
    edit_url: str | Callable[[Any], str] | None = None
    page_template: str = "lists/list.html"
    empty_template: str = "lists/_nothing_yet.html"
    bulk_template: str = ""
    keep: Sequence[str] = ()
    views: Sequence[View] = ()
    views_keep: Sequence[str] = ()
    count_bound: int = 10_000
    page_size: int = 25
    page_sizes: Sequence[int] = (25, 50, 100, 200)

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if len(set(names)) != len(names):
            raise ImproperlyConfigured(f"List {self.name}: a column is declared twice.")
        for name in self.default_columns:
            if name not in names:
                raise ImproperlyConfigured(f"List {self.name}: unknown column {name}.")
        for key in self.default_sort.split(","):
            if key.removeprefix("-") not in self.sortable:
                raise ImproperlyConfigured(f"List {self.name}: cannot be sorted by {key}.")
        known = {*names, *(self.filters.base_filters if self.filters else ())}
        if unknown := set(self.restricted) - known:
            raise ImproperlyConfigured(f"List {self.name}: cannot restrict {sorted(unknown)}.")
        self._refuse_keys_in_files()
        if self.page_size not in self.page_sizes:
            raise ImproperlyConfigured(f"List {self.name}: page size {self.page_size}.")

    def _refuse_keys_in_files(self) -> None:
        """A cell written from the whole row says by `value` or `export` what a file shows."""
        if keys := [c.name for c in self.columns if c.value == "pk" and c.export is True]:
            raise ImproperlyConfigured(f"List {self.name}: a file would show the key in {keys}.")

    @cached_property
    def records(self) -> ByIds | None:
        """What reads the rows of a page by their ids."""
        return ByIds(self.with_details(self.model._default_manager.all())) if self.details else None

    def with_details(self, rows: Rows) -> Rows:
        """The rows with whatever the cells read."""
        return self.details(rows) if self.details else rows

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @cached_property
    def sortable(self) -> frozenset[str]:
        return frozenset(column.name for column in self.columns if column.sort is not None)

    @cached_property
    def kinds(self) -> dict[str, Kind]:
        """Kind of each column, the declared one or the one of its model field."""
        return {column.name: column.kind or self._kind(column) for column in self.columns}

    @property
    def heading(self) -> str:
        return str(self.title or capfirst(str(self.model._meta.verbose_name_plural)))

    def may(self, user: Any, key: str) -> bool:
        """Whether the user may see the column or use the filter `key`."""
        rule = self.restricted.get(key)
        if rule is None:
            return True
        return rule(user) if callable(rule) else getattr(user, "role", "") in rule

    def denied_paths(self, user: Any) -> frozenset[str]:
        """ORM paths that the user may neither see, sort by nor filter by.

        Worked out once per user object, which lives for a request: every part of a list asks.
        """
        known: dict[int, tuple[ListSpec, frozenset[str]]]
        known = user.__dict__.setdefault("_denied_paths", {})
        if id(self) not in known:
            known[id(self)] = self, frozenset(self._denied_paths(user))
        return known[id(self)][1]

    def _denied_paths(self, user: Any) -> Iterator[str]:
        for key in self.restricted:
            if not self.may(user, key):
                yield key
                if column := self.by_name.get(key):
                    yield column.orm_path
                    yield from (path.lstrip("-") for path in column.sort_paths)

    def columns_for(self, user: Any) -> dict[str, Column]:
        """The columns open to the user, in the order of their declaration."""
        denied = self.denied_paths(user)
        if not denied:
            return self.by_name
        return {
            name: column
            for name, column in self.by_name.items()
            if name not in denied
            and column.orm_path not in denied
            and not denied.intersection(path.lstrip("-") for path in column.sort_paths)
        }

    def _kind(self, column: Column) -> Kind:
        if callable(column.value):
            return Kind.TEXT
        model_field = model_field_at(self.model, column.orm_path)
        if model_field is None:
            return Kind.TEXT
        if getattr(model_field, "choices", None):
            return Kind.CHOICE
        for field_class, kind in _KINDS:
            if isinstance(model_field, field_class):
                return kind
        return Kind.TEXT


def model_field_at(model: type[models.Model], path: str) -> Any:
    """The model field at an ORM path, None where the path is an annotation or a property."""
    found: Any = None
    for part in path.split("__"):
        try:
            found = model._meta.pk if part == "pk" else model._meta.get_field(part)
        except FieldDoesNotExist:
            return None
        model = getattr(found, "related_model", None) or model
    return found
