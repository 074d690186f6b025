"""SQL with its parameters, and SQL that is kept because building it costs more than running it."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain, count
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import BooleanField, F, Func, Model, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.query import get_related_populators
from psycopg2.extensions import AsIs

NAMED = re.compile(r"%\((\w+)\)s")
_planned: WeakKeyDictionary[Any, dict[Any, str]] = WeakKeyDictionary()  # names, by connection
_numbers = count(1)
MOST_PLANNED = 30  # in one connection: each keeps up to a few megabytes


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

    def rows(self) -> list[tuple[Any, ...]]:
        """What the database answers."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.params)
            return cursor.fetchall()

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
    """What `side_by_side` gives."""
    return side_by_side(*parts).rows()


def side_by_side(*parts: QuerySet[Any, Any]) -> Statement:
    """Rows of several QuerySets in one query, the columns of each beside those of the others.

    At most one of them may have more than one row; where one has none, its columns are null.
    """
    asked = [Statement.of(rows) for rows in parts]
    joins = (f"LEFT JOIN ({one.sql}) AS part_{n} ON true" for n, one in enumerate(asked))
    sql = f"SELECT * FROM (SELECT) AS always {' '.join(joins)}"  # noqa: S608
    return Statement(sql, tuple(chain.from_iterable(one.params for one in asked)))


@lru_cache(maxsize=64)
def maker(model: type[Model], paths: tuple[str, ...]) -> Callable[[Sequence[Any]], Any]:
    """What makes a record of each row of `values_list(*paths)`.

    For kept SQL: the record is as `only()` and `select_related` would give it, the rest of it is
    read when somebody asks. A path that is no column becomes an attribute.
    """
    columns = [field.attname for field in model._meta.concrete_fields]
    own = {field.name for field in model._meta.concrete_fields}
    names = [name for name in columns if name in paths]  # `from_db` wants them in this order
    places = [paths.index(name) for name in names]
    more = [(n, path) for n, path in enumerate(paths) if n not in places and "__" not in path]
    heads = dict.fromkeys(path.partition("__")[0] for path in paths if "__" in path)
    links = [_link(model, head, paths) for head in heads]

    def make(values: Sequence[Any]) -> Any:
        one = model.from_db(DEFAULT_DB_ALIAS, names, [values[n] for n in places])
        for n, name in more:
            setattr(one, name, values[n])
        for head, its_places, make_linked in links:
            its_values = [values[n] for n in its_places]
            if its_values[0] is None and head not in own:  # the other side keeps the link
                one._state.fields_cache[head] = None
            else:
                setattr(one, head, None if its_values[0] is None else make_linked(its_values))
        return one

    return make


def _link(
    model: type[Model], head: str, paths: tuple[str, ...]
) -> tuple[str, list[int], Callable[[Sequence[Any]], Any]]:
    """A linked record: its name, the places of its values, what makes it; its id comes first."""
    places = [n for n, path in enumerate(paths) if path.startswith(f"{head}__")]
    rest = tuple(paths[n].removeprefix(f"{head}__") for n in places)
    linked: Any = model._meta.get_field(head).related_model
    return head, places, maker(linked, rest)


class Planned:
    """SQL that the database plans once in each connection, where planning costs more than reading.

    Blanks are its only parameters; the plan is one for all their values, and the database makes it
    anew by itself when tables or their statistics change. Between us and the database there may be
    no pooler that gives a connection to several clients in turn.
    """

    def __init__(self, statement: Statement, *blanks: Blank) -> None:
        self.statement, self.blanks = statement, blanks
        values = ", ".join(["%s"] * len(blanks))
        # Without looking at the values even the first times; LOCAL: for this statement alone.
        self._execute = f"SET LOCAL plan_cache_mode = force_generic_plan; EXECUTE {{}} ({values})"

    def rows(self, *values: Any) -> list[tuple[Any, ...]]:
        """What the database answers for values of the blanks, in the order of the blanks."""
        with connection.cursor() as cursor:
            known = _planned.setdefault(connection.connection, {})
            name = known.get(self)
            if name:
                cursor.execute(self._execute.format(name), values)
                return cursor.fetchall()
            forget = "DEALLOCATE ALL; " if len(known) >= MOST_PLANNED else ""
            if forget:
                known.clear()
            name = f"planned_{next(_numbers)}"
            prepare = f"{forget}PREPARE {name} AS {self._text(cursor)}; ".replace("%", "%%")
            cursor.execute(prepare + self._execute.format(name), values)
            known[self] = name
            return cursor.fetchall()

    def _text(self, cursor: Any) -> str:
        """The SQL with numbers for the blanks and everything else written out."""
        places = {blank: AsIs(f"${n}") for n, blank in enumerate(self.blanks, 1)}
        params = [places[one] if isinstance(one, Blank) else one for one in self.statement.params]
        text: str = cursor.mogrify(self.statement.sql, params).decode()
        return text


class ByIds:
    """Records of a QuerySet by their ids, built once and planned once.

    For rows of which others say which and in what order: building and planning a query of many
    columns and joins costs more than reading a page of it.
    """

    def __init__(self, rows: QuerySet[Any, Any]) -> None:
        """`rows`: neither narrowed nor sorted by what changes; links and annotations come along."""
        ids = Blank()
        compiler = rows.order_by().filter(any_of("pk", ids)).query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        self._planned = Planned(Statement(sql, tuple(params)), ids)
        select, info = compiler.select, compiler.klass_info
        assert info is not None  # as of any query for records
        fields = info["select_fields"]
        self._model, self._own = info["model"], slice(fields[0], fields[-1] + 1)
        self._names = [column[0].target.attname for column in select[self._own]]
        self._links = get_related_populators(info, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]
        self._more = list((compiler.annotation_col_map or {}).items())
        self._compiler = compiler
        self._converters = compiler.get_converters([column[0] for column in select])

    def read(self, ids: Sequence[int]) -> list[Any]:
        """The records in the order of the ids: one query, none without ids."""
        if not ids:
            return []
        rows: Iterable[Any] = self._planned.rows(list(ids))
        if self._converters:
            rows = self._compiler.apply_converters(rows, self._converters)
        made = {row.pk: row for row in map(self._make, rows)}
        return [made[pk] for pk in ids if pk in made]

    def _make(self, values: Sequence[Any]) -> Any:
        one = self._model.from_db(DEFAULT_DB_ALIAS, self._names, values[self._own])
        for link in self._links:
            link.populate(values, one)
        for name, place in self._more:
            setattr(one, name, values[place])
        return one


def any_of(column: str, ids: Blank | Sequence[int]) -> Func:
    """A condition: the column is one of the ids, which come as one array.

    `__in` looks at each of them several times, which many of them make felt.
    """
    both = (F(column), ids.expression if isinstance(ids, Blank) else RawSQL("%s", [list(ids)]))
    return Func(
        *both, template="%(expressions)s", arg_joiner=" = ANY ", output_field=BooleanField()
    )


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
def only_here(*key: int) -> Iterator[bool]:
    """Whether this process does the work of the key alone; the lock falls with the process.

    The key is one number, or two of which the first is the space of the second.
    """
    held = _ask("pg_try_advisory_lock", key)
    try:
        yield held
    finally:
        if held:
            _ask("pg_advisory_unlock", key)


def _ask(function: str, key: tuple[int, ...]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}({', '.join(['%s'] * len(key))})", key)
        answer: bool = cursor.fetchone()[0]
    return answer
