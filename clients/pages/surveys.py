"""What the pages of surveys show: results, the audience before it is asked, the answers as a list.

Figures are over the clients that the person sees.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients import permissions
from clients.actions.surveys import Audience, audience
from clients.models import (
    Dissatisfaction,
    QuestionKind,
    Survey,
    SurveyAnswer,
    SurveyInvitation,
    SurveyQuestion,
    SurveyResponse,
    SurveyState,
)
from clients.surveys.survey_figures import NpsFigures, ScoreFigures, nps_figures, score_figures
from clients.surveys.survey_mail import mail_keys
from crm.accounts.models import User
from crm.lists import Column, Kind, ListSpec
from crm.money import percent
from crm.notices.models import Notice, NoticeState
from crm.shell.templatetags.shell import status_chip

SHOWN_TEXTS = 8
TONES = {SurveyState.DRAFT: "warning", SurveyState.RUNNING: "info", SurveyState.CLOSED: "success"}


def state_chip(survey: Survey) -> str:
    """The state in words, with its colour."""
    return status_chip(survey.get_state_display(), TONES.get(SurveyState(survey.state), "neutral"))


@dataclass(frozen=True)
class Share:
    """One choice, how often it was made and by which part of those who answered."""

    label: str
    count: int
    percent: Decimal | None


@dataclass(frozen=True)
class QuestionResult:
    """One question with what was answered."""

    question: SurveyQuestion
    answers: list[SurveyAnswer]
    asked: int

    @property
    def scores(self) -> ScoreFigures:
        """Of a question with marks from 1 to 5."""
        given: list[int | None] = [answer.score for answer in self.answers]
        return score_figures([*given, *([None] * (self.asked - len(given)))])

    @property
    def nps(self) -> NpsFigures:
        """Of a question with marks from 0 to 10."""
        return nps_figures([one.score for one in self.answers if one.score is not None])

    @property
    def shares(self) -> list[Share]:
        """How often each mark or reason was chosen."""
        if self.question.kind == QuestionKind.REASONS:
            counts = Counter(reason for one in self.answers for reason in one.reasons)
            labels = dict(Dissatisfaction.choices)
            chosen = [(str(labels.get(key, key)), count) for key, count in counts.most_common()]
        else:
            top = 5 if self.question.kind == QuestionKind.SCORE else 10
            marks = Counter(one.score for one in self.answers)
            least = 1 if top == 5 else 0
            chosen = [(str(mark), marks[mark]) for mark in range(top, least - 1, -1)]
        whole = len(self.answers)
        return [Share(label, count, percent(count, whole)) for label, count in chosen]

    @property
    def texts(self) -> list[str]:
        """The last answers in words."""
        return [one.text for one in self.answers if one.text][:SHOWN_TEXTS]


@dataclass(frozen=True)
class ByManager:
    """The figures of one manager's clients."""

    manager: User | None
    asked: int
    scores: ScoreFigures
    nps: NpsFigures
    answered: int

    @property
    def response(self) -> Decimal | None:
        return percent(self.answered, self.asked)


