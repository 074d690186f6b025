"""Courses, a candidate of the reserve and recommendations of the demo."""

from __future__ import annotations

from datetime import date, timedelta

from reports.actions.staff import note_staff
from reports.demo.people import Staff

NOTES = (
    ("head", "manager", "course", 75, "Курс «Переговоры о цене», 16 часов, сертификат."),
    ("head", "manager2", "course", 40, "Работа с дебиторской задолженностью, внутренний тренинг."),
    ("head", "manager", "reserve", 30, "Кандидат на должность руководителя сектора."),
    ("director", "sector", "reward", 20, "План отдела выполнен три месяца подряд."),
    ("director", "head", "course", 60, "Стратегическое планирование продаж, 24 часа."),
)


def add_staff_notes(staff: Staff, today: date) -> None:
    """Each by the head above the person."""
    people = staff.by_login
    for author, employee, kind, days, text in NOTES:
        note_staff(
            people[employee].pk,
            by=people[author],
            kind=kind,
            noted_on=today - timedelta(days=days),
            text=text,
            today=today,
        )
