"""Contacts in any state, plan lines and people at clients; written past the actions."""

from datetime import datetime
from itertools import count
from zoneinfo import ZoneInfo

from clients.models import (
    ContactLog,
    ContactPerson,
    ContactPlanLine,
    ContactResult,
    ContactState,
)

MOSCOW = ZoneInfo("Europe/Moscow")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=MOSCOW)  # a Monday
_numbers = count(1)


def at(text):
    """A moment of Moscow: «2026-11-23 10:00»."""
    return datetime.fromisoformat(text).replace(tzinfo=MOSCOW)


def result(code="agreement"):
    """A word of the dictionary that every database starts with."""
    return ContactResult.objects.get(code=code)


def done(client, by, when="2026-11-20 10:00", *, code="agreement", **more):
    """A contact that took place."""
    more.setdefault("created_by", by)
    more.setdefault("kind", "call")
    moment = at(when) if isinstance(when, str) else when
    return ContactLog.objects.create(
        client=client,
        manager=by,
        state=ContactState.DONE,
        done_at=moment,
        result=result(code),
        **more,
    )


def planned(client, by, when="2026-11-26", *, state=ContactState.PLANNED, **more):
    """A contact ahead, or a plan that came to nothing."""
    more.setdefault("created_by", by)
    more.setdefault("kind", "call")
    if state in {ContactState.RESCHEDULED, ContactState.CANCELLED}:
        more.setdefault("reason", "Клиент в отпуске")
    return ContactLog.objects.create(
        client=client, manager=by, state=state, planned_at=at(when), **more
    )


def person(client, *, decides=False, **more):
    """Somebody at the client."""
    more.setdefault("full_name", f"Петров Пётр {next(_numbers)}")
    return ContactPerson.objects.create(client=client, is_decision_maker=decides, **more)


def plan_line(client, manager, *, month="2026-11-01", contacts=4, visits=0):
    """What the plan of a month asks for."""
    return ContactPlanLine.objects.create(
        client=client,
        manager=manager,
        month=month,
        planned_count=contacts,
        planned_visits=visits,
    )
