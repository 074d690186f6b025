"""Meetings, called by the actions: `meetings.called(cast, points=["Долги"])`."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from crm.meetings import actions
from crm.meetings.models import AgendaPoint

TODAY = timezone.localdate()
NOW = timezone.make_aware(datetime.combine(TODAY, time(12)))  # an hour later is the same day


def call(cast, **more):
    """A briefing of the sector with both managers, in an hour."""
    values = {
        "kind": "briefing",
        "unit": cast.sector,
        "topic": "Оперативка сектора",
        "held_at": NOW + timedelta(hours=1),
        "chair": cast.sector_head,
        "people": [cast.manager, cast.manager2],
    }
    return actions.Call(**values | more)


def called(cast, by=None, points=(), **more):
    """One that was called, with own points."""
    by = by or cast.sector_head
    meeting = actions.call_meeting(call(cast, **more), by=by, today=TODAY)
    for title in points:
        actions.add_point(meeting.pk, by=by, title=title)
    return meeting


def decided(meeting, by, executor, text="Позвонить в банк", due=None):
    """A decision about its last point."""
    point = AgendaPoint.objects.filter(meeting=meeting).last()
    due_on = due or TODAY + timedelta(days=7)
    return actions.add_decision(
        point.pk, by=by, text=text, executor=executor, due_on=due_on, today=TODAY
    )


def settled(meeting, by, outcome="noted"):
    """The chair has said of each point without a decision what becomes of it."""
    for point in meeting.points.filter(decisions=None, outcome=""):
        actions.write_minutes(
            point.pk, by=by, version=point.version, text=point.minutes, outcome=outcome
        )


def signed(meeting, by, later=timedelta(hours=2)):
    """The same with its signature, after its time; nothing was left open."""
    settled(meeting, by)
    meeting.refresh_from_db()
    return actions.sign_minutes(
        meeting.pk, by=by, version=meeting.version, now=meeting.held_at + later
    )
