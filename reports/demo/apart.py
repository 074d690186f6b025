"""Rows made in a process of their own: two processors make rows while the database writes them."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from threading import Thread
from typing import Any, Protocol

from django.db import DEFAULT_DB_ALIAS, connections

from reports.demo.copying import Bulk, Portion


class Maker(Protocol):
    """What makes rows of chunk after chunk and knows at the end what it has written."""

    def use(self, bulk: Bulk) -> None:
        """Write there from now on."""

    def write(self, chunk: Any) -> None:
        """Make and copy the rows of a chunk."""

    def result(self) -> Any:
        """What came of it, for `take`."""

    def take(self, result: Any) -> None:
        """Go on from there."""


class Sent(Bulk):
    """A Bulk whose portions go to the process that has the transaction."""

    def __init__(self, block: int, send: Callable[[Portion], None]) -> None:
        super().__init__(block)
        self.send = send

    def put(self, portion: Portion) -> None:
        """Wait until the other side takes it."""
        self.send(portion)


@contextmanager
def apart(maker: Maker, bulk: Bulk) -> Iterator[Callable[[Any], None]]:
    """Enters `bulk` and gives what hands a chunk to the maker, whose rows join those of `bulk`.

    A failure over there is raised by the next step of `bulk`, or at the end.
    """
    context = get_context("fork")
    here, there = context.Pipe()
    process = context.Process(target=_make, args=(maker, bulk.block, there, here), daemon=True)
    process.start()  # before there is a thread
    there.close()
    results: list[Any] = []
    reader = Thread(target=_take_in, args=(here, bulk, results), name="demo-rows", daemon=True)

    def hand_over(chunk: Any) -> None:
        bulk.complain()
        with suppress(OSError):  # it is gone, and the reader says why
            here.send(chunk)

    try:
        with bulk:
            reader.start()
            yield hand_over
            hand_over(None)
            reader.join()
    finally:
        process.kill()  # it has told its result, or nobody needs it
        process.join()
        here.close()
    maker.take(results[0])


def _take_in(here: Connection, bulk: Bulk, results: list[Any]) -> None:
    """Until the result, or until the other process fails."""
    try:
        while True:
            kind, what = here.recv()
            if kind == "result":
                results.append(what)
                return
            if kind == "failure":
                raise RuntimeError(what)
            bulk.put(what)
    except Exception as failure:
        bulk.failure = bulk.failure or failure


def _make(maker: Maker, block: int, there: Connection, here: Connection) -> None:
    """The other process: it has a connection of its own, for numbers of rows only."""
    here.close()
    inherited = connections[DEFAULT_DB_ALIAS]  # kept: it is still used by the process before us
    connections[DEFAULT_DB_ALIAS] = inherited.copy(DEFAULT_DB_ALIAS)
    try:
        maker.use(Sent(block, lambda portion: there.send(("portion", portion))))
        while (chunk := there.recv()) is not None:
            maker.write(chunk)
        there.send(("result", maker.result()))
    except Exception:
        there.send(("failure", traceback.format_exc()))
    finally:
        connections[DEFAULT_DB_ALIAS].close()
