"""SQL with its parameters, and SQL that is kept because building it costs more than running it."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet, Value
from django.db.models.expressions import RawSQL

NAMED = re.compile(r"%\((\w+)\)s")


class Statement(NamedTuple):
    """A piece of SQL with its parameters."""

    sql: str
    params: tuple[Any, ...] = ()

    @classmethod
    def of(cls, rows: QuerySet[Any, Any]) -> Statement:
        """What the QuerySet would ask; raises EmptyResultSet if there can be no row."""
        sql, params = rows.query.sql_with_params()
        return cls(sql, tuple(params))

    @classmethod
    def named(cls, sql: str, **values: Any) -> Statement:
        """SQL whose parameters stand by name, some of them in several places."""
        order = NAMED.findall(sql)
        return cls(NAMED.sub("%s", sql), tuple(values[name] for name in order))

    def filled(self, blank: Blank, value: Any) -> Statement:
        """The same with the value in the place of the blank."""
        return Statement(self.sql, tuple(value if one is blank else one for one in self.params))


class Blank:
    """A place in kept SQL for a value that is another one each time."""

    @property
    def expression(self) -> Any:
        """What stands for the value where the SQL is built."""
        return RawSQL("%s", [self])


def joined(word: str, parts: Iterable[Statement]) -> Statement:
    """The parts with the word between them."""
    kept = list(parts)
    params = chain.from_iterable(part.params for part in kept)
    return Statement(word.join(part.sql for part in kept), tuple(params))


def whole(rows: QuerySet[Any, Any], **figures: Any) -> QuerySet[Any, Any]:
    """One row of aggregates over all of the rows."""
    all_as_one = rows.order_by().annotate(_whole=Value(1)).values("_whole")
    return all_as_one.annotate(**figures).values_list(*figures)


def beside(*parts: QuerySet[Any, Any]) -> list[tuple[Any, ...]]:
    """Rows of several QuerySets in one query, the columns of each beside those of the others.

    At most one of them may have more than one row; where one has none, its columns are null.
    """
    asked = [Statement.of(rows) for rows in parts]
    joins = (f"LEFT JOIN ({one.sql}) AS part_{n} ON true" for n, one in enumerate(asked))
    sql = f"SELECT * FROM (SELECT) AS always {' '.join(joins)}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, tuple(chain.from_iterable(one.params for one in asked)))
        return cursor.fetchall()


class Kept:
    """What was built, by a key that tells all it depends on; everything goes when there is much."""

    def __init__(self, most: int = 500) -> None:
        self.most = most
        self.built: dict[Hashable, Any] = {}

    def get(self, key: Hashable, build: Callable[[], Any]) -> Any:
        """What is kept for the key, else what `build` gives."""
        found = self.built.get(key)
        if found is None:
            found = build()
            if len(self.built) >= self.most:
                self.built.clear()
            self.built[key] = found
        return found


@contextmanager
def only_here(key: int) -> Iterator[bool]:
    """Whether this process does the work of the key alone; the lock falls with the process."""
    held = _ask("pg_try_advisory_lock", key)
    try:
        yield held
    finally:
        if held:
            _ask("pg_advisory_unlock", key)


def _ask(function: str, key: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [key])
        answer: bool = cursor.fetchone()[0]
    return answer
