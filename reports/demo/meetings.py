"""Meetings of the demo: a signed briefing with open decisions, the next one, the director's."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from crm.accounts.models import User
from crm.calendar import add_working_days, previous_working_day
from crm.meetings import actions, agenda
from crm.meetings.models import AgendaPoint, Meeting
from reports.demo.people import Staff

POINTS = (
    (
        "План отгрузок ноября",
        "Сектор идёт с отставанием 6 %. Два клиента перенесли заказы на декабрь.",
        (("Согласовать с сетью график декабря", "manager", 9),),
    ),
    (
        "Просроченная задолженность",
        "По трём клиентам обещания нарушены второй раз.",
        (
            ("Получить график погашения от должников", "manager2", 4),
            ("Подготовить письма за подписью руководителя", "manager", 6),
        ),
    ),
)


def add_meetings(staff: Staff, today: date) -> None:
    """The briefing of a week ago is signed; the next one has its agenda."""
    head = staff.by_login["sector"]
    people = [staff.by_login["manager"], staff.by_login["manager2"]]
    week_ago = previous_working_day(today - timedelta(days=7))
    last = _call(head, people, "briefing", "Оперативка сектора", week_ago)
    for title, said, decided in POINTS:
        point = actions.add_point(last.pk, by=head, title=title)
        _discuss(point, said, decided, staff, week_ago)
    shown = Meeting.objects.get(pk=last.pk)
    after = shown.held_at + timedelta(hours=1)
    actions.sign_minutes(last.pk, by=head, version=shown.version, now=after)
    coming = _call(head, people, "briefing", "Оперативка сектора", add_working_days(today, 1))
    _choose(coming, head, today)
    director = staff.by_login["director"]
    heads = [staff.by_login["head"], head, staff.by_login["accountant"], staff.by_login["lawyer"]]
    topic = "Проблемные расчёты и спорные документы"
    council = _call(director, heads, "meeting", topic, add_working_days(today, 3))
    _choose(council, director, today)


def _call(chair: User, people: list[User], kind: str, topic: str, day: date) -> Meeting:
    at = datetime.combine(day, time(9, 30), timezone.get_default_timezone())
    unit = chair.org_unit
    if unit is None:
        raise ValueError("the demo gives every head a unit")
    call = actions.Call(kind, unit, topic, at, chair, people, "Переговорная 2")
    return actions.call_meeting(call, by=chair, today=day)


def _discuss(
    point: AgendaPoint,
    said: str,
    decided: tuple[tuple[str, str, int], ...],
    staff: Staff,
    day: date,
) -> None:
    chair = point.meeting.chair
    actions.write_minutes(point.pk, by=chair, version=1, text=said)
    for text, login, days in decided:
        due_on = day + timedelta(days=days)
        actions.add_decision(
            point.pk,
            by=chair,
            text=text,
            executor=staff.by_login[login],
            due_on=due_on,
            today=day,
        )


def _choose(meeting: Meeting, chair: User, today: date) -> None:
    """Two problems of each kind."""
    chosen = [
        (source.key, row.pk)
        for source, rows in agenda.problems(meeting.unit, chair, today)
        for row in rows[:2]
    ]
    there = set(meeting.points.values_list("source", "source_id"))
    if set(chosen) - there:
        actions.add_problems(meeting.pk, by=chair, chosen=chosen, today=today)
