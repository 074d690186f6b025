"""Several people at once: each runs in a thread with a connection of its own."""

import threading
import time

from django.db import connection, connections

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


def somebody_waits_for_a_row(table, seconds=20):
    """Watch pg_locks until another connection, about to lock a row of the table, waits for us."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT count(*) FROM pg_locks waits JOIN pg_locks wants USING (pid)
                WHERE NOT waits.granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))
                  AND wants.relation = %s::regclass AND wants.mode = 'RowShareLock'
                """,
                [table],
            )
            if cursor.fetchone()[0]:
                return True
        time.sleep(0.02)
    return False
