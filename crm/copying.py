"""Many new rows by COPY: several times quicker than INSERT, with triggers and constraints."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from operator import attrgetter
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.utils import timezone

CHUNK = 5_000
NOTHING = "\\N"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_IN_ARRAY = str.maketrans({"\\": "\\\\", '"': '\\"'})
PIECE = 1 << 20  # bytes that go to the database at once
# One row, however many ids: they seldom have gaps.
_TAKE = """
    SELECT min(id), max(id),
           CASE WHEN max(id) - min(id) + 1 > count(*) THEN array_agg(id ORDER BY id) END
    FROM (SELECT nextval(%s::regclass) AS id FROM generate_series(1, %s)) taken
"""
_sequences: dict[type[models.Model], str] = {}
_SPECIAL = re.compile(r"[\\\t\n\r]")
_PLAIN = frozenset({int, Decimal})  # their text needs no care
_PLAIN_OR_NULL = _PLAIN | {type(None)}


def take_ids(model: type[models.Model], count: int) -> list[int]:
    """Reserve ids of the table, in growing order."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [_sequence_of(model), count])
        first, last, scattered = cursor.fetchone()
    return scattered or list(range(first, last + 1))


def _sequence_of(model: type[models.Model]) -> str:
    """The sequence of the ids; it is looked up once, not for every id."""
    found = _sequences.get(model)
    if found is None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [model._meta.db_table])
            found = _sequences[model] = cursor.fetchone()[0]
    return found


def copy_records(records: Sequence[models.Model]) -> list[int]:
    """Insert new records of one model as they are; returns their ids, which they get here.

    What `save` would compute (keys, checks of forms) is the caller's; moments of `auto_now` are
    set. Runs in the caller's transaction and verb.
    """
    if not records:
        return []
    model = type(records[0])
    ids = take_ids(model, len(records))
    for record, pk in zip(records, ids, strict=True):
        record.pk = pk
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    _set_moments(records, fields)
    read = [attrgetter(field.attname) for field in fields]

    def columns(portion: slice) -> list[Iterable[str]]:
        rows = records[portion]
        return [
            as_column(field, list(map(get, rows))) for field, get in zip(fields, read, strict=True)
        ]

    _copy(model, [str(field.column) for field in fields], columns, "", len(records))
    return ids


def copy_values(
    model: type[models.Model],
    names: Sequence[str],
    rows: Sequence[Sequence[Any]],
    **constant: Any,
) -> list[int]:
    """`copy_records` without making records: values of the named columns, the rest as told.

    `constant` gives columns the same value in every row; others take the field's default.
    """
    if not rows:
        return []
    ids = take_ids(model, len(rows))
    fields = {f.attname: f for f in model._meta.concrete_fields if not f.generated}
    fields.pop("id")
    rest = [name for name in fields if name not in names]
    fixed = [constant[name] if name in constant else default_of(fields[name]) for name in rest]
    written = (next(iter(as_column(fields[n], [v]))) for n, v in zip(rest, fixed, strict=True))
    tail = "".join(f"\t{text}" for text in written)
    named = [fields[name] for name in names]

    def columns(portion: slice) -> list[Iterable[str]]:
        turned = zip(*rows[portion], strict=True)
        made = [as_column(field, values) for field, values in zip(named, turned, strict=True)]
        return [map(str, ids[portion]), *made]

    order = ["id", *(str(fields[name].column) for name in (*names, *rest))]
    _copy(model, order, columns, tail, len(rows))
    return ids


def default_of(field: models.Field[Any, Any]) -> Any:
    """What a new row has in the column where nobody says otherwise; moments are now."""
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return timezone.now()
    return field.get_default()


def _copy(
    model: type[models.Model],
    names: Sequence[str],
    columns: Callable[[slice], list[Iterable[str]]],
    tail: str,
    count: int,
) -> None:
    quoted = ", ".join(connection.ops.quote_name(name) for name in names)
    statement = f"COPY {connection.ops.quote_name(model._meta.db_table)} ({quoted}) FROM STDIN"
    with connection.cursor() as cursor:
        # COPY passes by the wrapper that names the author of a change; any statement before it
        # in the same transaction does not.
        cursor.execute("VALUES (1)")
        for start in range(0, count, CHUNK):
            lines = map("\t".join, zip(*columns(slice(start, start + CHUNK)), strict=True))
            text = f"{tail}\n".join([*lines, ""])
            cursor.copy_expert(statement, BytesIO(text.encode()), PIECE)


def _set_moments(records: Sequence[models.Model], fields: Sequence[Any]) -> None:
    now = timezone.now()
    for field in fields:
        if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
            for record in records:
                setattr(record, field.attname, now)


def as_column(field: models.Field[Any, Any], values: Sequence[Any]) -> Iterable[str]:
    """The values of a column in COPY's text format: the whole column is looked at, not each."""
    write = next((_WRITERS[kind] for kind in _WRITERS if isinstance(field, kind)), None)
    kinds = set(map(type, values))
    if write is None and kinds <= _PLAIN:
        return map(str, values)
    if write is None and kinds == {date}:
        return map(date.isoformat, values)
    if write is None and kinds == {str}:
        clean = not _SPECIAL.search("".join(values))
        return values if clean else map(_text, values)
    write = write or (str if kinds <= _PLAIN_OR_NULL else as_text)
    return [NOTHING if value is None else write(value) for value in values]


def as_text(value: Any) -> str:
    """A value that is not null in COPY's text format."""
    if isinstance(value, date):
        return value.isoformat()
    return _text(value if type(value) is str else str(value))


def _text(value: str) -> str:
    return value.translate(_ESCAPES) if _SPECIAL.search(value) else value


def _array(values: Sequence[Any]) -> str:
    quoted = ",".join(f'"{str(item).translate(_IN_ARRAY)}"' for item in values)
    return _text("{" + quoted + "}")


# How values of a kind of field are written that are not just their text.
_WRITERS: dict[type, Callable[[Any], str]] = {
    ArrayField: _array,
    models.JSONField: lambda value: _text(json.dumps(value, ensure_ascii=False)),
    models.BooleanField: lambda value: "t" if value else "f",
}