@dataclass(frozen=True)
class SurveyPage:
    """One survey for one person."""

    survey: Survey
    user: User
    now: datetime

    @property
    def state(self) -> str:
        return state_chip(self.survey)

    @cached_property
    def invitations(self) -> list[SurveyInvitation]:
        rows = SurveyInvitation.objects.visible_to(self.user).filter(survey=self.survey)
        return list(rows.select_related("manager").order_by("pk"))

    @cached_property
    def letters_waiting(self) -> int:
        """How many of its letters are in the outbox still."""
        keys = [key for one in self.invitations for key in mail_keys(one.pk)]
        waiting = Notice.objects.filter(user=None, state=NoticeState.WAITING)
        return waiting.filter(dedupe_key__in=keys).count() if keys else 0

    @cached_property
    def responses(self) -> list[SurveyResponse]:
        rows = SurveyResponse.objects.visible_to(self.user)
        rows = rows.filter(invitation__survey=self.survey)
        return list(rows.select_related("invitation__manager").prefetch_related("answers"))

    @cached_property
    def questions(self) -> list[QuestionResult]:
        given = [answer for response in self.responses for answer in response.answers.all()]  # type: ignore[attr-defined]
        asked = len(self.invitations)
        questions = self.survey.questions.all()  # type: ignore[attr-defined]
        return [
            QuestionResult(one, [a for a in given if a.question_id == one.pk], asked)
            for one in questions
        ]

    @property
    def response_pct(self) -> Decimal | None:
        """Of those asked, how many answered anything."""
        return percent(len(self.responses), len(self.invitations))

    @cached_property
    def scores(self) -> ScoreFigures:
        """Over all questions with marks from 1 to 5."""
        return score_figures(self._marks(self.responses, QuestionKind.SCORE))

    @cached_property
    def nps(self) -> NpsFigures:
        return nps_figures(self._given(self.responses, QuestionKind.NPS))

    @property
    def reasons(self) -> list[Share]:
        """Over the whole survey, the most frequent first."""
        counts = Counter(reason for one in self.responses for reason in one.reasons)
        labels, whole = dict(Dissatisfaction.choices), len(self.responses)
        return [
            Share(str(labels.get(key, key)), count, percent(count, whole))
            for key, count in counts.most_common()
        ]

    @property
    def low(self) -> int:
        """Dissatisfied ones that nobody has dealt with."""
        return sum(one.waits for one in self.responses)

    @cached_property
    def managers(self) -> list[ByManager]:
        """Whose clients answered how."""
        people = {one.manager_id: one.manager for one in self.invitations}
        asked = Counter(one.manager_id for one in self.invitations)
        lines = []
        for pk, manager in people.items():
            theirs = [one for one in self.responses if one.invitation.manager_id == pk]
            scores = score_figures(self._marks(theirs, QuestionKind.SCORE))
            nps = nps_figures(self._given(theirs, QuestionKind.NPS))
            lines.append(ByManager(manager, asked[pk], scores, nps, len(theirs)))
        return sorted(lines, key=lambda line: str(line.manager or ""))

    @cached_property
    def audience(self) -> Audience:
        """Who would be asked now."""
        return audience(self.survey, by=self.user, now=self.now)

    @property
    def may_change(self) -> bool:
        return permissions.can_change_survey(self.user, self.survey)

    @property
    def may_close(self) -> bool:
        return permissions.can_close_survey(self.user, self.survey)

    def _marks(self, responses: Iterable[SurveyResponse], kind: str) -> list[int | None]:
        return [*self._given(responses, kind)]

    def _given(self, responses: Iterable[SurveyResponse], kind: str) -> list[int]:
        kinds = {one.question.pk for one in self.questions if one.question.kind == kind}
        return [
            answer.score
            for response in responses
            for answer in response.answers.all()  # type: ignore[attr-defined]
            if answer.question_id in kinds and answer.score is not None
        ]


def reasons_cell(response: SurveyResponse) -> str:
    """The reasons in words."""
    labels = dict(Dissatisfaction.choices)
    return ", ".join(str(labels.get(reason, reason)) for reason in response.reasons)


def low_cell(response: SurveyResponse) -> str:
    """Whether somebody has to call, or what was done."""
    if not response.is_low:
        return ""
    if response.handled_at is None:
        return status_chip(_("dissatisfied"), "danger", "mood-sad")
    return format_html(
        '{}<span class="d-block small text-secondary">{}</span>',
        status_chip(_("dealt with"), "success"), response.measures,
    )  # fmt: skip


RESPONSES = ListSpec(
    name="survey_responses",
    model=SurveyResponse,
    title=gettext_lazy("Answers to the survey"),
    columns=[
        Column("client", gettext_lazy("Client"), value="client.name", sort="client__sort_key"),
        Column("person", gettext_lazy("Contact person"), value="invitation.person.full_name"),
        Column("manager", gettext_lazy("Manager"), value="invitation.manager.short_name"),
        Column(
            "answered_at",
            gettext_lazy("Answered at"),
            kind=Kind.DATETIME,
            sort="answered_at",
        ),
        Column("worst_score", gettext_lazy("Lowest score"), sort="worst_score"),
        Column("nps", gettext_lazy("Would recommend"), sort="nps"),
        Column("reasons", gettext_lazy("Reasons"), value=reasons_cell),
        Column("comment", gettext_lazy("In words")),
        Column("low", gettext_lazy("What is to be done"), value="measures", render=low_cell),
        Column(
            "handle",
            gettext_lazy("Deal with it"),
            value=lambda response: response.pk if response.waits else "",
            render="clients/_survey_handle.html",
            export=False,
        ),
    ],
    default_sort="-answered_at",
    row_url=lambda response: f"{response.client.get_absolute_url()}",
    page_template="clients/survey_detail.html",
    empty_template="clients/_survey_no_answers.html",
)
SURVEYS = ListSpec(
    name="surveys",
    model=Survey,
    title=gettext_lazy("Surveys"),
    columns=[
        Column("title", gettext_lazy("Title"), link=True),
        Column("state", gettext_lazy("State"), render=state_chip),
        Column("started_on", gettext_lazy("Started on"), sort="started_on"),
        Column("ends_on", gettext_lazy("Answers until"), sort="ends_on"),
        Column("asked", gettext_lazy("Asked"), kind=Kind.NUMBER),
        Column("answered", gettext_lazy("Answered"), kind=Kind.NUMBER),
        Column("author", gettext_lazy("Author"), value="author.short_name"),
    ],
    default_sort="-ends_on",
    page_template="clients/survey_list.html",
    empty_template="clients/_surveys_none.html",
)
