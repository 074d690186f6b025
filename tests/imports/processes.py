"""Workers and commands as processes of their own, to be killed in the middle."""

import os
import subprocess
import sys
import time
from urllib.parse import urlsplit, urlunsplit

from django.db import connection

DEADLINE = 120.0
WORKER = "import django; django.setup(); from crm.imports import actions; {call}"


def start_worker(call="actions.run_waiting_imports()"):
    """A process of its own on the database of this test."""
    name = connection.settings_dict["NAME"]
    urls = {
        key: urlunsplit(urlsplit(os.environ[key])._replace(path=f"/{name}"))
        for key in ("DATABASE_URL", "DATABASE_OWNER_URL")
    }
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", WORKER.format(call=call)],
        env={**os.environ, **urls, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        stderr=subprocess.DEVNULL,
    )


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
