"""Missed periods run once and in order; nothing is skipped by a crash, a failure or a rival."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.notices.models import Notice
from crm.work import actions, periodic, tasks
from crm.work.models import Heartbeat, PeriodRun, PeriodRunState

MOSCOW = ZoneInfo("Europe/Moscow")


def msk(*moment):
    return datetime(*moment, tzinfo=MOSCOW)


class Diary:
    """A job that notes the days it was told; raises on those in `broken`."""

    def __init__(self):
        self.days, self.broken = [], set()

    def __call__(self, *, today):
        if today.isoformat() in self.broken:
            raise ValueError(f"cannot work on {today}")
        self.days.append(today.isoformat())
        return 1


@pytest.fixture
def declared(monkeypatch):
    """Declare jobs of the test's own instead of the product's."""
    monkeypatch.setattr(periodic, "_jobs", {})

    def declare(kind="diary", due=None):
        diary = Diary()
        periodic.register(kind, due=due or periodic.daily(0, 5), run=diary)
        return diary

    return declare


def let_rest(kind="diary"):
    """As if the pause after a failure had gone by."""
    PeriodRun.objects.filter(kind=kind).update(finished_at=timezone.now() - timedelta(hours=2))


def runs(kind="diary"):
    rows = PeriodRun.objects.filter(kind=kind).order_by("period")
    return list(rows.values_list("period", "state"))


def test_after_an_outage_a_state_is_brought_up_to_date_once(db, declared):
    diary = declared(due=periodic.every(30))
    assert periodic.run_due(msk(2026, 3, 3, 12, 10)) == 1
    assert periodic.run_due(msk(2026, 3, 3, 12, 29)) == 0
    assert periodic.run_due(msk(2026, 4, 3, 9, 5)) == 1
    assert diary.days == ["2026-03-03", "2026-04-03"]
    assert runs() == [("2026-03-03T12:00", "done"), ("2026-04-03T09:00", "done")]


def test_a_new_job_starts_with_its_latest_period(db, declared):
    diary = declared()
    assert periodic.run_due(msk(2026, 3, 3, 12)) == 1
    assert diary.days == ["2026-03-03"]


def test_a_rival_that_ends_the_first_run_meanwhile_is_no_old_run(db, declared):
    """The rival's row appears right after our first question; the past is not caught up for it."""
    declared()
    job, now = periodic.jobs()[0], msk(2026, 3, 3, 12)
    asked = []

    def rival(execute, sql, params, many, context):
        answer = execute(sql, params, many, context)
        if not asked and "work_periodrun" in sql:
            asked.append(sql)
            run = PeriodRun(kind="diary", period="2026-03-03", state=PeriodRunState.DONE)
            run.started_at = run.finished_at = timezone.now()
            run.save()
        return answer

    with connection.execute_wrapper(rival):
        assert periodic.missing(job, now) == []
    assert asked


def test_a_period_is_run_once_however_often_the_clock_ticks(db, declared):
    diary = declared()
    for minute in range(5):
        periodic.run_due(msk(2026, 3, 3, 12, minute))
    assert diary.days == ["2026-03-03"]
    assert runs() == [("2026-03-03", "done")]


def test_an_outage_over_month_ends_runs_every_period_once_and_in_order(db, declared):
    days, months = declared("days"), declared("months", periodic.monthly(31, 6))
    periodic.run_due(msk(2026, 1, 28, 12))
    assert periodic.run_due(msk(2026, 3, 3, 12)) == 34 + 2
    assert months.days == ["2025-12-31", "2026-01-31", "2026-02-28"]
    assert days.days[0] == "2026-01-28"
    assert days.days[-1] == "2026-03-03"
    assert days.days == sorted(set(days.days))
    assert len(days.days) == 35
    assert periodic.run_due(msk(2026, 3, 3, 12, 1)) == 0


def test_an_outage_longer_than_the_limit_goes_on_where_the_limit_begins(db, declared):
    diary = declared(due=periodic.hourly())
    periodic.run_due(msk(2026, 3, 1, 12))
    periodic.run_due(msk(2026, 3, 8, 12))
    assert len(diary.days) == 1 + 48


def test_a_removed_row_in_the_middle_does_not_hide_what_is_missing(db, declared):
    diary = declared()
    periodic.run_due(msk(2026, 3, 1, 12))
    PeriodRun.objects.create(
        kind="diary",
        period="2026-03-03",
        state=PeriodRunState.DONE,
        started_at=timezone.now(),
        finished_at=timezone.now(),
    )
    periodic.run_due(msk(2026, 3, 4, 12))
    assert diary.days == ["2026-03-01", "2026-03-02", "2026-03-04"]


def test_nothing_due_costs_one_query(db, declared):
    for number in range(20):
        declared(f"job{number}", periodic.hourly() if number % 2 else periodic.monthly(31, 3))
    now = msk(2026, 3, 3, 12)
    periodic.run_due(now)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert periodic.run_due(now + timedelta(minutes=1)) == 0
    assert len(queries) == 1


