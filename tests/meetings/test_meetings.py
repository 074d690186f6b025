"""Meetings: agenda of open problems, minutes, decisions that become work, the lock (CR-04)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import timezone, translation

from crm.assignments import actions as work_actions
from crm.assignments.models import WorkItem
from crm.errors import RuleViolation, StaleVersion
from crm.meetings import actions, agenda, minutes, permissions, telling
from crm.meetings.models import ActionItem, AgendaPoint, Meeting, Participant
from crm.notices.models import Notice
from tests.cast import everybody, signed_in
from tests.factories import clients, deals, meetings, reconciliations, work

NOW, TODAY = meetings.NOW, meetings.TODAY


def told(kind):
    return set(Notice.objects.filter(kind=kind).values_list("user__username", flat=True))


def points(meeting):
    return list(meeting.points.values_list("source", "title"))


@pytest.fixture
def briefing(cast):
    return meetings.called(cast, points=["Долги", "Планы"])


def test_decisions_become_work_of_their_executors_when_the_chair_signs(cast, briefing):
    decision = meetings.decided(briefing, cast.sector_head, cast.manager)
    assert not WorkItem.objects.exists()
    meetings.signed(briefing, cast.sector_head)
    decision.refresh_from_db()
    item = decision.work
    assert (item.kind, item.author, item.executor) == ("assignment", cast.sector_head, cast.manager)
    assert (item.title, item.due_on) == ("Позвонить в банк", decision.due_on)
    assert told("work.entered") == {"manager"}
    briefing.refresh_from_db()
    assert (briefing.state, briefing.signed_by) == ("signed", cast.sector_head)


def test_signed_minutes_change_neither_by_an_action_nor_past_it(cast, briefing):
    decision = meetings.decided(briefing, cast.sector_head, cast.manager)
    meetings.signed(briefing, cast.sector_head)
    by, point = cast.sector_head, briefing.points.first()
    one = briefing.participants.first()
    late = {"by": by, "text": "x", "executor": cast.manager, "due_on": TODAY, "today": TODAY}
    for step in (
        lambda: actions.add_point(briefing.pk, by=by, title="Ещё"),
        lambda: actions.move_point(point.pk, by=by, up=False),
        lambda: actions.drop_point(point.pk, by=by),
        lambda: actions.write_minutes(point.pk, by=by, version=point.version, text="x"),
        lambda: actions.add_decision(point.pk, **late),
        lambda: actions.drop_decision(decision.pk, by=by),
        lambda: actions.mark_absent(one.pk, by=by, was_absent=True),
        lambda: actions.cancel_meeting(briefing.pk, by=by, version=2, reason="x"),
    ):
        with pytest.raises(RuleViolation):
            step()
    new = {"meeting": briefing, "point": point, "text": "x", "executor": by, "due_on": TODAY}
    for write in (
        lambda: Meeting.objects.filter(pk=briefing.pk).update(topic="Другая"),
        lambda: Meeting.objects.filter(pk=briefing.pk).update(state="planned"),
        lambda: Meeting.objects.filter(pk=briefing.pk).delete(),
        lambda: AgendaPoint.objects.filter(pk=point.pk).update(minutes="Не то"),
        lambda: AgendaPoint.objects.create(meeting=briefing, position=9, title="x"),
        lambda: ActionItem.objects.filter(pk=decision.pk).update(text="Другое"),
        lambda: ActionItem.objects.filter(pk=decision.pk).delete(),
        lambda: ActionItem.objects.create(**new),
        lambda: Participant.objects.filter(pk=one.pk).update(was_absent=True),
        lambda: Participant.objects.create(meeting=briefing, person=cast.lawyer),
    ):
        with pytest.raises(DatabaseError, match="signed do not change"), transaction.atomic():
            write()


def test_nothing_is_signed_early_empty_or_with_a_day_gone_by(cast, briefing):
    by = cast.sector_head
    with pytest.raises(RuleViolation, match="состоялось"):
        actions.sign_minutes(briefing.pk, by=by, version=1, now=NOW)
    after = {"by": by, "version": 1, "now": NOW + timedelta(hours=2)}
    with pytest.raises(RuleViolation, match=r"1\. Долги; 2\. Планы"):
        actions.sign_minutes(briefing.pk, **after)
    point = briefing.points.first()
    actions.write_minutes(point.pk, by=by, version=1, text="Обсудили")
    with pytest.raises(RuleViolation, match=r"1\. Долги; 2\. Планы"):  # said is not decided
        actions.sign_minutes(briefing.pk, **after)
    with pytest.raises(StaleVersion):
        actions.write_minutes(point.pk, by=by, version=1, text="Затёрли")
    meetings.decided(briefing, by, cast.manager, due=TODAY)
    with pytest.raises(RuleViolation, match=r"Нет решения: 1\. Долги\. "):
        actions.sign_minutes(briefing.pk, **after)
    with pytest.raises(RuleViolation, match="Позвонить в банк"):
        meetings.signed(briefing, by, later=timedelta(days=2))
    with pytest.raises(StaleVersion):
        actions.sign_minutes(briefing.pk, by=by, version=5, now=NOW + timedelta(hours=2))
    assert not WorkItem.objects.exists()


def test_unfinished_decisions_stand_on_the_next_agenda_of_the_same_kind_and_unit(cast, briefing):
    by = cast.sector_head
    for text in ("Открыто", "Сделано", "Снято"):
        meetings.decided(briefing, by, cast.manager, text)
    meetings.signed(briefing, by)
    rows = WorkItem.objects.all()
    done, dropped = rows.get(title="Сделано"), rows.get(title="Снято")
    done = work_actions.report_action(done.pk, by=cast.manager, version=1, text="Да", today=TODAY)
    work_actions.resolve_work(done.pk, by=by, version=2, today=TODAY)
    work_actions.cancel_work(dropped.pk, by=by, version=1, reason="Не нужно")
    later = meetings.called(cast)
    ((source, title),) = points(later)
    assert source == "carried"
    assert title.endswith("Открыто")
    actions.add_point(later.pk, by=by, title="Новое")
    meetings.decided(later, by, cast.manager2)
    meetings.signed(later, by)
    # Decisions of the one before the last are still carried, beside those of the last.
    assert len(points(meetings.called(cast))) == 2
    assert points(meetings.called(cast, kind="meeting")) == []
    other = {"unit": cast.department, "chair": cast.department_head}
    assert points(meetings.called(cast, by=cast.department_head, **other)) == []


def test_a_point_carried_over_stands_on_the_next_agenda_until_a_meeting_takes_it(cast, briefing):
    by = cast.sector_head
    meetings.settled(briefing, by, "carried")
    assert points(meetings.called(cast)) == []  # not signed yet
    meetings.signed(briefing, by)
    later = meetings.called(cast)
    assert points(later) == [("put_off", "Долги"), ("put_off", "Планы")]
    assert points(meetings.called(cast)) == []  # another one has taken them
    assert points(meetings.called(cast, kind="meeting")) == []
    actions.cancel_meeting(later.pk, by=by, version=1, reason="Отпуск")
    assert len(points(meetings.called(cast))) == 2


def test_the_agenda_is_chosen_of_open_problems_of_the_unit(cast):
    mine, foreign = clients.client(cast.manager, category="C"), clients.client(cast.stranger)
    past = TODAY - timedelta(days=200)
    for one in (mine, foreign):
        deals.invoice(one, "5000.00", on=past, due=past + timedelta(days=10))
    disputed = deals.invoice(mine, "70.00", on=TODAY, due=TODAY, is_disputed=True)
    yesterday = TODAY - timedelta(days=1)
    late = work.item(cast.sector_head, cast.manager, due_on=yesterday, today=yesterday)
    found = {
        source.key: [row.pk for row in rows]
        for source, rows in agenda.problems(cast.sector, cast.sector_head, TODAY)
    }
    assert found == {
        "receivables": [mine.pk],
        "disputed_invoices": [disputed.pk],
        "overdue_work": [late.pk],
    }
    meeting = meetings.called(cast)
    chosen = [("receivables", mine.pk), ("receivables", foreign.pk), ("overdue_work", late.pk)]
    args = {"by": cast.sector_head, "today": TODAY}
    assert actions.add_problems(meeting.pk, chosen=chosen, **args) == 2
    with pytest.raises(RuleViolation):
        actions.add_problems(meeting.pk, chosen=chosen, **args)
    actions.move_point(meeting.points.last().pk, by=cast.sector_head, up=True)
    assert [source for source, _title in points(meeting)] == ["overdue_work", "receivables"]
    # The purchasing takes part, but reads no sums, on paper neither.
    first = minutes.values_of(meeting, cast.sector_head)["points"][1]
    with translation.override("en"):  # the paper is Russian whoever asks for it
        again = minutes.values_of(Meeting.objects.get(pk=meeting.pk), cast.sector_head)
        assert str(again["points"][1]["facts"]) == first["facts"]
        assert minutes.file_name(meeting, "pdf").startswith("Протокол")
    hidden = minutes.values_of(meeting, cast.purchasing)["points"][1]
    assert "5 000,00".replace(" ", "\u00a0") in first["facts"]
    assert hidden["facts"] == ""
    assert minutes.pdf_of(meeting, cast.manager)[:5] == b"%PDF-"
    assert minutes.docx_of(meeting, cast.manager)[:2] == b"PK"


def test_disputed_acts_are_problems_of_the_unit(cast):
    client = clients.client(cast.manager)
    item = reconciliations.sent(client, by=cast.manager).item
    type(item).objects.filter(pk=item.pk).update(state="discrepancy")
    after = item.as_of + timedelta(days=1)
    found = {
        source.key: rows
        for source, rows in agenda.problems(cast.department, cast.department_head, after)
    }
    assert [row.pk for row in found["disputed_acts"]] == [item.pk]
    others = agenda.problems(cast.other_department, cast.director, after)
    assert "disputed_acts" not in {source.key for source, _rows in others}


def test_heads_hold_meetings_of_their_units_and_participants_see_them(cast, briefing):
    assert {one.name for one in permissions.units_for(cast.department_head)} == {
        cast.department.name, cast.sector.name
    }  # fmt: skip
    assert not permissions.can_hold(cast.manager)
    for person, unit in ((cast.sector_head, cast.department), (cast.manager, cast.sector)):
        with pytest.raises(PermissionDenied):
            meetings.called(cast, by=person, unit=unit)
    seen = {
        name for name, one in everybody(cast).items() if Meeting.objects.visible_to(one).exists()
    }
    chiefs = {"sector_head", "department_head", "director", "general_director"}
    assert seen == {"manager", "manager2"} | chiefs
    with pytest.raises(PermissionDenied):
        actions.add_point(briefing.pk, by=cast.manager, title="x")
    with pytest.raises(PermissionDenied):
        actions.sign_minutes(briefing.pk, by=cast.director, version=1, now=NOW + timedelta(hours=2))
    with pytest.raises(Meeting.DoesNotExist):
        actions.add_point(briefing.pk, by=cast.stranger_head, title="x")


def test_whoever_calls_for_another_chair_prepares_and_only_the_chair_signs(cast):
    by = cast.department_head
    meeting = meetings.called(cast, by=by, points=["Планы"])
    meetings.decided(meeting, by, cast.manager2)
    with pytest.raises(PermissionDenied):
        meetings.signed(meeting, by)
    meetings.signed(meeting, cast.sector_head)
    with pytest.raises(RuleViolation) as refusal:
        meetings.called(cast, chair=cast.manager)
    assert refusal.value.field == "chair"


def test_a_decision_goes_to_participants_and_to_whom_the_chair_assigns_work(cast, briefing):
    for executor in (cast.department_head, cast.director):
        with pytest.raises(RuleViolation) as refusal:
            meetings.decided(briefing, cast.sector_head, executor)
        assert refusal.value.field == "executor"
    meetings.decided(briefing, cast.sector_head, cast.accountant)
    with_chief = meetings.called(cast, points=["x"], people=[cast.department_head])
    meetings.decided(with_chief, cast.sector_head, cast.department_head)
    meetings.signed(with_chief, cast.sector_head)
    assert WorkItem.objects.get().executor == cast.department_head


def test_another_time_and_cancelling_are_told_and_reminders_go_out_once(cast, briefing):
    assert told("meeting.called") == {"manager", "manager2"}
    tomorrow = NOW + timedelta(days=1)
    other = meetings.call(cast, held_at=tomorrow, people=[cast.manager, cast.lawyer])
    actions.change_meeting(briefing.pk, other, by=cast.sector_head, version=1, today=TODAY)
    assert told("meeting.moved") == {"manager", "lawyer"}
    assert telling.remind_of_meetings(today=TODAY) == 2 * 3
    assert telling.remind_of_meetings(today=TODAY) == 0
    assert telling.remind_of_meetings(today=TODAY + timedelta(days=3)) == 2
    assert told("meeting.to_sign") == {"sector_head"}
    actions.cancel_meeting(briefing.pk, by=cast.sector_head, version=2, reason="Отпуск")
    assert told("meeting.cancelled") == {"manager", "lawyer"}
    assert telling.remind_of_meetings(today=TODAY + timedelta(days=4)) == 0


def test_a_meeting_is_held_from_the_call_to_the_signature_in_the_browser(cast):
    chair = signed_in(cast.sector_head)
    at = timezone.localtime()
    answer = chair.post(
        "/meetings/new/",
        {
            "kind": "briefing", "unit": cast.sector.pk, "topic": "Планёрка",
            "held_at": f"{at:%Y-%m-%dT%H:%M}", "chair": cast.sector_head.pk,
            "people": [cast.manager.pk],
        },
    )  # fmt: skip
    meeting = Meeting.objects.get()
    assert answer.url == meeting.get_absolute_url()
    chair.post(f"{answer.url}points/new/", {"title": "Отгрузки"})
    point = meeting.points.get()
    refused = chair.post(f"/meetings/points/{point.pk}/decide/", {"text": "Сделать"})
    assert refused.status_code == 422
    due = TODAY + timedelta(days=3)
    decision = {"text": "Сделать", "executor": cast.manager.pk, "due_on": f"{due}"}
    chair.post(f"/meetings/points/{point.pk}/decide/", decision)
    chair.post(f"/meetings/points/{point.pk}/minutes/", {"text": "Обсудили склад", "version": 1})
    Meeting.objects.filter(pk=meeting.pk).update(held_at=timezone.now() - timedelta(hours=1))
    shown = chair.get(answer.url).content.decode()
    assert "Обсудили склад" in shown
    assert f"{answer.url}sign/" in shown
    assert "Отсутствует" in shown
    chair.post(f"{answer.url}sign/", {"version": 1})
    assert f"{answer.url}history/" in chair.get(answer.url).content.decode()
    assert chair.get(f"{answer.url}history/").status_code == 200
    shown = signed_in(cast.manager).get(answer.url).content.decode()
    assert f"{answer.url}history/" not in shown
    assert WorkItem.objects.get().get_absolute_url() in shown
    assert f"{answer.url}sign/" not in shown
