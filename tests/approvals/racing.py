"""Several people at once: each runs in a thread with a connection of its own."""

import threading
import time

from django.db import connection, connections, transaction

ROUNDS = 25


def race(*runs):
    """Start all at the same moment; returns what each returned or raised."""
    gate = threading.Barrier(len(runs))
    results = [None] * len(runs)

    def work(place, run):
        try:
            connection.ensure_connection()
            gate.wait(timeout=20)
            results[place] = run()
        except Exception as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(place, run)) for place, run in enumerate(runs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive()
    return results


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
