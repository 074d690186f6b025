"""Surveys in any state; people answer by the link of their letter."""

import re
from datetime import timedelta
from uuid import uuid4

from django.core import mail
from django.utils import timezone

from clients.actions import consents, survey_answers
from clients.actions import surveys as actions
from clients.actions.survey_answers import Given
from clients.actions.surveys import Question, SurveyValues
from clients.models import SurveyInvitation
from crm.links.doors import Visitor
from crm.links.tokens import token_of
from crm.notices.actions import deliver_notices
from crm.notices.models import Notice
from tests.factories import clients

QUESTIONS = (
    Question("score", "Как вам с нами работается?"),
    Question("nps", "Порекомендуете ли вы нас?"),
    Question("reasons", "Чем вы недовольны?"),
    Question("text", "Что нам улучшить?"),
)


def draft(by, **more):
    """A survey that nobody has been asked by."""
    today = timezone.localdate()
    more.setdefault("title", "Опрос клиентов")
    more.setdefault("ends_on", today + timedelta(days=14))
    more.setdefault("questions", QUESTIONS)
    return actions.create_survey(SurveyValues(**more), by=by, key=uuid4(), today=today)


def agreed(client, by=None, **more):
    """A person of the client who has agreed to be written to."""
    more.setdefault("email", "anna@client.example")
    person = clients.person(client, **more)
    today = timezone.localdate()
    consents.give_consent(
        person.pk, by=by or client.manager, given_on=today, channel="paper", text_version="№ 1",
        today=today,
    )  # fmt: skip
    return person


def running(by, **more):
    """A survey whose letters are in the outbox."""
    made = draft(by, **more)
    return actions.start_survey(made.pk, by=by, version=1, now=timezone.now())


def token(invitation):
    """What stands in the address, as the letter in the outbox would say."""
    notice = Notice.objects.get(dedupe_key=f"survey:{invitation.pk}")
    return token_of(notice.params["secret"], "clients.survey")


def from_letter():
    """The same from the letter that was delivered."""
    deliver_notices()
    bodies = [letter.body for letter in mail.outbox if "/feedback/" in letter.body]
    return re.search(r"/feedback/([^/\s]+)/", bodies[-1])[1]


def answer(invitation, *, by_token=None, **given):
    """Answers by the kind of the question: score, nps, reasons, text."""
    wanted = {}
    for question in invitation.survey.questions.all():
        if question.kind not in given:
            continue
        value = given[question.kind]
        name = {"nps": "score"}.get(question.kind, question.kind)
        wanted[question.pk] = Given(**{name: tuple(value) if name == "reasons" else value})
    visitor = Visitor("203.0.113.7", timezone.now())
    return survey_answers.answer_survey(
        by_token or token(invitation), wanted, visitor=visitor
    )  # fmt: skip


def answered(client, by, *, score=1, text="", **more):
    """A survey with one answer of a person of the client."""
    person = agreed(client)
    survey = running(by, **more)
    invitation = SurveyInvitation.objects.get(survey=survey, person=person)
    return answer(invitation, score=score, nps=3, reasons=["price"], text=text or "Дорого")


def of_matrix(client, head):
    """Keys of a draft, and of one that a person of the client has answered badly."""
    bad = answered(client, head, title="CANARY опрос", text="CANARY ответ")
    return {
        "survey": bad.invitation.survey_id,
        "survey_answer": bad.pk,
        "survey_draft": draft(head).pk,
    }
