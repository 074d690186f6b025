"""Periodic work: what is due is computed from the data, so an outage loses no period (G-RL6).

A job has a schedule that names its periods; each period is claimed by one `PeriodRun` row and
run once, the missed ones in order. Beat only ticks. A period that fails is tried again, each time
twice as late and at least hourly; the later periods of the same job wait for it.
"""

from __future__ import annotations

import calendar
import time as clock
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise

from crm.accounts.models import Role, User
from crm.declaring import declare
from crm.notices.actions import notify_many
from crm.work.models import PeriodRun, PeriodRunState

log = structlog.get_logger(__name__)

STALE_AFTER = timedelta(minutes=10)
MAX_ATTEMPTS = 5  # then the administrators are told; the attempts go on hourly
LONGEST_PAUSE = timedelta(hours=1)
BUDGET_SECONDS = 120.0  # of one tick; the next one goes on
LOOK_BACK = {
    "minutes": 1,
    "hourly": 1,
    "daily": 1,
    "weekly": 8,
    "monthly": 32,
}  # days that hold at least one period
Job = Callable[..., int]


@dataclass(frozen=True)
class Period:
    """One due period: its name, the moment it fell due and the day the job is told."""

    name: str
    due_at: datetime
    day: date


@dataclass(frozen=True)
class Schedule:
    """When a job falls due; `catch_up` says how many days back missed periods are run.

    Of a job that only brings a state up to date the latest period stands for all missed ones.
    """

    kind: str
    hour: int = 0
    minute: int = 0
    day_of_month: int = 1
    weekday: int = 0
    catch_up: int = 92
    latest_only: bool = False

    def periods(self, *, after: datetime, until: datetime) -> Iterator[Period]:
        """Periods that fell due in (after, until], oldest first, by the company's clock."""
        zone = ZoneInfo(settings.TIME_ZONE)
        first, last = after.astimezone(zone).date(), until.astimezone(zone).date()
        for offset in range((last - first).days + 1):
            day = first + timedelta(days=offset)
            for moment, name in self._moments(day, zone):
                if after < moment <= until:
                    yield Period(name, moment, day)

    def latest(self, until: datetime) -> Period:
        """The period that fell due last."""
        after = until - timedelta(days=LOOK_BACK[self.kind])
        return list(self.periods(after=after, until=until))[-1]

    def _moments(self, day: date, zone: ZoneInfo) -> Iterator[tuple[datetime, str]]:
        if self.kind == "minutes":
            for minutes in range(0, 24 * 60, self.minute):
                at = time(minutes // 60, minutes % 60)
                yield datetime.combine(day, at, zone), f"{day.isoformat()}T{at:%H:%M}"
        elif self.kind == "hourly":
            for hour in range(24):
                moment = datetime.combine(day, time(hour, self.minute), zone)
                yield moment, f"{day.isoformat()}T{hour:02d}"
        elif self._falls_on(day):
            name = f"{day:%Y-%m}" if self.kind == "monthly" else day.isoformat()
            yield datetime.combine(day, time(self.hour, self.minute), zone), name

    def _falls_on(self, day: date) -> bool:
        """Whether one that is due once a day, a week or a month is due on this day."""
        if self.kind == "weekly":
            return day.weekday() == self.weekday
        if self.kind == "monthly":
            last_day = calendar.monthrange(day.year, day.month)[1]
            return day.day == min(self.day_of_month, last_day)
        return True


def every(minutes: int) -> Schedule:
    """Every so many minutes, a divisor of the day; what was missed is not caught up."""
    return Schedule("minutes", minute=minutes, latest_only=True)


def hourly(minute: int = 0) -> Schedule:
    """Every hour; after an outage only the hours of the last two days are caught up."""
    return Schedule("hourly", minute=minute, catch_up=2)


def daily(hour: int, minute: int = 0) -> Schedule:
    """Every day at the hour of the company's clock."""
    return Schedule("daily", hour, minute)


def weekly(weekday: int, hour: int, minute: int = 0) -> Schedule:
    """Once a week on the day, 0 is Monday, at the hour of the company's clock."""
    return Schedule("weekly", hour, minute, weekday=weekday)


def monthly(day: int, hour: int, minute: int = 0) -> Schedule:
    """Once a month on the day (or the last one)."""
    return Schedule("monthly", hour, minute, day_of_month=day, catch_up=370)


@dataclass(frozen=True)
class RegisteredJob:
    """A job: its name in the table, when it is due, what it does and its name for people."""

    kind: str
    due: Schedule
    run: Job
    label: str | Promise = ""


_jobs: dict[str, RegisteredJob] = {}


def register(kind: str, *, due: Schedule, run: Job, label: str | Promise = "") -> None:
    """Declare a job `run(*, today: date) -> int`; it must be safe to run twice."""
    declare(_jobs, kind, RegisteredJob(kind, due, run, label))


def jobs() -> list[RegisteredJob]:
    """Declared jobs."""
    return list(_jobs.values())


def run_due(now: datetime | None = None, *, only: str | None = None) -> int:
    """Run every missed period of every job once; returns how many periods were run.

    Nothing due costs one query; a long outage is caught up over several ticks.
    """
    moment, until = now or timezone.now(), clock.monotonic() + BUDGET_SECONDS
    count = 0
    for job in _jobs_behind(moment):
        if only is None or job.kind == only:
            for period in missing(job, moment):
                if clock.monotonic() > until or not _run(job, period):
                    break
                count += 1
    return count


def _jobs_behind(now: datetime) -> list[RegisteredJob]:
    """Jobs whose latest period is not done: periods run in order, so the others lack nothing."""
    latest = {job.kind: job.due.latest(now).name for job in jobs()}
    done = PeriodRun.objects.filter(
        kind__in=latest, period__in=set(latest.values()), state=PeriodRunState.DONE
    )
    known = set(done.values_list("kind", "period"))
    return [job for job in jobs() if (job.kind, latest[job.kind]) not in known]


def missing(job: RegisteredJob, now: datetime) -> list[Period]:
    """Unfinished periods since the first run; a new job starts with its latest period."""
    # Asked first: a run that appears between the two questions must not look like an old one.
    seen_before = PeriodRun.objects.filter(kind=job.kind).exists()
    horizon = now - timedelta(days=job.due.catch_up)
    periods = (
        [job.due.latest(now)]
        if job.due.latest_only
        else list(job.due.periods(after=horizon, until=now))
    )
    known = dict(
        PeriodRun.objects.filter(kind=job.kind, period__in=[p.name for p in periods]).values_list(
            "period", "state"
        )
    )
    if not known:
        return periods if seen_before else periods[-1:]
    first_known = next(i for i, p in enumerate(periods) if p.name in known)
    return [p for p in periods[first_known:] if known.get(p.name) != PeriodRunState.DONE]


def _run(job: RegisteredJob, period: Period) -> bool:
    """Claim and run one period; False when another process has it or it failed."""
    attempt = _claim(job, period)
    if not attempt:
        return False
    if attempt > MAX_ATTEMPTS:
        _tell_administrators(job, period)
    # A run that was taken over in the meantime has another number and may not finish.
    mine = PeriodRun.objects.filter(
        kind=job.kind, period=period.name, attempts=attempt, state=PeriodRunState.RUNNING
    )
    try:
        with transaction.atomic():
            affected = job.run(today=period.day)
            finish = {"finished_at": timezone.now(), "affected": affected, "error": ""}
            if not mine.update(state=PeriodRunState.DONE, **finish):
                raise TakenOver
    except Exception as error:
        log.exception("period_failed", kind=job.kind, period=period.name, attempt=attempt)
        told = f"{type(error).__name__}: {error}".replace("\0", "")[:2000]
        mine.update(state=PeriodRunState.FAILED, finished_at=timezone.now(), error=told)
        if attempt == MAX_ATTEMPTS:
            _tell_administrators(job, period)
        return False
    return True


class TakenOver(Exception):
    """Another process took the period for abandoned and runs it."""


def _claim(job: RegisteredJob, period: Period) -> int:
    """Take the period: insert its row, or take over a failed or abandoned one.

    Returns the number of the attempt, 0 when somebody else has the period or it is to rest.
    """
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO work_periodrun"
            " (kind, period, state, attempts, started_at, affected, error)"
            " VALUES (%s, %s, 'running', 1, %s, 0, '') ON CONFLICT (kind, period) DO NOTHING",
            [job.kind, period.name, now],
        )
        if cursor.rowcount:
            return 1
    rows = PeriodRun.objects.filter(kind=job.kind, period=period.name)
    seen = rows.exclude(state=PeriodRunState.DONE).first()
    if seen is None or now < _free_at(seen):
        return 0
    taken = rows.filter(attempts=seen.attempts, state=seen.state).update(
        state=PeriodRunState.RUNNING, started_at=now, finished_at=None, attempts=F("attempts") + 1
    )
    return seen.attempts + 1 if taken else 0


def _free_at(run: PeriodRun) -> datetime:
    """When the next attempt may begin: after a pause, or when a silent run counts as killed."""
    if run.state == PeriodRunState.RUNNING or run.finished_at is None:
        return run.started_at + STALE_AFTER
    pause = timedelta(minutes=2 ** min(run.attempts - 1, 6))
    return run.finished_at + min(pause, LONGEST_PAUSE)


def _tell_administrators(job: RegisteredJob, period: Period) -> None:
    """Once per period: the job stands still and somebody has to look."""
    administrators = list(User.objects.filter(role=Role.ADMIN, is_active=True))
    notify_many(
        administrators,
        kind="work.period_failed",
        params={"job": job.kind, "period": period.name},
        url=reverse("work:periodic_list"),
        dedupe_key=f"work.period_failed:{job.kind}:{period.name}",
    )
