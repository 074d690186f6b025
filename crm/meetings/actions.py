"""Writes of meetings: calling, agenda, minutes, decisions, the signature."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import OrgUnit, User
from crm.assignments.actions import NewWork, create_work
from crm.assignments.models import WorkKind
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.meetings import agenda, carrying, permissions, telling
from crm.meetings.agenda import Problem
from crm.meetings.models import (
    MEETING_MOVES,
    ActionItem,
    AgendaPoint,
    Meeting,
    MeetingState,
    Participant,
)
from crm.states import move

ENDED = gettext_lazy("The meeting is already in the state “%(state)s”.")


@dataclass(frozen=True)
class Call:
    """What a meeting is, when and with whom."""

    kind: str
    unit: OrgUnit
    topic: str
    held_at: datetime
    chair: User
    people: Collection[User] = ()
    place: str = ""


@transaction.atomic
def call_meeting(call: Call, *, by: User, today: date) -> Meeting:
    """Call a meeting of a unit; unfinished decisions of former ones stand on its agenda.

    Raises RuleViolation for a chair who cannot take it or a time gone by.
    """
    if not permissions.units_for(by).filter(pk=call.unit.pk).exists():
        raise PermissionDenied
    _check(call, by, today)
    with verb("meeting.called", by=by):
        meeting = Meeting.objects.create(
            kind=call.kind,
            unit=call.unit,
            topic=call.topic.strip(),
            held_at=call.held_at,
            place=call.place.strip(),
            chair=call.chair,
            called_by=by,
        )
        _invite(meeting, call.people)
        _append(meeting, carrying.carried(meeting), carrying.KEY)
        _append(meeting, carrying.put_off(meeting), carrying.PUT_OFF)
    telling.tell_of_call(meeting)
    return meeting


@transaction.atomic
def change_meeting(meeting_id: int, call: Call, *, by: User, version: int, today: date) -> Meeting:
    """Another time, place, chair or other participants; the unit and the kind stay."""
    meeting = _locked(meeting_id, by, version)
    _check(call, by, today, before=meeting.held_at, chair_id=meeting.chair_id)
    moved = meeting.held_at != call.held_at
    meeting.topic, meeting.place = call.topic.strip(), call.place.strip()
    meeting.held_at, meeting.chair = call.held_at, call.chair
    meeting.version += 1
    with verb("meeting.changed", by=by):
        meeting.save(update_fields=["topic", "place", "held_at", "chair", "version"])
        gone = meeting.participants.exclude(person__in=[one.pk for one in call.people])
        gone.delete()
        known = set(meeting.participants.values_list("person", flat=True))
        _invite(meeting, [one for one in call.people if one.pk not in known])
    telling.tell_of_call(meeting, moved=moved)
    return meeting


@transaction.atomic
def add_problems(
    meeting_id: int, *, by: User, chosen: Iterable[tuple[str, int]], today: date
) -> int:
    """Put problems of the unit on the agenda as they stand now; those that are there stay."""
    meeting = _locked(meeting_id, by)
    wanted, added = set(chosen), 0
    with verb("meeting.agenda", by=by):
        for source, rows in agenda.problems(meeting.unit, by, today, on_agenda(meeting)):
            new = [row for row in rows if (source.key, row.pk) in wanted]
            added += _append(meeting, new, source.key)
    if not added:
        raise RuleViolation(_("Choose what is to be discussed."))
    return added


@transaction.atomic
def add_point(meeting_id: int, *, by: User, title: str) -> AgendaPoint:
    """An own point at the end of the agenda."""
    meeting = _locked(meeting_id, by)
    if not title.strip():
        raise RuleViolation(_("Say what is to be discussed."), field="title")
    with verb("meeting.agenda", by=by):
        return AgendaPoint.objects.create(
            meeting=meeting, position=_last(meeting) + 1, title=title.strip()
        )


@transaction.atomic
def move_point(point_id: int, *, by: User, up: bool) -> None:
    """One place up or down; at the edge nothing happens."""
    point = _locked_point(point_id, by)
    others = AgendaPoint.objects.filter(meeting=point.meeting_id)
    if up:
        other = others.filter(position__lt=point.position).order_by("-position").first()
    else:
        other = others.filter(position__gt=point.position).order_by("position").first()
    if other is None:
        return
    with verb("meeting.agenda", by=by):
        one, two = point.position, other.position
        AgendaPoint.objects.filter(pk=point.pk).update(position=two)
        AgendaPoint.objects.filter(pk=other.pk).update(position=one)


@transaction.atomic
def drop_point(point_id: int, *, by: User) -> None:
    """Take a point off the agenda; RuleViolation where something was decided about it."""
    point = _locked_point(point_id, by)
    if point.decisions.exists():
        raise RuleViolation(_("Something was decided about this point: it stays."))
    with verb("meeting.agenda", by=by):
        point.delete()


@transaction.atomic
def write_minutes(
    point_id: int, *, by: User, version: int, text: str, outcome: str = ""
) -> AgendaPoint:
    """What was said about a point and, where nothing is decided, what becomes of it."""
    point = _locked_point(point_id, by)
    if point.version != version:
        raise StaleVersion(of=point)
    point.minutes, point.outcome, point.version = text.strip(), outcome, point.version + 1
    with verb("meeting.minutes", by=by):
        point.save(update_fields=["minutes", "outcome", "version"])
    return point


@transaction.atomic
def add_decision(
    point_id: int, *, by: User, text: str, executor: User, due_on: date, today: date
) -> ActionItem:
    """What was decided: who does what until when."""
    point = _locked_point(point_id, by)
    if not text.strip():
        raise RuleViolation(_("Say what was decided."), field="text")
    if due_on < today:
        raise RuleViolation(_("This day has passed."), field="due_on")
    if not permissions.executors_for(point.meeting).filter(pk=executor.pk).exists():
        text = _("This person neither takes part nor is assigned work by the chair.")
        raise RuleViolation(text, field="executor")
    with verb("meeting.decided", by=by):
        return ActionItem.objects.create(
            meeting_id=point.meeting_id,
            point=point,
            text=text.strip(),
            executor=executor,
            due_on=due_on,
        )


@transaction.atomic
def drop_decision(decision_id: int, *, by: User) -> None:
    """Take a decision out of minutes that are not signed."""
    decision = ActionItem.objects.visible_to(by).get(pk=decision_id)
    _locked(decision.meeting_id, by)
    with verb("meeting.decided", by=by):
        ActionItem.objects.filter(pk=decision.pk).delete()


@transaction.atomic
def mark_absent(participant_id: int, *, by: User, was_absent: bool) -> None:
    """Note who did not come."""
    one = Participant.objects.visible_to(by).get(pk=participant_id)
    _locked(one.meeting_id, by)
    with verb("meeting.minutes", by=by):
        Participant.objects.filter(pk=one.pk).update(was_absent=was_absent)


@transaction.atomic
def sign_minutes(meeting_id: int, *, by: User, version: int, now: datetime) -> Meeting:
    """Sign: decisions become work of their executors, and nothing changes any more.

    Raises RuleViolation before the meeting, without an agenda, with a point about which nothing is
    decided or said, or with a decision overdue already.
    """
    meeting = _locked(meeting_id, by, version)
    if by.pk != meeting.chair_id:
        raise PermissionDenied
    if meeting.held_at > now:
        raise RuleViolation(_("The meeting has not been held yet."))
    if not meeting.points.exists():
        raise RuleViolation(_("There is nothing on the agenda."))
    _refuse_open_points(meeting)
    today = timezone.localtime(now).date()
    with verb("meeting.signed", by=by):
        for decision in meeting.decisions.select_related("executor", "point"):
            _begin_work(decision, by, today)
        move(meeting, MEETING_MOVES, MeetingState.SIGNED, ENDED, signed_by=by, signed_at=now)
    return meeting


@transaction.atomic
def cancel_meeting(meeting_id: int, *, by: User, version: int, reason: str) -> Meeting:
    """It does not take place; participants are told why."""
    meeting = _locked(meeting_id, by, version)
    why = reason.strip()
    if not why:
        raise RuleViolation(_("Say why."), field="reason")
    with verb("meeting.cancelled", by=by):
        move(meeting, MEETING_MOVES, MeetingState.CANCELLED, ENDED, cancel_reason=why[:300])
    telling.tell_of_cancelling(meeting)
    return meeting


def _refuse_open_points(meeting: Meeting) -> None:
    """Each point ends in a decision, or somebody has said that it does not."""
    decided = set(meeting.decisions.values_list("point", flat=True))
    left = [
        _("%(number)s. %(title)s") % {"number": number, "title": point.title}
        for number, point in enumerate(meeting.points.all(), start=1)
        if point.pk not in decided and not point.outcome
    ]
    if left:
        text = _(
            "Nothing is decided about: %(points)s. Note a decision, or say in the minutes of the "
            "point that none is needed or that it is carried over."
        )
        raise RuleViolation(text % {"points": "; ".join(left)})


def _begin_work(decision: ActionItem, by: User, today: date) -> None:
    if decision.due_on < today:
        text = _("The day of the decision “%(text)s” has passed.")
        raise RuleViolation(text % {"text": decision.text})
    decision.work = create_work(
        NewWork(
            kind=WorkKind.ASSIGNMENT,
            title=decision.text,
            due_on=decision.due_on,
            executor=decision.executor,
            body=decision.point.title,
            subject=("meeting", decision.meeting_id),
        ),
        by=by,
        today=today,
        decided=True,
    )
    decision.save(update_fields=["work"])


def _check(
    call: Call,
    by: User,
    today: date,
    before: datetime | None = None,
    chair_id: int | None = None,
) -> None:
    if not call.topic.strip():
        raise RuleViolation(_("Say what it is about."), field="topic")
    if call.held_at != before and timezone.localtime(call.held_at).date() < today:
        raise RuleViolation(_("This day has passed."), field="held_at")
    fits = call.chair.pk == chair_id
    if not fits and not permissions.chairs_for(by).filter(pk=call.chair.pk).exists():
        raise RuleViolation(_("This person cannot take the chair."), field="chair")


def _invite(meeting: Meeting, people: Iterable[User]) -> None:
    for person in people:
        Participant.objects.create(meeting=meeting, person=person)


def _append(meeting: Meeting, problems: Iterable[Problem], key: str) -> int:
    place = _last(meeting)
    added = 0
    for problem in problems:
        added += 1
        AgendaPoint.objects.create(
            meeting=meeting,
            position=place + added,
            source=key,
            source_id=problem.pk,
            title=problem.title[:300],
            facts=problem.facts[:300],
            url=problem.url,
        )
    return added


def on_agenda(meeting: Meeting) -> set[tuple[str, int]]:
    """Keys and ids of the problems that are points already."""
    rows = meeting.points.exclude(source="").values_list("source", "source_id")
    return {(source, pk) for source, pk in rows if pk is not None}


def _last(meeting: Meeting) -> int:
    return meeting.points.aggregate(last=Max("position"))["last"] or 0


def _locked(meeting_id: int, by: User, version: int | None = None) -> Meeting:
    """The meeting whose agenda and minutes the person keeps; StaleVersion if it has changed."""
    rows = Meeting.objects.visible_to(by).select_for_update(of=("self",))
    meeting: Meeting = rows.select_related("unit", "chair").get(pk=meeting_id)
    if version is not None and meeting.version != version:
        raise StaleVersion(of=meeting)
    if not permissions.leads(by, meeting):
        raise PermissionDenied
    if not meeting.is_planned:
        raise RuleViolation(str(ENDED) % {"state": meeting.get_state_display()})
    return meeting


def _locked_point(point_id: int, by: User) -> AgendaPoint:
    """The point under the lock of its meeting."""
    point: AgendaPoint = AgendaPoint.objects.visible_to(by).get(pk=point_id)
    meeting = _locked(point.meeting_id, by)
    point.refresh_from_db()
    point.meeting = meeting
    return point
