"""Tables of the demo without indexes and foreign keys while a great many rows come into them.

An index that is built once costs a tenth of one that takes row after row, and a foreign key that
is checked once for all a fiftieth. Only the owner of the tables may do it (ADR 0001), in the
transaction that writes the rows: nobody else ever sees a table without them, and a filling that
fails leaves everything as it was. PostgreSQL checks every row when a constraint comes back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connection, connections, models

# Triggers of documents that come with their sums, and whose clients are found by nobody yet.
IDLE = ("advance_until", "sums_after_insert", "search_insert")
_PARTS = """
    SELECT k.conrelid::regclass::text, k.conname::text, pg_get_constraintdef(k.oid),
           CASE k.contype WHEN 'f' THEN 'key' ELSE 'constraint' END
    FROM pg_constraint k WHERE k.conrelid = ANY (%(tables)s::regclass[])
        AND k.contype IN ('f', 'u', 'x')
    UNION ALL
    SELECT i.indrelid::regclass::text, c.relname::text, pg_get_indexdef(i.indexrelid), 'index'
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE i.indrelid = ANY (%(tables)s::regclass[]) AND i.indisvalid
        -- A choice of states is worded otherwise when it is made anew; few rows are in these.
        AND pg_get_indexdef(i.indexrelid) NOT LIKE '%%::text[]%%' AND NOT EXISTS (
        SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid
            AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x')
    )
    ORDER BY 4 DESC, 1, 2
"""
_TRIGGERS = """
    SELECT tgrelid::regclass::text, tgname::text FROM pg_trigger
    WHERE tgrelid = ANY (%(tables)s::regclass[]) AND NOT tgisinternal AND tgenabled = 'O'
        AND tgname ~ %(names)s
    ORDER BY 1, 2
"""
_KEYS = """
    SELECT indrelid::regclass::text, quote_ident(relname) FROM pg_index
    JOIN pg_class ON pg_class.oid = indexrelid
    WHERE indrelid = ANY (%(tables)s::regclass[]) AND indisprimary ORDER BY 1
"""
_OWNED = """
    SELECT coalesce(bool_and(pg_has_role(relowner, 'USAGE')), false) FROM pg_class
    WHERE oid = ANY (%(tables)s::regclass[])
"""


class Part(NamedTuple):
    """An index or a constraint as PostgreSQL words it; its rows of the catalogue are compared."""

    table: str
    name: str
    definition: str
    kind: str  # index, constraint (unique or excluding), key (foreign)


@contextmanager
def as_owner() -> Iterator[None]:
    """Inside, everything is asked as the owner of the tables, on a connection of its own."""
    web = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = connections["owner"].copy(DEFAULT_DB_ALIAS)
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS].close()
        connections[DEFAULT_DB_ALIAS] = web


@contextmanager
def bare(
    *written: type[models.Model], idle: Sequence[str] = (), unique: bool = True
) -> Iterator[bool]:
    """Take indexes and foreign keys of the tables and their histories away; bring them back after.

    Says whether it did: who does not own the tables writes them with everything in place. Triggers
    whose names are `idle` rest meanwhile; what is `unique` may stay for those who upsert. Inside a
    transaction; raises RuntimeError where a table has not become what it was, and IntegrityError
    where a row breaks a constraint.
    """
    tables = _tables(written)
    if not _owned(tables):
        yield False
        return
    parts, resting = parts_of(tables), _resting(tables, idle)
    taken = [part for part in parts if unique or "UNIQUE" not in part.definition]
    _run(_without(part) for part in reversed(taken))
    _run(f"ALTER TABLE {table} DISABLE TRIGGER {name}" for table, name in resting)
    _run(_anew(tables))
    yield True
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks to come stays shut
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
    _run(f"ALTER TABLE {table} ENABLE TRIGGER {name}" for table, name in resting)
    _run(_again(part) for part in sorted(taken, key=lambda part: (part.kind == "key", part)))
    if parts_of(tables) != parts or _resting(tables, idle) != resting:
        raise RuntimeError("A table of the demo has not become what it was.")


def parts_of(tables: Sequence[str]) -> list[Part]:
    """Every index but those of primary keys, and every constraint on more than the row."""
    with connection.cursor() as cursor:
        cursor.execute(_PARTS, {"tables": list(tables)})
        return [Part._make(row) for row in cursor.fetchall()]


def analyze(*written: type[models.Model]) -> None:
    """Count the tables, where one may: what comes next would look for rows as if they were few."""
    tables = [connection.ops.quote_name(model._meta.db_table) for model in written]
    if _owned(tables):
        _run([f"ANALYZE {', '.join(tables)}"])


def _tables(written: Sequence[type[models.Model]]) -> list[str]:
    """The tables of the models and of their events."""
    known = {model._meta.label: model for model in apps.get_models()}
    found = [model for one in written for model in (one, known.get(f"{one._meta.label}Event"))]
    return [connection.ops.quote_name(model._meta.db_table) for model in found if model]


def _owned(tables: list[str]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_OWNED, {"tables": tables})
        return bool(cursor.fetchone()[0])


def _anew(tables: Sequence[str]) -> list[str]:
    """Give tables without rows files of this transaction, of which PostgreSQL keeps no log where
    nothing is copied elsewhere (`wal_level = minimal`): a failure takes the files away."""
    with connection.cursor() as cursor:
        cursor.execute(_KEYS, {"tables": list(tables)})
        keys = cursor.fetchall()
        found = []
        for table, key in keys:
            cursor.execute(f"SELECT NOT EXISTS (SELECT FROM {table})")  # noqa: S608 - from the catalogue
            if cursor.fetchone()[0]:
                found += [
                    f"CLUSTER {table} USING {key}",
                    f"ALTER TABLE {table} SET WITHOUT CLUSTER",
                ]
    return found


def _resting(tables: list[str], idle: Sequence[str]) -> list[tuple[str, str]]:
    if not idle:
        return []
    with connection.cursor() as cursor:
        names = f"^pgtrigger_({'|'.join(idle)})_"
        cursor.execute(_TRIGGERS, {"tables": tables, "names": names})
        return cursor.fetchall()


def _without(part: Part) -> str:
    name = connection.ops.quote_name(part.name)
    if part.kind == "index":
        return f"DROP INDEX {name}"
    return f"ALTER TABLE {part.table} DROP CONSTRAINT {name}"


def _again(part: Part) -> str:
    name = connection.ops.quote_name(part.name)
    if part.kind == "index":
        return part.definition
    return f"ALTER TABLE {part.table} ADD CONSTRAINT {name} {part.definition}"


def _run(statements: Iterator[str] | Sequence[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
