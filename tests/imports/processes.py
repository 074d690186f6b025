"""Workers and commands as processes of their own, to be killed in the middle."""

import gc
import multiprocessing
import os
import time
import warnings

from django.db import connection, connections

from crm.imports import actions

DEADLINE = 120.0
_foreign = []  # connections of the parent: closed by a child, they would end for the parent too


class Worker(multiprocessing.get_context("fork").Process):
    """A process that has the product in its memory already: a new one needs seconds for that."""

    def send_signal(self, number):
        os.kill(self.pid, number)

    def wait(self, timeout=DEADLINE):
        """Its exit status, less than zero if it was killed; None if it lives on."""
        self.join(timeout)
        return self.exitcode


def start_worker(job=actions.run_waiting_imports):
    """A process of its own on the database of this test, with connections of its own."""
    worker = Worker(target=_work, args=(job,))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # other threads hold nothing it needs
        worker.start()
    return worker


def _work(job):
    gc.freeze()
    for output in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), output)
    for alias in connections:
        _foreign.append(connections[alias])
        connections[alias] = connections.create_connection(alias)
    job()
    connections.close_all()


def wait_until(condition):
    deadline = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)  # a processor is for the worker


def open_copies():
    """Sessions of this database that copy rows or are between two such statements."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND query LIKE %s",
            ["COPY%"],
        )
        return cursor.fetchone()[0]
