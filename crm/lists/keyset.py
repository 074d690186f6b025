"""Paging by the last row seen: every page costs the same, however deep it lies.

The rows after a cursor are cut into disjoint segments, each one range of an index: for the keys
(a, b, pk) first "a equal, (b, pk) greater", then "a greater", then "a unknown". Segments are asked
for in their order until the page is full, so one query is the rule and two the exception. Unknown
values stand last in either direction; because a segment never mixes known and unknown values of
the first key, an ordinary index on (key, id) serves both directions.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, F, Q, Sum
from django.db.models.expressions import Col, Combinable
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.db.models.lookups import GreaterThan, LessThan

from crm.lists.spec import ListSpec, Rows, model_field_at
from crm.said import stored
from crm.sql import ByIds

LAST = "end"


class BadCursor(ValueError):
    """The cursor was not made by this list in this order."""


@dataclass(frozen=True, slots=True)
class Key:
    """One sort key: ORM path, the attribute of a row that holds it, direction, unknown values.

    `stored` tells a column of a table from an expression, which is worth computing only once.
    """

    path: str
    attribute: str
    descending: bool
    nullable: bool
    nulls_first: bool
    field: Any
    stored: bool = True

    def backwards(self) -> "Key":
        return replace(self, descending=not self.descending, nulls_first=not self.nulls_first)

    def ordering(self, *, fixed: bool = False) -> Any:
        """The ORDER BY term; `fixed` when the condition settles whether the value is known."""
        direction = F(self.path).desc if self.descending else F(self.path).asc
        if fixed or not self.nullable:
            return direction()
        return direction(nulls_first=True) if self.nulls_first else direction(nulls_last=True)


@lru_cache(maxsize=1024)
def _nullable(model: type[models.Model], path: str) -> bool:
    """Whether the value at the path may be unknown, through links too."""
    parts = path.split("__")
    fields = [model_field_at(model, "__".join(parts[: n + 1])) for n in range(len(parts))]
    return any(field is None or getattr(field, "null", True) for field in fields)


def _paths(spec: ListSpec, sort: str) -> list[tuple[str, bool]]:
    """ORM paths of the sort, each once, and whether it descends."""
    paths: dict[str, bool] = {}
    for name in sort.split(","):
        for path in spec.by_name[name.removeprefix("-")].sort_paths:
            paths.setdefault(path.removeprefix("-"), name.startswith("-") != path.startswith("-"))
    return list(paths.items())


class Keyset:
    """The order of one request and the ways to walk it."""

    def __init__(self, spec: ListSpec, sort: str, queryset: Rows) -> None:
        self.salt = f"crm.lists.{spec.name}.{sort}"
        self.queryset = queryset
        self.records = spec.records
        self.keys = self._keys(spec, sort)
        added = self.queryset.query.annotations
        self.added = [key.attribute for key in self.keys if key.attribute in added]

    def _keys(self, spec: ListSpec, sort: str) -> tuple[Key, ...]:
        pk = spec.model._meta.pk
        assert pk is not None
        found: list[Key] = []
        for path, descending in _paths(spec, sort):
            if path in ("pk", pk.name):
                return (*found, Key("pk", "pk", descending, False, False, pk))
            found.append(self._key(path, descending))
        return (*found, Key("pk", "pk", found[-1].descending, False, False, pk))

    def _key(self, path: str, descending: bool) -> Key:
        """Describe a sort key; its value is added to the rows where they do not carry it."""
        query = self.queryset.query
        if path in query.annotations:
            added = query.annotations[path]
            is_column = isinstance(added, Col)
            return Key(path, path, descending, True, False, added.output_field, is_column)
        model = self.queryset.model
        field = model_field_at(model, path)
        attribute = getattr(field, "attname", path)
        if "__" in path or query.deferred_loading != (frozenset(), True):
            attribute = f"_key_{path}"
            self.queryset = self.queryset.annotate(**{attribute: F(path)})
        nullable = _nullable(model, path)  # type: ignore[arg-type]
        return Key(path, attribute, descending, nullable, False, field)

    def ordered(self) -> Rows:
        return self.queryset.order_by(*(key.ordering() for key in self.keys))

    def values(self, row: Any) -> list[Any]:
        return [stored(getattr(row, key.attribute)) for key in self.keys]

    def rows(self, limit: int, after: Sequence[Any] | None = None) -> list[Any]:
        """At most `limit` rows in order, from the start or after the given key values."""
        return self._fetch(self.keys, limit, after)

    def rows_backwards(self, limit: int, before: Sequence[Any] | None = None) -> list[Any]:
        """At most `limit` rows that end before the given key values, or at the very end."""
        keys = tuple(key.backwards() for key in self.keys)
        return self._fetch(keys, limit, before)[::-1]

    def _fetch(self, keys: tuple[Key, ...], limit: int, values: Sequence[Any] | None) -> list[Any]:
        head, *rest = keys
        ordered = self.queryset.order_by(
            head.ordering(fixed=head.stored), *(key.ordering() for key in rest)
        )
        if self.records:
            ordered = ordered.values_list("pk", *self.added)
        found: list[Any] = []
        for condition in whole(head) if values is None else segments(keys, values):
            found.extend(ordered.filter(condition)[: limit - len(found)])
            if len(found) >= limit:
                break
        return self._read(self.records, found) if self.records else found

    def _read(self, records: ByIds, found: list[Any]) -> list[Any]:
        """The rows of these ids, each with the sort values that it does not carry by itself."""
        values = {pk: sorted_by for pk, *sorted_by in found}
        rows = records.read(list(values))
        for row in rows:
            vars(row).update(zip(self.added, values[row.pk], strict=True))
        return rows

    def sign(self, row: Any, position: int | None) -> str:
        """An opaque cursor at the row; `position` is how many rows come before the next page."""
        values = [_to_json(value) for value in self.values(row)]
        return signing.Signer(salt=self.salt).sign_object([values, position])

    def unsign(self, cursor: str) -> tuple[list[Any], int | None]:
        """Key values and position of a cursor; raises BadCursor for a foreign or damaged one."""
        try:
            values, position = signing.Signer(salt=self.salt).unsign_object(cursor)
            pairs = zip(self.keys, values, strict=True)
            return [key.field.to_python(value) for key, value in pairs], position
        except (signing.BadSignature, ValidationError, ValueError, TypeError) as error:
            raise BadCursor from error


def _to_json(value: Any) -> Any:
    if value is None or isinstance(value, (str, int)):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def whole(head: Key) -> list[Q]:
    """Conditions for all rows: those with a known first key, then the others, or the reverse."""
    if not (head.nullable and head.stored):
        return [Q()]
    unknown = Q(**{f"{head.path}__isnull": True})
    return [unknown, ~unknown] if head.nulls_first else [~unknown, unknown]


def segments(keys: Sequence[Key], values: Sequence[Any]) -> Iterator[Any]:
    """Conditions for the rows strictly after `values`, disjoint and in order."""
    if not keys:
        return
    head = keys[0]
    if head.nullable and values[0] is None:
        for rest in segments(keys[1:], values[1:]):
            yield Q(**{f"{head.path}__isnull": True}) & Q(rest)
        if head.nulls_first:
            yield Q(**{f"{head.path}__isnull": False})
        return
    length = _run(keys)
    equal = Q(**{key.path: value for key, value in zip(keys[:length], values, strict=False)})
    for rest in segments(keys[length:], values[length:]):
        yield equal & Q(rest)
    yield Q(_beyond(keys[:length], values[:length]))
    if head.nullable and not head.nulls_first:
        yield Q(**{f"{head.path}__isnull": True})


def _run(keys: Sequence[Key]) -> int:
    """How many leading keys one row comparison can take: one direction, no unknown inside."""
    length = 1
    while (
        length < len(keys)
        and keys[length].descending == keys[0].descending
        and not keys[length].nullable
    ):
        length += 1
    return length


def _beyond(keys: Sequence[Key], values: Sequence[Any]) -> Any:
    if len(keys) == 1:
        return (LessThan if keys[0].descending else GreaterThan)(F(keys[0].path), values[0])
    compare = TupleLessThan if keys[0].descending else TupleGreaterThan
    return compare(Tuple(*(F(key.path) for key in keys)), tuple(values))


@dataclass(frozen=True, slots=True)
class Summary:
    """Size of the filtered set, exact up to the bound, and the sums when it is exact."""

    count: int
    exact: bool
    sums: dict[str, Any] | None


def summarize(
    queryset: Rows, bound: int, sums: Mapping[str, str | Combinable], *, unbounded: bool
) -> Summary:
    """Count at most `bound` rows; add up their columns when that is all of them.

    Beyond the bound the sums cost a scan of the whole set and are computed only when asked for.
    """
    plain = queryset.order_by()
    if not sums or not plain.query.where:  # everything: more than the bound as a rule
        count = plain[: bound + 1].count()
        if not sums or (count > bound and not unbounded):
            return Summary(min(count, bound), count <= bound, None)
    counted = plain if unbounded else plain[: bound + 1]
    wanted = {f"sum_{name}": Sum(path) for name, path in sums.items()}
    facts = counted.aggregate(size=Count("*"), **wanted)
    count = facts.pop("size")
    if count > bound and not unbounded:
        return Summary(bound, False, None)
    totals = {name.removeprefix("sum_"): value or 0 for name, value in facts.items()}
    return Summary(min(count, bound), count <= bound, totals)


def cursor_at(spec: ListSpec, queryset: Rows, position: int, sort: str = "") -> str:
    """The `after` cursor of the page that starts at `position` (from 1 on).

    Finds the row by OFFSET; for measurements and tests, never for a request.
    """
    keyset = Keyset(spec, sort or spec.default_sort, queryset)
    row = keyset.ordered()[position - 1]
    return keyset.sign(row, position)
