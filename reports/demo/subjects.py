"""Requests about personal data: answered, waiting, and one whose destruction is to be decided."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from clients.actions import destruction, subjects
from clients.legal_grounds import grounds_of
from clients.models import ContactPerson
from reports.demo.people import Staff

ASKED = (
    ("access", "email", 20, "Прошу сообщить, какие мои данные вы храните и кому передавали."),
    ("rectify", "personal", 3, "Изменилась должность, прошу исправить."),
    ("withdraw", "email", 6, "Не хочу получать рассылки, отзываю согласие."),
    ("destroy", "paper", 4, "Я больше не работаю в компании, прошу удалить мои данные."),
)
QUIET = 40  # people looked at for those whom no contract or debt keeps


def add_subjects(staff: Staff, today: date) -> None:
    """Taken by the lawyer; the last one waits for another pair of eyes."""
    lawyer = staff.by_login["lawyer"]
    rows = ContactPerson.objects.open().filter(client__status="prospect").order_by("pk")
    found = list(rows.select_related("client")[:QUIET])
    held = grounds_of({one.client_id for one in found})
    people = [one for one in found if one.client_id not in held]
    for person, (kind, channel, days, note) in zip(people, ASKED, strict=False):
        day = today - timedelta(days=days)
        asked = subjects.register_request(
            person.pk,
            by=lawyer,
            kind=kind,
            channel=channel,
            received_on=day,
            note=note,
            now=datetime.combine(day, time(12), timezone.get_default_timezone()),
            today=today,
        )
        if kind == "access":
            subjects.answer_request(
                asked.pk,
                by=lawyer,
                version=asked.version,
                outcome="answered",
                answer="Выписка о хранимых данных отправлена на адрес заявителя.",
                today=day + timedelta(days=5),
            )
        if kind == "destroy":
            destruction.propose_destruction(
                person.pk,
                by=lawyer,
                reason="Субъект не работает у клиента, договоров и долгов нет.",
                request_id=asked.pk,
                today=today,
            )
    _forgotten(people[len(ASKED) : len(ASKED) + 2], today)


def _forgotten(people: list[ContactPerson], today: date) -> None:
    """Who left long ago, so that the term of storing is over."""
    long_ago = datetime.combine(today, time(9), timezone.get_default_timezone())
    keys = [one.pk for one in people]
    ContactPerson.objects.filter(pk__in=keys).update(archived_at=long_ago - timedelta(days=500))
