"""Progress of a long transaction, seen from outside while it runs.

The rows are written in one transaction, so that a killed worker leaves nothing; what it writes
about itself would be invisible and lost with it. So a second connection of the same process
writes the progress at once and reads there whether somebody asked to stop. Who works on a job
holds its advisory lock in the big transaction: when the process dies, PostgreSQL lets go of it
and the next worker takes the job, with no waiting for a time to run out.
"""

from __future__ import annotations

import time
from typing import Self

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

LOCKS = 7_042_028  # space of the two-key advisory locks; the other key is the job
EVERY_JOB = 0  # one background import at a time
BEAT_SECONDS = 0.5
# The history names who wrote, on this connection too.
NAMED = """SELECT set_config('pghistory.context_id', gen_random_uuid()::text, true),
    set_config('pghistory.context_metadata',
               json_build_object('verb', 'import.started', 'user', author_id)::text, true)
    FROM imports_importjob WHERE id = %s;"""


class Stopped(Exception):
    """Somebody asked to stop."""


def take(job_id: int) -> bool:
    """Hold the job until the transaction ends; False when somebody else has it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCKS, job_id])
        held: bool = cursor.fetchone()[0]
    return held


class Lifeline:
    """The second connection, for one piece of work on one job."""

    def __init__(self, job_id: int) -> None:
        self.job_id = job_id
        self.told_at = 0.0
        self.line: BaseDatabaseWrapper | None = None

    def __enter__(self) -> Self:
        self.line = connection.copy()
        return self

    def __exit__(self, *error: object) -> None:
        if self.line is not None:
            self.line.close()

    def begin(self) -> int:
        """Note that the work began anew; returns which attempt this is (0: job not committed)."""
        rows = self._write(
            f"{NAMED} UPDATE imports_importjob SET attempts = attempts + 1, progress = 0,"  # noqa: S608
            " state = CASE state WHEN 'queued' THEN 'running' ELSE state END,"
            " started_at = now(), heartbeat_at = now() WHERE id = %s"
            " AND state IN ('checking', 'queued', 'running', 'undoing')"
            " RETURNING attempts, cancel_asked",
            [self.job_id, self.job_id],
        )
        self._stop_if_asked(rows)
        return rows[0][0] if rows else 0

    def beat(self, passed: int) -> None:
        """Tell how many rows are passed, at most twice a second; raises Stopped."""
        now = time.monotonic()
        if now - self.told_at < BEAT_SECONDS:
            return
        self.told_at = now
        rows = self._write(
            "UPDATE imports_importjob SET progress = %s, heartbeat_at = now() WHERE id = %s"
            " RETURNING attempts, cancel_asked",
            [passed, self.job_id],
        )
        self._stop_if_asked(rows)

    def _write(self, statement: str, values: list[int]) -> list[tuple[int, bool]]:
        assert self.line is not None
        with self.line.cursor() as cursor:
            cursor.execute(statement, values)
            rows: list[tuple[int, bool]] = cursor.fetchall()
        return rows

    @staticmethod
    def _stop_if_asked(rows: list[tuple[int, bool]]) -> None:
        if rows and rows[0][1]:
            raise Stopped
