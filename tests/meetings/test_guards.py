"""Who keeps a meeting, under its lock and on the page as it is."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from crm.errors import RuleViolation, StaleVersion
from crm.meetings import actions
from crm.meetings.models import ActionItem, Participant
from tests.factories import meetings
from tests.guarding import refused

NOW, TODAY = meetings.NOW, meetings.TODAY
DAY = timedelta(days=1)


def test_every_step_is_for_those_who_lead_the_meeting(cast):
    table, by = "meetings_meeting", cast.sector_head
    meeting = meetings.called(cast, points=["Долги", "Планы"])
    meetings.decided(meeting, by, cast.manager)
    first, last = meeting.points.all()
    decision, one = meeting.decisions.get(), meeting.participants.first()
    decide = {"text": "x", "executor": cast.manager, "due_on": TODAY, "today": TODAY}
    change = {"call": meetings.call(cast), "today": TODAY}
    sign = {"now": meeting.held_at}
    steps = [
        (actions.change_meeting, meeting, {"version": 1, **change}),
        (actions.add_problems, meeting, {"chosen": [("overdue_work", 1)], "today": TODAY}),
        (actions.add_point, meeting, {"title": "x"}),
        (actions.move_point, last, {"up": True}),
        (actions.drop_point, first, {}),
        (actions.write_minutes, first, {"version": 1, "text": "x"}),
        (actions.add_decision, last, decide),
        (actions.drop_decision, decision, {}),
        (actions.mark_absent, one, {"was_absent": True}),
        (actions.sign_minutes, meeting, {"version": 1, **sign}),
        (actions.cancel_meeting, meeting, {"version": 1, "reason": "x"}),
    ]
    for act, row, more in steps:
        for person in (cast.manager, cast.department_head):
            refused(
                PermissionDenied,
                lambda act=act, row=row, more=more, by=person: act(row.pk, by=by, **more),
                table,
            )
        if "version" in more:
            stale = more | {"version": 9, "by": by}
            refused(StaleVersion, lambda act=act, row=row, s=stale: act(row.pk, **s), table)
    stranger = {"by": cast.stranger_head}
    refused(ActionItem.DoesNotExist, lambda: actions.drop_decision(decision.pk, **stranger))
    absent = stranger | {"was_absent": True}
    refused(Participant.DoesNotExist, lambda: actions.mark_absent(one.pk, **absent))
    refused(RuleViolation, lambda: actions.drop_point(last.pk, by=by))
    actions.mark_absent(one.pk, by=by, was_absent=True)
    actions.drop_decision(decision.pk, by=by)
    actions.drop_point(last.pk, by=by)
    one.refresh_from_db()
    assert (one.was_absent, ActionItem.objects.exists(), meeting.points.count()) == (True, False, 1)


def test_what_is_not_said_and_days_at_their_border(cast):
    by = cast.sector_head
    meeting = meetings.called(cast)
    changed = {"by": by, "version": 1, "today": TODAY}
    wrong = [
        lambda: meetings.called(cast, topic=" "),
        lambda: meetings.called(cast, held_at=NOW - DAY),
        lambda: actions.change_meeting(
            meeting.pk, meetings.call(cast, held_at=NOW - DAY), **changed
        ),
        lambda: actions.add_point(meeting.pk, by=by, title=" "),
        lambda: actions.cancel_meeting(meeting.pk, by=by, version=1, reason=" "),
        lambda: actions.sign_minutes(meeting.pk, by=by, version=1, now=meeting.held_at),
    ]
    for act in wrong:
        refused(RuleViolation, act)
    with pytest.raises(RuleViolation, match="Повестка пуста"):
        wrong[-1]()
    actions.add_point(meeting.pk, by=by, title="Долги")
    point = meeting.points.get()
    decide = {"by": by, "text": "x", "executor": cast.manager, "due_on": TODAY, "today": TODAY}
    for words in ({"text": " "}, {"due_on": TODAY - DAY}):
        args = decide | words
        refused(RuleViolation, lambda args=args: actions.add_decision(point.pk, **args))
    last = actions.add_decision(point.pk, **decide)  # of the day itself
    actions.drop_decision(last.pk, by=by)
    actions.add_decision(point.pk, **decide | {"due_on": TODAY + 2 * DAY})
    early = meeting.held_at - timedelta(seconds=1)
    sign = {"by": by, "version": 1}
    refused(RuleViolation, lambda: actions.sign_minutes(meeting.pk, now=early, **sign))
    today = {"held_at": NOW}  # the day is not over
    assert meetings.called(cast, **today).held_at == NOW
    meetings.settled(meeting, by)
    signed = actions.sign_minutes(meeting.pk, now=NOW + timedelta(hours=1), **sign)
    assert signed.state == "signed"


def test_a_meeting_that_was_moved_keeps_its_day_and_a_point_stays_at_the_edge(cast):
    by = cast.sector_head
    meeting = meetings.called(cast, points=["А", "Б", "В"])
    a, b, c = meeting.points.values_list("pk", flat=True)
    for point, up in ((a, True), (c, False)):
        actions.move_point(point, by=by, up=up)
    assert list(meeting.points.values_list("pk", flat=True)) == [a, b, c]
    actions.move_point(c, by=by, up=True)
    assert list(meeting.points.values_list("pk", flat=True)) == [a, c, b]
    actions.move_point(a, by=by, up=False)
    assert list(meeting.points.values_list("pk", flat=True)) == [c, a, b]
    # The day has gone by, but it is not moved: the topic may be put right, the chair stays too.
    same = meetings.call(cast, topic="Иначе", held_at=meeting.held_at)
    tomorrow = TODAY + 2 * DAY
    done = actions.change_meeting(meeting.pk, same, by=by, version=1, today=tomorrow)
    assert (done.topic, done.version) == ("Иначе", 2)
    other = meetings.called(cast, by=cast.department_head)
    by.is_active = False  # whoever has left keeps the chair of what stood
    by.save(update_fields=["is_active"])
    same = meetings.call(cast, topic="Иначе", held_at=other.held_at)
    change = {"by": cast.department_head, "version": 1, "today": TODAY}
    assert actions.change_meeting(other.pk, same, **change).chair == by


def test_a_point_noted_or_a_decision_of_the_day_is_enough_to_sign(cast):
    by = cast.sector_head
    said, decided = (meetings.called(cast, points=["Долги"]) for _ in range(2))
    actions.write_minutes(said.points.get().pk, by=by, version=1, text="Обсудили", outcome="noted")
    assert meetings.signed(said, by).state == "signed"
    later = timedelta(hours=2)
    day = timezone.localdate(decided.held_at + later)
    meetings.decided(decided, by, cast.manager, due=day)
    assert meetings.signed(decided, by, later).state == "signed"
