"""Several people at once: each runs in a thread with a connection of its own."""

import queue
import threading
import time

from django.db import connection, connections, transaction

from tests import database

ROUNDS = 25
_racers = []


class Racer(threading.Thread):
    """Runs what it is given until the test's database goes: a connection has to learn tables."""

    def __init__(self):
        super().__init__(daemon=True)
        self.work, self.results = queue.SimpleQueue(), queue.SimpleQueue()
        self.start()

    def run(self):
        while work := self.work.get():
            self.results.put(self._done(*work))
        connections.close_all()

    def _done(self, gate, run):
        try:
            connection.ensure_connection()
            gate.wait(timeout=20)
            return run()
        except Exception as error:
            return error


def race(*runs):
    """Start all at the same moment; returns what each returned or raised."""
    if not _racers:
        database.before_it_goes(_end_racers)
    _racers.extend(Racer() for _ in range(len(runs) - len(_racers)))
    gate = threading.Barrier(len(runs))
    racing = _racers[: len(runs)]
    for racer, run in zip(racing, runs, strict=True):
        racer.work.put((gate, run))
    return [racer.results.get(timeout=60) for racer in racing]


def _end_racers():
    for racer in _racers:
        racer.work.put(None)
    for racer in _racers:
        racer.join(timeout=60)
        assert not racer.is_alive()
    _racers.clear()


def failures(results):
    return [result for result in results if isinstance(result, Exception)]


_WAITS = """
    SELECT count(*) FROM pg_locks waits
    WHERE NOT waits.granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))
"""
_WANTS = """
    AND EXISTS (SELECT 1 FROM pg_locks wants WHERE wants.pid = waits.pid
                AND wants.relation = %s::regclass AND wants.mode = 'RowShareLock')
"""


def somebody_waits_for_a_row(table):
    """Watch pg_locks until another connection, about to lock a row of the table, waits for us."""
    return _watched(_WAITS + _WANTS, [table])


def _watched(query, values, seconds=20):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(query, values)
            if cursor.fetchone()[0]:
                return True
        time.sleep(0.02)
    return False


def overtaken(first, second, last=lambda: None):
    """Run `first`, and when `second`, in a thread, waits for it, `last`; then commit.

    Returns what `second` returned or raised; it has seen the rows as they were before `first`.
    """
    outcome = []

    def run():
        try:
            outcome.append(second())
        except Exception as error:
            outcome.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        first()
        thread.start()
        waited = _watched(_WAITS, [])
        last()
    thread.join(timeout=20)
    assert not thread.is_alive()
    assert waited, outcome
    return outcome[0]
