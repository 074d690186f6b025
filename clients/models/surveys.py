"""Surveys of clients (CL-14): questions, whom they were sent to, what was answered (SURVEY-1)."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models.clients import Client, ClientCategory
from clients.models.people import ContactPerson
from clients.querysets.surveys import (
    SurveyInvitationQuerySet,
    SurveyQuerySet,
    SurveyResponseQuerySet,
)
from crm.history import track


class SurveyState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("survey", "Draft")
    RUNNING = "running", pgettext_lazy("survey", "Running")
    CLOSED = "closed", pgettext_lazy("survey", "Closed")


SURVEY_MOVES: dict[str, set[str]] = {
    SurveyState.DRAFT: {SurveyState.RUNNING},
    SurveyState.RUNNING: {SurveyState.CLOSED},
    SurveyState.CLOSED: set(),
}


class QuestionKind(models.TextChoices):
    SCORE = "score", _("Score from 1 to 5")
    NPS = "nps", _("Would recommend, 0 to 10")
    REASONS = "reasons", _("Reasons for dissatisfaction")
    TEXT = "text", _("Answer in words")


class Dissatisfaction(models.TextChoices):
    """C.8."""

    PRICE = "price", pgettext_lazy("dissatisfaction", "Prices")
    QUALITY = "quality", pgettext_lazy("dissatisfaction", "Quality of goods")
    DELIVERY = "delivery", pgettext_lazy("dissatisfaction", "Delivery")
    DOCUMENTS = "documents", pgettext_lazy("dissatisfaction", "Documents")
    MANAGER_ATTENTION = "manager_attention", pgettext_lazy("dissatisfaction", "Attention")
    ASSORTMENT = "assortment", pgettext_lazy("dissatisfaction", "Assortment")
    TERMS = "terms", pgettext_lazy("dissatisfaction", "Terms of payment")
    RETURNS = "returns", pgettext_lazy("dissatisfaction", "Returns and claims")


@track()
class Survey(models.Model):
    """A few questions to contact persons of some clients, until a day."""

    title = models.CharField(_("title"), max_length=200)
    intro = models.TextField(_("introduction"), blank=True)
    state = models.CharField(
        _("state"), max_length=7, choices=SurveyState.choices, default=SurveyState.DRAFT
    )
    # Whom it asks: clients of these categories (empty: of all), of this manager (null: of all).
    categories = ArrayField(
        models.CharField(max_length=1, choices=ClientCategory.choices),
        verbose_name=_("categories"),
        default=list,
        blank=True,
    )
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("clients of the manager"),
    )
    deciders_only = models.BooleanField(_("only those who decide"), default=False)
    ends_on = models.DateField(_("answers until"))
    started_on = models.DateField(_("begun on"), null=True, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("author")
    )
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        ordering = ("-created_at", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="draft", started_on=None)
                | (~Q(state="draft") & Q(started_on__isnull=False)),
                name="survey_begun_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its results."""
        return reverse("clients:survey_detail", args=[self.pk])


@track(exclude=("position",), part_of="survey")
class SurveyQuestion(models.Model):
    """One question; it is not changed once the survey runs."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=7, choices=QuestionKind.choices)
    text = models.CharField(_("question"), max_length=300)

    history_named: ClassVar = ("text",)
    history_shown: ClassVar = ("kind", "text")

    class Meta:
        ordering = ("survey", "position")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["survey", "position"], name="survey_question_has_its_place"
            ),
        ]

    def __str__(self) -> str:
        return self.text


@track(exclude=("digest", "opened_at", "reminder_digest"), in_bulk=True)
class SurveyInvitation(models.Model):
    """A personal link of one contact person to one survey, for one answer (ADR 0019)."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="invitations")
    client = models.ForeignKey(Client, models.PROTECT, related_name="survey_invitations")
    person = models.ForeignKey(
        ContactPerson, models.PROTECT, related_name="survey_invitations", verbose_name=_("person")
    )
    # The client's manager of the day on which it was sent.
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    sent_to = models.EmailField(_("sent to"))
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(_("sent at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(_("first opened at"), null=True, blank=True)
    # Of those who had not answered; the link of the reminder is another one, both open the page.
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True)
    reminder_digest = models.CharField(max_length=64, blank=True, editable=False)

    objects = SurveyInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation to a survey")
        verbose_name_plural = _("invitations to surveys")
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "person"], name="survey_person_asked_once"),
            models.UniqueConstraint(
                fields=["reminder_digest"],
                condition=~Q(reminder_digest=""),
                name="survey_reminder_digest_once",
            ),
        ]

    def __str__(self) -> str:
        return self.sent_to


@track()
class SurveyResponse(models.Model):
    """What one person answered; bad marks wait until somebody has dealt with them."""

    invitation = models.OneToOneField(SurveyInvitation, models.PROTECT, related_name="response")
    client = models.ForeignKey(
        Client, models.PROTECT, related_name="survey_responses", verbose_name=_("client")
    )
    answered_at = models.DateTimeField(_("answered at"))
    # Over the questions with marks: the worst one, and the sum by which averages are made.
    worst_score = models.PositiveSmallIntegerField(_("lowest score"), null=True, blank=True)
    nps = models.PositiveSmallIntegerField(_("would recommend"), null=True, blank=True)
    reasons = ArrayField(
        models.CharField(max_length=17, choices=Dissatisfaction.choices),
        verbose_name=_("reasons for dissatisfaction"),
        default=list,
        blank=True,
    )
    comment = models.TextField(_("in words"), blank=True)
    is_low = models.BooleanField(_("dissatisfied"))
    handled_at = models.DateTimeField(_("dealt with at"), null=True, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    measures = models.CharField(_("what was done"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = SurveyResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer to a survey")
        verbose_name_plural = _("answers to surveys")
        ordering = ("-answered_at", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(worst_score=None) | Q(worst_score__gte=1, worst_score__lte=5),
                name="survey_score_1_to_5",
            ),
            models.CheckConstraint(
                condition=Q(nps=None) | Q(nps__lte=10), name="survey_nps_0_to_10"
            ),
            models.CheckConstraint(
                condition=Q(handled_at=None, handled_by=None, measures="")
                | (Q(handled_at__isnull=False, handled_by__isnull=False) & ~Q(measures="")),
                name="survey_handled_says_how",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["client"],
                condition=Q(is_low=True, handled_at=None),
                name="survey_low_of_client",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.answered_at:%d.%m.%Y}"

    @property
    def waits(self) -> bool:
        """Dissatisfied, and nobody has dealt with it."""
        return self.is_low and self.handled_at is None


@track(in_bulk=True)
class SurveyAnswer(models.Model):
    """The answer to one question."""

    response = models.ForeignKey(SurveyResponse, models.CASCADE, related_name="answers")
    question = models.ForeignKey(SurveyQuestion, models.PROTECT, related_name="answers")
    score = models.PositiveSmallIntegerField(null=True)
    reasons = ArrayField(models.CharField(max_length=17), default=list)
    text = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["response", "question"], name="survey_answered_once"),
        ]

    def __str__(self) -> str:
        return self.text or str(self.score)
