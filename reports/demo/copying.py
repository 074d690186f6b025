"""Rows into tables by COPY, in chunks; ids are taken from the table's sequence."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import StringIO
from typing import Any

from django.db import connection, models

CHUNK = 20_000
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def take_ids(model: type[models.Model], count: int) -> list[int]:
    """Reserve ids of the table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [row[0] for row in cursor.fetchall()]


def copy_rows(
    model: type[models.Model],
    varying: Sequence[str],
    rows: Iterable[Sequence[Any]],
    **constant: Any,
) -> int:
    """Copy rows of the named attributes; the others take `constant` or the field's default."""
    fields = {f.attname: f for f in model._meta.concrete_fields if not f.generated}
    fixed = {
        name: constant[name] if name in constant else _default(field)
        for name, field in fields.items()
        if name not in varying and not (field.primary_key and name not in constant)
    }
    columns = [fields[name].column or name for name in (*varying, *fixed)]
    tail = "".join("\t" + as_text(value) for value in fixed.values()) + "\n"
    return _copy(model._meta.db_table, columns, tail, rows)


def _copy(table: str, columns: list[str], tail: str, rows: Iterable[Sequence[Any]]) -> int:
    names = ", ".join(connection.ops.quote_name(column) for column in columns)
    statement = f"COPY {connection.ops.quote_name(table)} ({names}) FROM STDIN"
    total = 0
    lines: list[str] = []
    with connection.cursor() as cursor:
        for row in rows:
            lines.append("\t".join([as_text(value) for value in row]) + tail)
            if len(lines) >= CHUNK:
                cursor.copy_expert(statement, StringIO("".join(lines)))
                total += len(lines)
                lines.clear()
        if lines:
            cursor.copy_expert(statement, StringIO("".join(lines)))
    return total + len(lines)


def _default(field: models.Field) -> Any:  # type: ignore[type-arg]
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return _now()
    return field.get_default()


def _now() -> datetime:
    from django.utils import timezone

    return timezone.now()


def as_text(value: Any) -> str:
    """A value in COPY's text format."""
    if value is None:
        return "\\N"
    kind = type(value)
    if kind is str:
        return value.translate(_ESCAPES) if _needs_escape(value) else value
    if kind is int:
        return str(value)
    if kind is bool:
        return "t" if value else "f"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return as_text("{" + ",".join(f'"{item}"' for item in value) + "}")
    if isinstance(value, dict):
        return as_text(json.dumps(value, ensure_ascii=False))
    return as_text(str(value))


def _needs_escape(text: str) -> bool:
    return "\\" in text or "\t" in text or "\n" in text or "\r" in text