def test_a_failed_period_holds_back_later_ones_of_its_job_and_of_no_other(db, declared):
    broken, sound = declared("broken"), declared("sound")
    periodic.run_due(msk(2026, 3, 1, 12))
    broken.broken = {"2026-03-02"}
    periodic.run_due(msk(2026, 3, 4, 12))
    assert broken.days == ["2026-03-01"]
    assert sound.days == [f"2026-03-0{day}" for day in (1, 2, 3, 4)]
    failed = PeriodRun.objects.get(kind="broken", period="2026-03-02")
    assert (failed.state, failed.error) == ("failed", "ValueError: cannot work on 2026-03-02")
    broken.broken = set()
    assert periodic.run_due(msk(2026, 3, 4, 12)) == 0  # it rests after a failure
    let_rest("broken")
    periodic.run_due(msk(2026, 3, 4, 12))
    assert broken.days == sound.days


def test_what_a_failed_run_wrote_is_rolled_back(db, declared):
    def half(*, today):
        actions.beat("half")
        raise RuntimeError

    periodic.register("half", due=periodic.daily(0), run=half)
    assert periodic.run_due(msk(2026, 3, 1, 12)) == 0
    assert runs("half") == [("2026-03-01", "failed")]
    assert not Heartbeat.objects.filter(name="half").exists()


def test_the_administrator_is_told_once_after_five_failures(cast, declared):
    diary = declared()
    diary.broken = {"2026-03-01"}
    for _attempt in range(periodic.MAX_ATTEMPTS + 3):
        periodic.run_due(msk(2026, 3, 1, 12))
        let_rest()
    told = Notice.objects.filter(kind="work.period_failed", channel="ui")
    assert [notice.user for notice in told] == [cast.admin]
    diary.broken = set()
    periodic.run_due(msk(2026, 3, 1, 12))
    assert diary.days == ["2026-03-01"]  # it heals by itself when the cause is gone


def test_pauses_between_attempts_grow_to_an_hour_and_no_longer():
    now = timezone.now()
    run = PeriodRun(state=PeriodRunState.FAILED, started_at=now, finished_at=now)
    pauses = []
    for run.attempts in (1, 2, 3, 6, 7, 300):
        pauses.append(round((periodic._free_at(run) - now).total_seconds() / 60))
    assert pauses == [1, 2, 4, 32, 60, 60]


def test_a_run_killed_between_claim_and_finish_is_taken_over(db, declared):
    diary = declared()
    job = periodic.jobs()[0]
    period = job.due.latest(msk(2026, 3, 1, 12))
    assert periodic._claim(job, period) == 1  # … and its process is killed here
    periodic.run_due(msk(2026, 3, 2, 12))
    assert diary.days == []  # perhaps it only takes long
    PeriodRun.objects.update(started_at=timezone.now() - periodic.STALE_AFTER)
    periodic.run_due(msk(2026, 3, 2, 12))
    assert diary.days == ["2026-03-01", "2026-03-02"]
    assert PeriodRun.objects.get(period="2026-03-01").attempts == 2


def test_a_run_that_was_taken_over_meanwhile_leaves_no_effect(db, declared):
    def slow(*, today):
        actions.beat("slow")
        PeriodRun.objects.filter(kind="slow").update(attempts=2)  # somebody took it over
        return 1

    periodic.register("slow", due=periodic.daily(0), run=slow)
    assert periodic.run_due(msk(2026, 3, 1, 12)) == 0
    assert not Heartbeat.objects.filter(name="slow").exists()


def test_a_long_catching_up_is_spread_over_several_ticks(db, declared, monkeypatch):
    diary = declared()
    periodic.run_due(msk(2026, 3, 1, 12))
    monkeypatch.setattr(periodic, "BUDGET_SECONDS", 0.0)
    assert periodic.run_due(msk(2026, 3, 5, 12)) == 0
    monkeypatch.setattr(periodic, "BUDGET_SECONDS", 60.0)
    assert periodic.run_due(msk(2026, 3, 5, 12)) == 4
    assert diary.days[-1] == "2026-03-05"


def test_the_task_leaves_a_sign_of_life(db, declared):
    tasks.run_due()
    assert timezone.now() - Heartbeat.objects.get(name="worker").at < timedelta(seconds=10)


def test_every_declared_job_of_the_product_survives_being_run_twice(cast):
    now = timezone.now()
    first = periodic.run_due(now)
    assert first == len(periodic.jobs())
    assert not PeriodRun.objects.exclude(state=PeriodRunState.DONE).exists()
    before = Notice.objects.count()
    for job in periodic.jobs():
        job.run(today=job.due.latest(now).day)
    assert Notice.objects.count() == before
