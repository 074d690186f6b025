"""What former meetings left open stands on the agenda of the next of the same kind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from crm.accounts.models import OrgUnit, User
from crm.assignments.filters import of_unit
from crm.assignments.models import WorkItem, WorkState
from crm.meetings.agenda import Problem
from crm.meetings.models import AgendaPoint, Meeting, MeetingState, PointOutcome
from crm.said import gettext as _
from crm.said import said

KEY = "carried"
PUT_OFF = "put_off"  # the key of points about which nothing was decided
OVERDUE = "overdue_work"  # the key of overdue work among the problems


def carried(meeting: Meeting) -> Iterator[Problem]:
    """What was decided by meetings of this kind and unit and is still open, by its day."""
    for item in _decided().filter(
        decision__meeting__kind=meeting.kind, decision__meeting__unit=meeting.unit_id
    ):
        yield _problem(item)


def unfinished(unit: OrgUnit, user: User, today: date) -> Iterator[Problem]:
    """What meetings of the unit, of either kind, have decided and is still open."""
    for item in _decided().filter(decision__meeting__unit=unit):
        yield _problem(item)


def put_off(meeting: Meeting) -> Iterator[Problem]:
    """Points that meetings of this kind and unit carried over and no later one has taken."""
    return _put_off(meeting__kind=meeting.kind, meeting__unit=meeting.unit_id)


def put_off_of(unit: OrgUnit, user: User, today: date) -> Iterator[Problem]:
    """The same of either kind of meeting of the unit."""
    return _put_off(meeting__unit=unit)


def _put_off(**where: Any) -> Iterator[Problem]:
    taken = AgendaPoint.objects.filter(source=PUT_OFF).exclude(
        meeting__state=MeetingState.CANCELLED
    )
    rows = AgendaPoint.objects.filter(
        outcome=PointOutcome.CARRIED, meeting__state=MeetingState.SIGNED, **where
    ).exclude(pk__in=taken.values("source_id"))
    for point in rows.select_related("meeting").order_by("meeting__held_at", "position"):
        url = point.url or point.meeting.get_absolute_url()
        yield Problem(point.pk, point.title, _named(point.meeting), url)


def _decided() -> Any:
    """Open work that signed minutes have begun, by its day."""
    rows = WorkItem.objects.open().filter(decision__meeting__state="signed")
    return rows.for_list().order_by("due_on", "pk")


def overdue_work(unit: OrgUnit, user: User, today: date) -> Iterator[Problem]:
    """Overdue work of people of the unit, the oldest first; what meetings decided stands there."""
    rows = WorkItem.objects.visible_to(user).overdue(today).filter(of_unit(unit))
    rows = rows.exclude(decision__meeting__unit=unit)
    for item in rows.for_list().order_by("due_on", "pk"):
        yield _problem(item)


def _problem(item: WorkItem) -> Problem:
    who = item.executor.short_name if item.executor else str(item.unit)
    state = WorkState(item.state).label
    facts = _("%(who)s, due %(day)s, %(state)s") % {
        "who": who,
        "day": f"{item.due_on:%d.%m.%Y}",
        "state": said(lambda: str(state).lower()),
    }
    return Problem(item.pk, f"{item.number} " + item.title, facts, item.get_absolute_url())


def _named(meeting: Meeting) -> str:
    return said(lambda: str(meeting))
