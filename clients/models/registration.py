"""Registration sheets: the yearly questionnaire of a client and its campaign (CL-08, C.5 no. 3)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models.clients import Client, ClientCategory
from clients.models.contacts import Dictionary
from clients.querysets.registration import CampaignQuerySet, SheetQuerySet
from crm.history import track

WHOLE = Decimal(100)


class AnswerKind(models.TextChoices):
    TEXT = "text", pgettext_lazy("answer", "Text")
    NUMBER = "number", pgettext_lazy("answer", "Number")
    CHOICE = "choice", pgettext_lazy("answer", "Choice")
    DATE = "date", pgettext_lazy("answer", "Date")


class KnownFact(models.TextChoices):
    """What the card knows already, so that nobody types it again."""

    LEGAL_NAME = "legal_name", _("Full name of the legal side")
    INN = "inn", _("INN")
    KPP = "kpp", _("KPP")
    OGRN = "ogrn", _("OGRN")
    LEGAL_ADDRESS = "legal_address", _("Legal address")
    ADDRESS = "address", _("Address of the client")
    PHONE = "phone", _("Phone of the client")
    EMAIL = "email", _("E-mail of the client")
    WEBSITE = "website", _("Website")
    CHANNEL = "channel", _("Channel")
    DECIDER = "decider", _("Decision maker")
    DECIDER_PHONE = "decider_phone", _("Phone of the decision maker")
    PERSON = "person", _("Another contact person")
    OUTLETS = "outlets", _("Number of outlets")
    DELIVERY_WINDOW = "delivery_window", _("Delivery window")
    POTENTIAL = "potential", _("Potential per month")
    NEEDS = "needs", _("Needs")


@track()
class RegistrationQuestion(Dictionary):
    """A question of the sheets; a campaign asks those that stand here when it begins."""

    kind = models.CharField(
        _("answer type"), max_length=6, choices=AnswerKind.choices, default=AnswerKind.TEXT
    )
    required = models.BooleanField(_("required"), default=True)
    # Of clients of which categories it is asked; empty: of all.
    categories = ArrayField(
        models.CharField(max_length=1, choices=ClientCategory.choices),
        verbose_name=_("asked of categories"),
        default=list,
        blank=True,
    )
    # One answer to choose on each line; the lines of both languages belong together.
    options_ru = models.TextField(_("answers to choose from, in Russian"), blank=True)
    options_en = models.TextField(_("answers to choose from, in English"), blank=True)
    known = models.CharField(
        _("filled in from the card"), max_length=15, choices=KnownFact.choices, blank=True
    )

    class Meta(Dictionary.Meta):
        verbose_name = _("question of registration sheets")
        verbose_name_plural = _("questions of registration sheets")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(Q(kind="choice") & ~Q(options_ru="") & ~Q(options_en=""))
                | (~Q(kind="choice") & Q(options_ru="", options_en="")),
                name="registration_choice_has_options",
            ),
        ]


class CampaignState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("campaign", "Draft")
    RUNNING = "running", pgettext_lazy("campaign", "Running")
    CLOSED = "closed", pgettext_lazy("campaign", "Closed")


CAMPAIGN_MOVES: dict[str, set[str]] = {
    CampaignState.DRAFT: {CampaignState.RUNNING},
    CampaignState.RUNNING: {CampaignState.CLOSED},
    CampaignState.CLOSED: set(),
}


class SheetState(models.TextChoices):
    NOT_STARTED = "not_started", pgettext_lazy("registration sheet", "Not started")
    IN_PROGRESS = "in_progress", pgettext_lazy("registration sheet", "Being filled in")
    SUBMITTED = "submitted", pgettext_lazy("registration sheet", "To be checked")
    APPROVED = "approved", pgettext_lazy("registration sheet", "Approved")
    RETURNED = "returned", pgettext_lazy("registration sheet", "Returned")


SHEET_MOVES: dict[str, set[str]] = {
    SheetState.NOT_STARTED: {SheetState.IN_PROGRESS},
    SheetState.IN_PROGRESS: {SheetState.SUBMITTED},
    SheetState.SUBMITTED: {SheetState.APPROVED, SheetState.RETURNED},
    SheetState.RETURNED: {SheetState.SUBMITTED},
    SheetState.APPROVED: set(),
}
# The manager has to do something.
OPEN_SHEET = (SheetState.NOT_STARTED, SheetState.IN_PROGRESS, SheetState.RETURNED)


def approved_is_kept() -> pgtrigger.Trigger:
    """Trigger that refuses to change or delete a sheet once it is approved."""
    return pgtrigger.Trigger(
        name="approved_is_kept",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        level=pgtrigger.Row,
        condition=pgtrigger.Condition("OLD.state = 'approved'"),
        func="RAISE EXCEPTION 'an approved sheet does not change'"
        " USING ERRCODE = 'check_violation';",
    )


def questions_are_kept() -> pgtrigger.Trigger:
    """Trigger that keeps the questions of a campaign once it runs."""
    return pgtrigger.Trigger(
        name="questions_are_kept",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        level=pgtrigger.Row,
        condition=pgtrigger.Condition(
            "OLD.state <> 'draft' AND (OLD.questions IS DISTINCT FROM NEW.questions"
            " OR OLD.year <> NEW.year OR OLD.org_unit_id <> NEW.org_unit_id)"
        ),
        func="RAISE EXCEPTION 'what a running campaign asks does not change'"
        " USING ERRCODE = 'check_violation';",
    )


def _person(label: Any, name: str = "+", **options: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name=name, verbose_name=label, **options
    )


@track(exclude=("questions",))
class RegistrationCampaign(models.Model):
    """The sheets of one department and year, to be collected until a day (L222)."""

    year = models.PositiveSmallIntegerField(_("year"))
    org_unit = models.ForeignKey(
        "accounts.OrgUnit",
        models.PROTECT,
        related_name="registration_campaigns",
        verbose_name=_("department"),
    )
    # Whom it concerns: clients of these categories; empty: of all, also without a category.
    categories = ArrayField(
        models.CharField(max_length=1, choices=ClientCategory.choices),
        verbose_name=_("categories"),
        default=list,
        blank=True,
    )
    deadline = models.DateField(_("to be collected by"))
    state = models.CharField(
        _("state"), max_length=7, choices=CampaignState.choices, default=CampaignState.DRAFT
    )
    # As they stood in the dictionary when it began: clients.sheets.sheet_questions reads them.
    questions = models.JSONField(default=list)
    started_on = models.DateField(_("begun on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    author = _person(_("author"))
    created_at = models.DateTimeField(auto_now_add=True)
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign of registration sheets")
        verbose_name_plural = _("campaigns of registration sheets")
        ordering = ("-year", "org_unit")
        triggers: ClassVar = [questions_are_kept()]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["year", "org_unit"],
                name="registration_campaign_once",
                violation_error_message=_("The department has a campaign of this year already."),
            ),
            models.CheckConstraint(
                condition=Q(state="draft", started_on=None, questions=[])
                | (~Q(state="draft") & Q(started_on__isnull=False) & ~Q(questions=[])),
                name="registration_campaign_begun_has_day",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_on__isnull=False)
                | (~Q(state="closed") & Q(closed_on=None)),
                name="registration_campaign_closed_day",
            ),
            models.CheckConstraint(
                condition=Q(started_on=None) | Q(deadline__gte=F("started_on")),
                name="registration_campaign_takes_time",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=2000, year__lte=2100), name="registration_campaign_year"
            ),
        ]

    def __str__(self) -> str:
        return str(_("Registration sheets %(year)s") % {"year": self.year})

    def get_absolute_url(self) -> str:
        """Its progress."""
        return reverse("clients:campaign_detail", args=[self.pk])


@track(in_bulk=True)
class RegistrationSheet(models.Model):
    """The answers about one client, by its manager, checked by the head."""

    # The key of campaign and client serves as its index.
    campaign = models.ForeignKey(
        RegistrationCampaign,
        models.PROTECT,
        related_name="sheets",
        verbose_name=_("campaign"),
        db_index=False,
    )
    client = models.ForeignKey(
        Client,
        models.PROTECT,
        related_name="registration_sheets",
        verbose_name=_("client"),
        db_index=False,
    )
    # Who answers for the client; of an approved sheet who did then.
    manager = _person(_("manager"), "registration_sheets", db_index=False)
    deadline = models.DateField(_("to be handed in by"))
    state = models.CharField(
        _("state"), max_length=11, choices=SheetState.choices, default=SheetState.NOT_STARTED
    )
    # Answers in their plain form by the codes of the questions.
    answers = models.JSONField(_("answers"), default=dict)
    # REG-1, by the category that the client had when the answers were written.
    required_count = models.PositiveSmallIntegerField(_("required questions"), default=0)
    filled_count = models.PositiveSmallIntegerField(_("required ones answered"), default=0)
    completeness_pct = models.DecimalField(
        _("completeness, %"), max_digits=5, decimal_places=2, default=0
    )
    proposed_category = models.CharField(  # noqa: DJ001  (null: not known yet)
        _("category by potential"),
        max_length=1,
        choices=ClientCategory.choices,
        null=True,
        blank=True,
    )
    # The day of the first handing in decides whether it was in time.
    first_submitted_on = models.DateField(_("handed in first on"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("handed in at"), null=True, blank=True)
    submitted_by = _person(_("handed in by"), null=True, blank=True, db_index=False)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = _person(_("decided by"), null=True, blank=True, db_index=False)
    return_reason = models.CharField(_("why returned"), max_length=500, blank=True)
    updated_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1)

    objects = SheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration sheet")
        verbose_name_plural = _("registration sheets")
        ordering = ("deadline", "pk")
        triggers: ClassVar = [approved_is_kept()]
        constraints: ClassVar = [
            # With all that the progress and the register of a campaign count.
            models.UniqueConstraint(
                fields=["campaign", "client"],
                include=[
                    *("id", "manager", "state", "deadline", "first_submitted_on"),
                    *("required_count", "filled_count"),
                ],
                name="registration_sheet_once_per_client",
            ),
            models.CheckConstraint(
                condition=Q(filled_count__lte=F("required_count"))
                & Q(completeness_pct__gte=0, completeness_pct__lte=100),
                name="registration_sheet_percent",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["submitted", "approved"])
                | Q(filled_count=F("required_count"), completeness_pct=100),
                name="registration_sheet_handed_in_whole",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["not_started", "in_progress"], first_submitted_on=None)
                | Q(
                    state__in=["submitted", "approved", "returned"],
                    first_submitted_on__isnull=False,
                    submitted_at__isnull=False,
                    submitted_by__isnull=False,
                ),
                name="registration_sheet_handed_in_has_day",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["approved", "returned"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                )
                | (~Q(state__in=["approved", "returned"]) & Q(decided_by=None, decided_at=None)),
                name="registration_sheet_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("submitted_by")),
                name="registration_sheet_decided_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(return_reason=""),
                name="registration_sheet_returned_says_why",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["deadline", "id"], name="sheet_by_deadline"),
            models.Index(fields=["campaign", "state"], name="sheet_of_campaign"),
            models.Index(fields=["manager", "deadline"], name="sheet_of_manager"),
            # The register of a head: all sheets are compared with the clients seen, then sorted.
            models.Index(
                fields=["client"], include=["id", "deadline", "state"], name="sheet_of_client"
            ),
            # My day: what the manager of a client has to do about it.
            models.Index(
                fields=["client"],
                include=["id", "campaign", "deadline", "state"],
                condition=Q(state__in=["not_started", "in_progress", "returned"]),
                name="sheet_open_of_client",
            ),
        ]

    def __str__(self) -> str:
        return str(_("Registration sheet %(year)s") % {"year": self.campaign.year})

    def get_absolute_url(self) -> str:
        """Its answers."""
        return reverse("clients:sheet_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """The manager has to do something: fill it in, or mend it."""
        return self.state in OPEN_SHEET

    @property
    def was_late(self) -> bool:
        """Handed in for the first time after its day."""
        return self.first_submitted_on is not None and self.first_submitted_on > self.deadline
