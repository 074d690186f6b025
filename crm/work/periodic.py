"""Periodic work: what is due is computed from the data, so an outage loses no period (G-RL6).

A job has a schedule that names its periods; each period is claimed by one `PeriodRun` row and
run once, the missed ones in order. Beat only ticks.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from crm.work.models import PeriodRun, PeriodRunState

log = structlog.get_logger(__name__)

STALE_AFTER = timedelta(minutes=10)
MAX_ATTEMPTS = 5
Job = Callable[..., int]


@dataclass(frozen=True)
class Period:
    """One due period: its name, the moment it fell due and the day the job is told."""

    name: str
    due_at: datetime
    day: date


@dataclass(frozen=True)
class Schedule:
    """When a job falls due; `catch_up` says how far back missed periods are run."""

    kind: str
    hour: int = 0
    minute: int = 0
    day_of_month: int = 1
    catch_up: int = 92

    def periods(self, *, after: datetime, until: datetime) -> Iterator[Period]:
        """Periods that fell due in (after, until], oldest first, by the company's clock."""
        zone = ZoneInfo(settings.TIME_ZONE)
        first, last = after.astimezone(zone).date(), until.astimezone(zone).date()
        for offset in range((last - first).days + 1):
            day = first + timedelta(days=offset)
            for moment, name in self._moments(day, zone):
                if after < moment <= until:
                    yield Period(name, moment, day)

    def _moments(self, day: date, zone: ZoneInfo) -> Iterator[tuple[datetime, str]]:
        if self.kind == "hourly":
            for hour in range(24):
                moment = datetime.combine(day, time(hour, self.minute), zone)
                yield moment, f"{day.isoformat()}T{hour:02d}"
        elif self.kind == "daily":
            yield datetime.combine(day, time(self.hour, self.minute), zone), day.isoformat()
        else:
            last_day = calendar.monthrange(day.year, day.month)[1]
            if day.day == min(self.day_of_month, last_day):
                yield datetime.combine(day, time(self.hour, self.minute), zone), f"{day:%Y-%m}"


def hourly(minute: int = 0) -> Schedule:
    """Every hour; after an outage only the hours of the last two days are caught up."""
    return Schedule("hourly", minute=minute, catch_up=2)


def daily(hour: int, minute: int = 0) -> Schedule:
    """Every day at the hour of the company's clock."""
    return Schedule("daily", hour, minute)


def monthly(day: int, hour: int, minute: int = 0) -> Schedule:
    """Once a month on the day (or the last one)."""
    return Schedule("monthly", hour, minute, day_of_month=day, catch_up=370)


@dataclass(frozen=True)
class RegisteredJob:
    kind: str
    due: Schedule
    run: Job


_jobs: dict[str, RegisteredJob] = {}


def register(kind: str, *, due: Schedule, run: Job) -> None:
    """Declare a job `run(*, today: date) -> int`; it must be safe to run twice."""
    _jobs[kind] = RegisteredJob(kind, due, run)


def jobs() -> list[RegisteredJob]:
    """Declared jobs."""
    return list(_jobs.values())


def run_due(now: datetime | None = None, *, only: str | None = None) -> int:
    """Run every missed period of every job once; returns how many periods were run."""
    moment = now or timezone.now()
    count = 0
    for job in jobs():
        if only is None or job.kind == only:
            for period in _missing(job, moment):
                if not _run(job, period):
                    break
                count += 1
    return count


def _missing(job: RegisteredJob, now: datetime) -> list[Period]:
    """Unfinished periods since the first run; a new job starts with its latest period."""
    horizon = now - timedelta(days=job.due.catch_up)
    periods = list(job.due.periods(after=horizon, until=now))
    known = dict(
        PeriodRun.objects.filter(kind=job.kind, period__in=[p.name for p in periods]).values_list(
            "period", "state"
        )
    )
    if not known:
        seen_before = PeriodRun.objects.filter(kind=job.kind).exists()
        return periods if seen_before else periods[-1:]
    first_known = next(i for i, p in enumerate(periods) if p.name in known)
    return [p for p in periods[first_known:] if known.get(p.name) != PeriodRunState.DONE]


def _claim(job: RegisteredJob, period: Period, now: datetime) -> bool:
    """Take the period: insert its row, or take over a failed or abandoned one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO work_periodrun"
            " (kind, period, state, attempts, started_at, affected, error)"
            " VALUES (%s, %s, 'running', 1, %s, 0, '') ON CONFLICT (kind, period) DO NOTHING",
            [job.kind, period.name, now],
        )
        if cursor.rowcount:
            return True
    again = PeriodRun.objects.filter(
        kind=job.kind, period=period.name, attempts__lt=MAX_ATTEMPTS
    ).exclude(state=PeriodRunState.DONE)
    takeable = again.filter(state=PeriodRunState.FAILED) | again.filter(
        state=PeriodRunState.RUNNING, started_at__lt=now - STALE_AFTER
    )
    taken = takeable.update(
        state=PeriodRunState.RUNNING,
        started_at=now,
        finished_at=None,
        attempts=F("attempts") + 1,
    )
    return bool(taken)


def _run(job: RegisteredJob, period: Period) -> bool:
    """Claim and run one period; False when another process has it or it failed."""
    now = timezone.now()
    if not _claim(job, period, now):
        return False
    row = PeriodRun.objects.filter(kind=job.kind, period=period.name)
    try:
        with transaction.atomic():
            affected = job.run(today=period.day)
            row.update(
                state=PeriodRunState.DONE, finished_at=timezone.now(), affected=affected, error=""
            )
    except Exception as error:
        log.exception("period_failed", kind=job.kind, period=period.name)
        row.update(state=PeriodRunState.FAILED, finished_at=timezone.now(), error=str(error)[:2000])
        return False
    return True
