"""Rows into tables by COPY in a thread: the database writes while the next rows are made."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from io import BytesIO
from itertools import islice
from queue import Queue
from threading import Lock, Thread
from types import TracebackType
from typing import Any, Self

from django.db import connection, models

from crm.copying import as_column, default_of, take_ids

CHUNK = 20_000
WAITING = 4  # portions that wait in memory for the database
PIECE = 1 << 20  # bytes handed over at once: each time, the thread waits for its turn
Portion = tuple[str, bytes]  # a statement and what it copies


class Bulk:
    """Writes rows in the order in which they are given; what fails is raised at the next step.

    Any other statement of the `with` waits until everything before it is written; ids are taken in
    blocks, so that this seldom happens.
    """

    def __init__(self, block: int) -> None:
        self.block = block
        self.free: dict[type[models.Model], deque[int]] = {}
        self.portions: Queue[Portion | None] = Queue(WAITING)
        self.turn = Lock()  # the connection serves one at a time
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
            self.complain()

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
            name: constant[name] if name in constant else default_of(field)
            for name, field in fields.items()
            if name not in varying and not (field.primary_key and name not in constant)
        }
        columns = (fields[name].column or name for name in (*varying, *fixed))
        names = ", ".join(connection.ops.quote_name(column) for column in columns)
        table = connection.ops.quote_name(model._meta.db_table)
        alike = (next(iter(as_column(fields[name], [value]))) for name, value in fixed.items())
        tail = "".join(f"\t{text}" for text in alike)
        named = [fields[name] for name in varying]
        return self._put(f"COPY {table} ({names}) FROM STDIN", named, tail, rows)

    def say(self, statement: str) -> None:
        """Execute the statement in its turn among the rows."""
        self.complain()
        self.put((statement, b""))

    def put(self, portion: Portion) -> None:
        """Let the thread write it in its turn; waits where many are waiting already."""
        self.portions.put(portion)

    def _put(
        self,
        statement: str,
        fields: Sequence[models.Field[Any, Any]],
        tail: str,
        rows: Iterable[Sequence[Any]],
    ) -> int:
        """A column is written at once: looking at each value costs more than its text."""
        total, left = 0, iter(rows)
        while portion := list(islice(left, CHUNK)):
            self.complain()
            turned = zip(*portion, strict=True)
            columns = [as_column(field, v) for field, v in zip(fields, turned, strict=True)]
            lines = map("\t".join, zip(*columns, strict=True))
            self.put((statement, f"{tail}\n".join([*lines, ""]).encode()))
            total += len(portion)
        return total

    def _execute_afterwards(self, execute: Any, *statement: Any) -> Any:
        self.portions.join()
        self.complain()
        with self.turn:
            return execute(*statement)

    def _write(self, raw: Any) -> None:
        while (portion := self.portions.get()) is not None:
            try:
                if self.failure is None:
                    with self.turn, raw.cursor() as cursor:
                        if portion[1]:
                            cursor.copy_expert(portion[0], BytesIO(portion[1]), PIECE)
                        else:
                            cursor.execute(portion[0])
            except Exception as failure:
                self.failure = failure
            finally:
                self.portions.task_done()
        self.portions.task_done()

    def complain(self) -> None:
        """Raise what went wrong while rows were written."""
        if self.failure is not None:
            raise self.failure
