"""Two workers and two beats at once: one run per period (G-RL2, G-RL6), with a control."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from crm.work import periodic
from crm.work.models import PeriodRun
from tests.approvals.racing import failures, race

START = datetime(2026, 2, 25, 12, tzinfo=ZoneInfo("Europe/Moscow"))
DAYS = 10


def note_the_day(*, today):
    """An effect that is not idempotent on purpose: it shows every run."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO effects VALUES (%s)", [today])
    return 1


@pytest.fixture
def effects(committed_db, monkeypatch):
    """A table that counts what the job did."""
    monkeypatch.setattr(periodic, "_jobs", {})
    periodic.register("effects", due=periodic.daily(0, 5), run=note_the_day)
    owner = _owner_cursor(committed_db)
    with owner, owner.cursor() as cursor:
        cursor.execute("CREATE TABLE effects (day date)")
        cursor.execute("GRANT ALL ON effects TO PUBLIC")
    owner.close()

    def read():
        with connection.cursor() as cursor:
            cursor.execute("SELECT day::text FROM effects ORDER BY ctid")
            return [day for (day,) in cursor.fetchall()]

    return read


def _owner_cursor(name):
    import os

    import psycopg2

    return psycopg2.connect(os.environ["DATABASE_OWNER_URL"], dbname=name)


def ten_days_of_two_workers():
    """Each simulated day three ticks arrive at two workers at the same moment."""
    for day in range(DAYS):
        for tick in range(3):
            now = START + timedelta(days=day, minutes=tick)
            assert not failures(race(*[lambda now=now: periodic.run_due(now)] * 4))


def test_ten_days_of_two_workers_run_each_period_once_and_in_order(effects):
    ten_days_of_two_workers()
    days = [(START.date() + timedelta(days=day)).isoformat() for day in range(DAYS)]
    assert effects() == days
    assert PeriodRun.objects.count() == DAYS


def test_without_the_claim_the_same_work_is_done_several_times(effects, monkeypatch):
    """Positive control: the test above can fail."""
    monkeypatch.setattr(periodic, "_claim", lambda job, period: 1)
    monkeypatch.setattr(periodic, "missing", lambda job, now: [job.due.latest(now)])
    ten_days_of_two_workers_without_marks()
    assert len(effects()) > len(set(effects()))


def ten_days_of_two_workers_without_marks():
    """As above; nothing is marked as done, because no row was claimed."""

    def run(now):
        for job in periodic.jobs():
            for period in periodic.missing(job, now):
                if periodic._claim(job, period):
                    job.run(today=period.day)

    for day in range(DAYS):
        now = START + timedelta(days=day)
        assert not failures(race(*[lambda now=now: run(now)] * 4))


def test_two_workers_take_over_an_abandoned_run_once(effects):
    job = periodic.jobs()[0]
    periodic._claim(job, job.due.latest(START))
    PeriodRun.objects.update(started_at=START - timedelta(days=1))
    assert not failures(race(*[lambda: periodic.run_due(START)] * 4))
    assert effects() == [START.date().isoformat()]
    assert PeriodRun.objects.get().attempts == 2
