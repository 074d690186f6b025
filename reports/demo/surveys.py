"""Surveys of the demo: one that is over with its figures, one that runs."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from clients.actions import survey_answers, surveys
from clients.actions.survey_answers import Given
from clients.actions.surveys import Question, SurveyValues
from clients.models import ContactPerson, PersonalDataConsent, Survey, SurveyInvitation
from clients.surveys.survey_mail import LETTER, SALT
from crm.accounts.models import User
from crm.links.doors import Visitor
from crm.links.tokens import token_of
from crm.notices.models import Notice, NoticeState
from reports.demo.people import Staff

PEOPLE = 60  # who have agreed to be written to
QUESTIONS = (
    Question("score", "Как вам работается с нами в целом?"),
    Question("score", "Насколько вас устраивает доставка?"),
    Question("nps", "Насколько вероятно, что вы порекомендуете нас партнёрам?"),
    Question("reasons", "Что вас не устраивает?"),
    Question("text", "Что нам сделать лучше?"),
)
# Marks of the whole and of the delivery, NPS, reasons, words; None has not answered.
ANSWERS = (
    (5, 5, 10, (), "Всё отлично, менеджер всегда на связи."),
    (4, 3, 8, ("delivery",), "Машина часто приходит к концу окна."),
    (5, 4, 9, (), ""),
    None,
    (3, 4, 7, ("price", "assortment"), "У соседей чай дешевле на 4 %."),
    (4, 4, 9, (), ""),
    (2, 2, 4, ("delivery", "documents"), "Дважды не было накладных в машине."),
    None,
    (5, 5, 10, (), "Спасибо за быстрый обмен боя."),
    (4, 5, 8, ("terms",), "Хотелось бы отсрочку 21 день."),
)


def add_surveys(staff: Staff, today: date) -> None:
    """Consents, a survey of last month, one that was sent this week."""
    head = staff.by_login["head"]
    if not _agree(head, today):
        return
    past = _send(head, "Как вам работается с нами: осень", today - timedelta(days=1), 30, today)
    _answer(past, today, share=1.0)
    surveys.close_surveys(today=today)
    SurveyInvitation.objects.filter(survey=past).update(
        created_at=timezone.now() - timedelta(days=90)
    )
    running = _send(head, "Оценка работы отдела перед Новым годом", None, 4, today)
    _answer(running, today, share=0.4)
    Notice.objects.filter(kind=LETTER, state=NoticeState.WAITING).update(
        state=NoticeState.SENT, sent_at=timezone.now(), params={}
    )


def _agree(head: User, today: date) -> bool:
    """Whether anybody has."""
    people = ContactPerson.objects.filter(archived_at=None, client__archived_at=None)
    people = people.filter(client__status="client", client__category__in=["A", "B"])
    asked = people.filter(client__manager__username__in=["manager", "manager2"]).exclude(email="")
    made = PersonalDataConsent.objects.bulk_create(
        PersonalDataConsent(
            person=person, given_on=today - timedelta(days=120), channel="paper",
            text_version="Согласие № 3 от 01.09.2025", noted_by=head,
        )
        for person in asked.order_by("client", "pk")[:PEOPLE]
    )  # fmt: skip
    return bool(made)


def _send(head: User, title: str, ends: date | None, ago: int, today: date) -> Survey:
    """Sent so many days ago; one that is over was begun when its day had not gone by."""
    begun = today - timedelta(days=ago)
    values = SurveyValues(
        title=title,
        intro="Ответы помогут нам работать лучше: это две минуты.",
        ends_on=ends or today + timedelta(days=10),
        questions=QUESTIONS,
        categories=("A", "B"),
    )
    key = uuid5(NAMESPACE_URL, title)
    made = surveys.create_survey(values, by=head, key=key, today=begun)
    now = timezone.make_aware(datetime.combine(begun, time(10)))
    return surveys.start_survey(made.pk, by=head, version=made.version, now=now)


def _answer(survey: Survey, today: date, *, share: float) -> None:
    """By the links of the letters, as people do."""
    random = Random(survey.title)  # noqa: S311 - demo data, no secrets
    questions = list(survey.questions.all())  # type: ignore[attr-defined]
    rows = SurveyInvitation.objects.filter(survey=survey).order_by("pk")
    secrets = {
        notice.params["invitation"]: notice.params["secret"]
        for notice in Notice.objects.filter(kind=LETTER, state=NoticeState.WAITING)
    }
    assert survey.started_on
    for place, invitation in enumerate(rows):
        marks = ANSWERS[place % len(ANSWERS)]
        if marks is None or random.random() > share:
            continue
        whole, delivery, nps, reasons, words = marks
        given = (
            Given(whole),
            Given(delivery),
            Given(nps),
            Given(reasons=reasons),
            Given(text=words),
        )
        day = survey.started_on + timedelta(days=random.randrange(3))
        visitor = Visitor("198.51.100.7", timezone.make_aware(datetime.combine(day, time(15, 20))))
        token = token_of(secrets[invitation.pk], SALT)
        answers = {one.pk: value for one, value in zip(questions, given, strict=True)}
        survey_answers.answer_survey(token, answers, visitor=visitor)
