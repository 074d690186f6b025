"""Writes of surveys: the draft, asking people, the end (C.2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clients import permissions
from clients.models import (
    SURVEY_MOVES,
    Client,
    ClientStatus,
    ContactPerson,
    PersonalDataConsent,
    Survey,
    SurveyInvitation,
    SurveyQuestion,
    SurveyState,
)
from clients.surveys.survey_mail import LETTER, REMINDER, SALT, mail_keys
from crm.accounts.models import User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.lines import write_lines
from crm.links.tokens import digest_of, new_secret, token_of
from crm.notices import actions as notices
from crm.numbering import one_at_a_time
from crm.states import move
from crm.work.registry import setting


@dataclass(frozen=True)
class Question:
    """A question of a draft."""

    kind: str
    text: str


@dataclass(frozen=True)
class SurveyValues:
    """What a draft says."""

    title: str
    ends_on: date
    questions: tuple[Question, ...]
    intro: str = ""
    categories: tuple[str, ...] = ()
    manager: User | None = None
    deciders_only: bool = False


@dataclass(frozen=True)
class Audience:
    """Who would be asked, and who would not and why."""

    people: list[ContactPerson]
    without_consent: int
    asked_lately: int
    beyond: int


def create_survey(values: SurveyValues, *, by: User, key: UUID, today: date) -> Survey:
    """A draft, once per `key`."""
    with transaction.atomic():
        one_at_a_time(key)
        known = Survey.objects.filter(idempotency_key=key, author=by).first()
        if known is not None:
            return known  # type: ignore[no-any-return]
        if not permissions.can_make_surveys(by):
            raise PermissionDenied
        survey = Survey(author=by, idempotency_key=key)
        _put(survey, values, today)
        with verb("survey.created", by=by):
            survey.save(force_insert=True)
            _ask(survey, values.questions)
        return survey


@transaction.atomic
def edit_survey(
    survey_id: int, values: SurveyValues, *, by: User, version: int, today: date
) -> Survey:
    """Another text, another audience: while nobody has been asked."""
    survey = _locked(survey_id, by, version)
    if not permissions.can_change_survey(by, survey):
        raise PermissionDenied
    _put(survey, values, today)
    survey.version += 1
    with verb("survey.changed", by=by):
        survey.save(update_fields=[*COLUMNS, "version"])
        _ask(survey, values.questions)
    return survey


@transaction.atomic
def start_survey(
    survey_id: int, *, by: User, version: int, now: datetime, client_ids: Iterable[int] = ()
) -> Survey:
    """Send everybody of the audience a letter with a personal link; chosen clients instead."""
    survey = _locked(survey_id, by, version)
    if not permissions.can_start_survey(by, survey):
        raise PermissionDenied
    today = timezone.localtime(now).date()
    if survey.ends_on < today:
        raise RuleViolation(_("The last day for answers has passed."))
    with verb("survey.started", by=by):
        move(survey, SURVEY_MOVES, SurveyState.RUNNING, started_on=today)
        if not _invite(survey, audience(survey, by=by, now=now, client_ids=client_ids), now):
            raise RuleViolation(_("There is nobody to ask: nobody has agreed to be written to."))
    return survey


@transaction.atomic
def ask_more(
    survey_id: int, *, by: User, version: int, now: datetime, client_ids: Iterable[int] = ()
) -> int:
    """Ask people who were not asked by this survey yet; returns how many."""
    survey = _locked(survey_id, by, version)
    if not permissions.can_close_survey(by, survey):
        raise PermissionDenied
    with verb("survey.asked_more", by=by):
        survey.version += 1
        survey.save(update_fields=["version"])
        asked = _invite(survey, audience(survey, by=by, now=now, client_ids=client_ids), now)
    if not asked:
        raise RuleViolation(_("There is nobody else to ask."))
    return asked


@transaction.atomic
def close_survey(survey_id: int, *, by: User, version: int) -> Survey:
    """End it before its day: links that wait show nothing any more."""
    survey = _locked(survey_id, by, version)
    if not permissions.can_close_survey(by, survey):
        raise PermissionDenied
    with verb("survey.closed", by=by):
        move(survey, SURVEY_MOVES, SurveyState.CLOSED)
    return survey


@transaction.atomic
def close_surveys(*, today: date) -> int:
    """Daily: those whose last day has gone by."""
    count = 0
    for survey in Survey.objects.over(today).select_for_update(of=("self",)).order_by("pk"):
        with verb("survey.closed", by=None):
            move(survey, SURVEY_MOVES, SurveyState.CLOSED)
        count += 1
    return count


@transaction.atomic
def remind_silent(*, now: datetime) -> int:
    """Daily: once whoever has not answered within the days of the setting; how many.

    The links of the first letters go on working. Nobody is reminded of a closed survey, nor after
    the consent was withdrawn: the rows are locked, and the letter is looked at again as it goes.
    """
    days = setting("surveys.remind_days")
    if not days:
        return 0
    rows = SurveyInvitation.objects.to_remind(now, now - timedelta(days=days))
    found = list(rows.select_for_update(of=("self",), skip_locked=True).order_by("pk"))
    secrets = {row.pk: new_secret() for row in found}
    for row in found:
        row.reminded_at = now
        row.reminder_digest = digest_of(token_of(secrets[row.pk], SALT))
        notices.write_to(
            row.sent_to,
            kind=REMINDER,
            params={"invitation": row.pk, "secret": secrets[row.pk]},
            dedupe_key=mail_keys(row.pk)[1],
        )
    SurveyInvitation.objects.bulk_update(found, ["reminded_at", "reminder_digest"], batch_size=500)
    return len(found)


def audience(
    survey: Survey, *, by: User, now: datetime, client_ids: Iterable[int] = ()
) -> Audience:
    """People of visible clients with an address and a consent, not asked lately."""
    people = _possible(survey, by, list(client_ids))
    consents = PersonalDataConsent.objects.in_force().values("person")
    agreed = people.filter(pk__in=consents)
    since = now - timedelta(days=setting("surveys.pause_days"))
    lately = SurveyInvitation.objects.filter(created_at__gt=since).values("person")
    free = list(agreed.exclude(pk__in=lately).select_related("client__manager"))
    most = setting("surveys.most")
    return Audience(
        people=free[:most],
        without_consent=people.exclude(pk__in=consents).count(),
        asked_lately=agreed.filter(pk__in=lately).count(),
        beyond=max(0, len(free) - most),
    )


def _possible(survey: Survey, by: User, client_ids: list[int]) -> Any:
    """Whom the survey is meant for, consents aside."""
    clients = Client.objects.visible_to(by).open().exclude(status=ClientStatus.PROSPECT)
    if client_ids:
        clients = clients.filter(pk__in=client_ids)
    else:
        if survey.categories:
            clients = clients.filter(category__in=survey.categories)
        if survey.manager_id:
            clients = clients.filter(manager=survey.manager_id)
    people = ContactPerson.objects.open().filter(client__in=clients.values("pk")).exclude(email="")
    if survey.deciders_only:
        people = people.filter(is_decision_maker=True)
    asked = SurveyInvitation.objects.filter(survey=survey).values("person")
    return people.exclude(pk__in=asked).order_by("client", "pk")


def _invite(survey: Survey, found: Audience, now: datetime) -> int:
    """Rows and letters in one transaction: the outbox sends them."""
    after = survey.ends_on + timedelta(days=1)
    expires = timezone.make_aware(datetime.combine(after, time.min))
    secrets = {person.pk: new_secret() for person in found.people}
    rows = [
        SurveyInvitation(
            survey=survey,
            client=person.client,
            person=person,
            manager=person.client.manager,
            sent_to=person.email,
            digest=digest_of(token_of(secrets[person.pk], SALT)),
            expires_at=expires,
        )
        for person in found.people
    ]
    for made in SurveyInvitation.objects.bulk_create(rows):
        notices.write_to(
            made.sent_to,
            kind=LETTER,
            params={"invitation": made.pk, "secret": secrets[made.person_id]},
            dedupe_key=mail_keys(made.pk)[0],
        )
    return len(rows)


COLUMNS = ("title", "intro", "ends_on", "categories", "manager", "deciders_only")


def _put(survey: Survey, values: SurveyValues, today: date) -> None:
    if values.ends_on < today:
        raise RuleViolation(_("The last day for answers has passed."), field="ends_on")
    if not values.questions:
        raise RuleViolation(_("Ask at least one question."))
    for name in COLUMNS:
        setattr(survey, name, getattr(values, name))
    survey.categories = sorted(values.categories)


def _ask(survey: Survey, questions: Iterable[Question]) -> None:
    asked = [
        SurveyQuestion(survey=survey, position=place, kind=one.kind, text=one.text)
        for place, one in enumerate(questions, start=1)
    ]
    # Of what is not asked word for word any more, the first was put into the words of the first.
    write_lines(SurveyQuestion.objects.filter(survey=survey), asked, same=lambda _line: None)


def _locked(survey_id: int, by: User, version: int) -> Survey:
    rows = Survey.objects.visible_to(by).select_for_update(of=("self",))
    survey: Survey = rows.get(pk=survey_id)
    if survey.version != version:
        raise StaleVersion(of=survey)
    return survey
