"""Checks of the demo: one completed with violations, one in progress, one still hidden."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from hashlib import sha256

from django.utils import timezone

from crm.accounts.models import User
from crm.calendar import add_working_days, previous_working_day
from reports.actions import control as actions
from reports.actions.control import Finding, NewCheck
from reports.demo.people import Staff
from reports.models import ControlPoint, SpotCheck
from reports.seeds.control import seed_control_points

NOTES = (
    "Итог разговора не записан, следующего шага нет.",
    "Контакт записан через три дня после звонка.",
)
MARKED = 3  # rows of the check in progress that are marked already


def add_control(staff: Staff, today: date) -> None:
    """The head has checked the manager, checks the sector and is about to check it again."""
    seed_control_points()
    people = staff.by_login
    head, sector, manager = people["head"], people["sector"], people["manager"]
    week_ago = previous_working_day(today - timedelta(days=6))
    done = _begin(sector, manager, "clients", 4, week_ago, size=8)
    _mark(done, week_ago, bad=2)
    fresh = SpotCheck.objects.get(pk=done.pk)
    actions.complete_check(
        fresh.pk,
        by=sector,
        version=fresh.version,
        conclusion="Записывать итог в день контакта, следующий шаг — сразу.",
        now=_at(week_ago, 16),
    )
    running = _begin(head, sector, "clients", 3, previous_working_day(today), size=10)
    _mark(running, today, bad=1, most=MARKED)
    _plan(head, manager, "main", 4, add_working_days(today, 2), today)
    _plan(people["director"], head, "main", 5, add_working_days(today, 4), today)


def _plan(
    by: User, checked: User, process: str, number: int, day: date, today: date, size: int = 10
) -> SpotCheck:
    point = ControlPoint.objects.get(process__code=process, number=number)
    first = day - timedelta(days=60)
    new = NewCheck(point, checked, day, first, day, size)
    seed = sha256(f"{by.username}-{checked.username}-{process}-{number}".encode()).hexdigest()
    return actions.plan_check(new, by=by, today=today, seed=seed[:32])


def _begin(by: User, checked: User, process: str, number: int, day: date, size: int) -> SpotCheck:
    check = _plan(by, checked, process, number, day, day, size)
    return actions.start_check(check.pk, by=by, version=check.version, now=_at(day, 11))


def _mark(check: SpotCheck, day: date, *, bad: int, most: int | None = None) -> None:
    for item in check.items.order_by("position")[:most]:
        found = Finding("ok")
        if item.position <= bad:
            due, severity = add_working_days(day, 5), ("minor", "serious")[item.position % 2]
            note = NOTES[item.position % len(NOTES)]
            found = Finding("violation", note, severity, due, item.person)
        actions.mark_item(item.pk, by=check.checker, version=1, found=found, today=day)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour, 0), timezone.get_default_timezone())
