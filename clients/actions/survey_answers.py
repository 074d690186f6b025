"""What a person does by the link of a survey, and what our people do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from clients import permissions
from clients.actions.consents import end_consents
from clients.actions.locks import absent_owner
from clients.models import (
    ContactPerson,
    QuestionKind,
    SurveyAnswer,
    SurveyInvitation,
    SurveyQuestion,
    SurveyResponse,
)
from crm.accounts.models import User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.links.doors import NoSuchLink, Visitor
from crm.links.tokens import digest_of
from crm.notices.actions import notify
from crm.work.registry import setting

LOW = "survey.low"


@dataclass(frozen=True)
class Given:
    """The answer to one question; empty where it was passed over."""

    score: int | None = None
    reasons: tuple[str, ...] = ()
    text: str = ""

    def __bool__(self) -> bool:
        return self.score is not None or bool(self.reasons) or bool(self.text)


def find_invitation(token: str, *, now: datetime) -> SurveyInvitation:
    """The invitation that shows something; raises NoSuchLink for any other."""
    rows = SurveyInvitation.objects.usable(now).select_related("survey", "person", "client")
    found: SurveyInvitation | None = rows.of_link(digest_of(token)).first()
    if found is None:
        raise NoSuchLink("")
    return found


def note_opened(invitation: SurveyInvitation, visitor: Visitor) -> None:
    """The first look at the page."""
    rows = SurveyInvitation.objects.filter(pk=invitation.pk, opened_at=None)
    rows.update(opened_at=visitor.now)


@transaction.atomic
def answer_survey(token: str, given: Mapping[int, Given], *, visitor: Visitor) -> SurveyResponse:
    """Keep the answers, once; the client's manager is told of bad marks."""
    invitation = _locked(token, visitor)
    if SurveyResponse.objects.filter(invitation=invitation).exists():
        raise StaleVersion(_("You have answered already. Thank you!"))
    questions = {question.pk: question for question in invitation.survey.questions.all()}  # type: ignore[attr-defined]
    kept = {questions[pk]: one for pk, one in given.items() if one and pk in questions}
    if not kept:
        raise RuleViolation(_("Answer at least one question."))
    response = _response(invitation, kept, visitor.now)
    with verb("survey.answered", by=None):
        response.save(force_insert=True)
    SurveyAnswer.objects.bulk_create(
        SurveyAnswer(
            response=response, question=question, score=one.score, reasons=list(one.reasons),
            text=one.text,
        )
        for question, one in kept.items()
    )  # fmt: skip
    if response.is_low:
        _tell(response, invitation)
    return response


@transaction.atomic
def stop_writing(token: str, *, visitor: Visitor) -> None:
    """The person does not want to be written to: the consent ends, and so does the link."""
    invitation = _locked(token, visitor)
    with verb("consent.withdrawn_by_link", by=None):
        end_consents(invitation.person, now=visitor.now, by=None)
    SurveyInvitation.objects.filter(pk=invitation.pk).update(revoked_at=visitor.now)


@transaction.atomic
def handle_response(
    response_id: int, *, by: User, version: int, measures: str, now: datetime
) -> SurveyResponse:
    """Say what was done about a bad mark."""
    rows = SurveyResponse.objects.visible_to(by).select_for_update(of=("self",))
    response: SurveyResponse = rows.select_related("client__manager").get(pk=response_id)
    if response.version != version:
        raise StaleVersion(of=response)
    if not permissions.can_handle_response(by, response):
        raise PermissionDenied
    response.handled_at, response.handled_by, response.measures = now, by, measures
    response.version += 1
    with verb("survey.handled", by=by, on_behalf_of=absent_owner(response.client, by)):
        response.save(update_fields=["handled_at", "handled_by", "measures", "version"])
    return response


def _locked(token: str, visitor: Visitor) -> SurveyInvitation:
    """The person first, as where a consent is withdrawn, then the invitation."""
    found = find_invitation(token, now=visitor.now)
    ContactPerson.objects.select_for_update(of=("self",)).get(pk=found.person_id)
    rows = SurveyInvitation.objects.usable(visitor.now).select_for_update(of=("self",))
    people = ("survey", "person__client", "client__manager")
    invitation: SurveyInvitation | None = rows.select_related(*people).filter(pk=found.pk).first()
    if invitation is None:
        raise NoSuchLink("")
    return invitation


def _response(
    invitation: SurveyInvitation, kept: Mapping[SurveyQuestion, Given], now: datetime
) -> SurveyResponse:
    def marks(kind: str) -> list[int]:
        return [one.score for question, one in kept.items()
                if question.kind == kind and one.score is not None]  # fmt: skip

    scores, nps = marks(QuestionKind.SCORE), marks(QuestionKind.NPS)
    reasons = sorted({reason for one in kept.values() for reason in one.reasons})
    comment = "\n".join(one.text for one in kept.values() if one.text)
    worst, least = min(scores, default=None), min(nps, default=None)
    bad_score = worst is not None and worst <= setting("surveys.low_score")
    bad_nps = least is not None and least <= setting("surveys.low_nps")
    return SurveyResponse(
        invitation=invitation, client=invitation.client, answered_at=now, worst_score=worst,
        nps=least, reasons=reasons, comment=comment, is_low=bad_score or bad_nps,
    )  # fmt: skip


def _tell(response: SurveyResponse, invitation: SurveyInvitation) -> None:
    manager = invitation.client.manager
    if manager is None or not manager.is_active:
        return
    marks = [f"{response.worst_score}/5" if response.worst_score is not None else ""]
    marks.append(f"NPS {response.nps}" if response.nps is not None else "")
    notify(
        manager,
        kind=LOW,
        params={"client": invitation.client.name, "marks": ", ".join(filter(None, marks))},
        url=invitation.survey.get_absolute_url(),
        dedupe_key=f"{LOW}:{response.pk}",
    )
