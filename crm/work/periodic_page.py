"""What the page of periodic work shows."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from crm.notices.models import Notice
from crm.notices.querysets import OutboxState
from crm.work import periodic
from crm.work.models import PeriodRun, PeriodRunState

LAST = 5


@dataclass(frozen=True)
class RunChip:
    """What became of one period."""

    shown: str
    state: str
    attempts: int
    error: str


@dataclass(frozen=True)
class JobLine:
    """A job: when it is due, its last runs, whether it stands still after failures."""

    label: str
    schedule: str
    runs: list[RunChip]
    failed: bool


def job_lines() -> list[JobLine]:
    """Jobs by the hour at which they are due: one query for all runs."""
    runs: dict[str, list[PeriodRun]] = {}
    for run in PeriodRun.objects.order_by("-started_at", "-pk")[:500]:
        runs.setdefault(run.kind, []).append(run)
    lines = []
    for job in sorted(periodic.jobs(), key=_clock):
        last = [_chip(run) for run in runs.get(job.kind, [])[:LAST]]
        failed = bool(last) and last[0].state == PeriodRunState.FAILED
        lines.append(JobLine(str(job.label or job.kind), schedule_in_words(job.due), last, failed))
    return lines


def _clock(job: periodic.RegisteredJob) -> tuple[str, int, int]:
    return job.due.kind, job.due.hour, job.due.minute


def _chip(run: PeriodRun) -> RunChip:
    return RunChip(period_in_words(run.period), run.state, run.attempts, run.error)


def period_in_words(name: str) -> str:
    """A period as a person reads it: a day, a month or an hour of a day."""
    day, _sign, hour = name.partition("T")
    shown = ".".join(reversed(day.split("-")))
    if not hour:
        return shown
    return f"{shown} {hour}" if ":" in hour else f"{shown} {hour}:00"


def schedule_in_words(due: periodic.Schedule) -> str:
    """When a job is due, for a person."""
    clock = f"{due.hour:02d}:{due.minute:02d}"
    if due.kind == "minutes":
        return _("every %(count)s minutes") % {"count": due.minute}
    if due.kind == "hourly":
        return _("every hour")
    if due.kind == "daily":
        return _("every day at %(clock)s") % {"clock": clock}
    return _("monthly on day %(day)s at %(clock)s") % {"day": due.day_of_month, "clock": clock}


def outbox() -> OutboxState:
    """What waits to be delivered and what was given up."""
    state: OutboxState = Notice.objects.all().outbox()
    return state
