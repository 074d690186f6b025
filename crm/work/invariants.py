"""Facts that must hold in the whole database at any quiet moment, whatever was killed before.

Apps register a check; `manage.py check_invariants` runs all of them.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from crm.declaring import declare
from crm.notices.models import Notice, NoticeState
from crm.work import periodic
from crm.work.models import PeriodRun, PeriodRunState

Check = Callable[[datetime], Iterable[str]]
OUTBOX_WAITS = timedelta(minutes=10)
SHOWN = 20
_checks: dict[str, Check] = {}


def register(name: str, check: Check) -> None:
    """Add a check: given the moment, it names what violates it."""
    declare(_checks, name, check)


def violations(now: datetime) -> dict[str, list[str]]:
    """What every check found, at most twenty of each."""
    return {name: list(check(now))[:SHOWN] for name, check in _checks.items()}


def periods_without_gap(now: datetime) -> Iterable[str]:
    """Between the first and the last period done every period is done.

    Not of jobs whose latest period stands for all missed ones.
    """
    for job in periodic.jobs():
        if job.due.latest_only:
            continue
        done = set(
            PeriodRun.objects.filter(kind=job.kind, state=PeriodRunState.DONE).values_list(
                "period", flat=True
            )
        )
        horizon = now - timedelta(days=job.due.catch_up)
        names = [period.name for period in job.due.periods(after=horizon, until=now)]
        inside = [name for name in names if done and min(done) < name < max(done)]
        yield from (f"{job.kind} {name}" for name in inside if name not in done)


def outbox_is_served(now: datetime) -> Iterable[str]:
    """No notice has been due for longer than ten minutes."""
    late = Notice.objects.filter(state=NoticeState.WAITING, due_at__lt=now - OUTBOX_WAITS)
    return (f"notice {pk}" for pk in late.order_by("pk").values_list("pk", flat=True)[:SHOWN])
