"""Rows into tables by COPY in a thread: the database writes while the next rows are made."""

import json
from collections import deque
from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO
from queue import Queue
from threading import Thread
from types import TracebackType
from typing import Any, Self

from django.db import connection, models
from django.utils import timezone

from crm.copying import take_ids

CHUNK = 20_000
WAITING = 4  # portions that wait in memory for the database
PIECE = 1 << 20  # bytes handed over at once: each time, the thread waits for its turn
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_Portion = tuple[str, bytes]


class Bulk:
    """Writes rows in the order in which they are given; what fails is raised at the next step.

    Any other statement of the `with` waits until everything before it is written; ids are taken in
    blocks, so that this seldom happens.
    """

    def __init__(self, block: int) -> None:
        self.block = block
        self.free: dict[type[models.Model], deque[int]] = {}
        self.portions: Queue[_Portion | None] = Queue(WAITING)
        self.failure: Exception | None = None

    def __enter__(self) -> Self:
        with connection.cursor() as cursor:
            cursor.execute("VALUES (1)")  # COPY does not tell the history who writes
        raw = connection.connection
        self.waiting = connection.execute_wrapper(self._execute_afterwards)
        self.waiting.__enter__()
        self.thread = Thread(target=self._write, args=(raw,), name="demo-copy", daemon=True)
        self.thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.portions.put(None)
        self.thread.join()
        self.waiting.__exit__(kind, error, trace)
        if error is None:
            self._complain()

    def ids(self, model: type[models.Model], count: int) -> list[int]:
        """Reserve ids of the table."""
        free = self.free.setdefault(model, deque())
        if len(free) < count:
            free.extend(take_ids(model, max(count, self.block)))
        return [free.popleft() for _ in range(count)]

    def copy(
        self,
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
        columns = (fields[name].column or name for name in (*varying, *fixed))
        names = ", ".join(connection.ops.quote_name(column) for column in columns)
        table = connection.ops.quote_name(model._meta.db_table)
        tail = "".join("\t" + as_text(value) for value in fixed.values()) + "\n"
        return self._put(f"COPY {table} ({names}) FROM STDIN", tail, rows)

    def say(self, statement: str) -> None:
        """Execute the statement in its turn among the rows."""
        self._complain()
        self.portions.put((statement, b""))

    def _put(self, statement: str, tail: str, rows: Iterable[Sequence[Any]]) -> int:
        total = 0
        lines: list[str] = []
        for row in rows:
            lines.append("\t".join([as_text(value) for value in row]) + tail)
            if len(lines) >= CHUNK:
                total += self._hand_over(statement, lines)
        return total + self._hand_over(statement, lines)

    def _hand_over(self, statement: str, lines: list[str]) -> int:
        self._complain()
        count = len(lines)
        if lines:
            self.portions.put((statement, "".join(lines).encode()))
            lines.clear()
        return count

    def _execute_afterwards(self, execute: Any, *statement: Any) -> Any:
        """The connection serves one at a time."""
        self.portions.join()
        self._complain()
        return execute(*statement)

    def _write(self, raw: Any) -> None:
        while (portion := self.portions.get()) is not None:
            try:
                if self.failure is None:
                    with raw.cursor() as cursor:
                        if portion[1]:
                            cursor.copy_expert(portion[0], BytesIO(portion[1]), PIECE)
                        else:
                            cursor.execute(portion[0])
            except Exception as failure:
                self.failure = failure
            finally:
                self.portions.task_done()
        self.portions.task_done()

    def _complain(self) -> None:
        if self.failure is not None:
            raise self.failure


def _default(field: models.Field) -> Any:  # type: ignore[type-arg]
    if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False):
        return timezone.now()
    return field.get_default()


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
