"""Internal reports: which are due by when of whom, and what was handed in (RP-06)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.accounts.models import Role
from crm.history import track
from reports.models.words import in_language
from reports.querysets.submissions import DefinitionQuerySet, SubmissionQuerySet


class ReportPeriod(models.TextChoices):
    MONTH = "month", pgettext_lazy("of a report", "Every month")
    QUARTER = "quarter", pgettext_lazy("of a report", "Every quarter")


class DueRule(models.TextChoices):
    """How the last day follows from the period (CAL-3)."""

    WORKING_DAY = "working_day", _("On the n-th working day after the period")
    DAY_BEFORE = "day_before", _("On the n-th of the month before, moved back to a working day")
    LAST_BEFORE = "last_before", _("On the last working day before the period")


class SubmissionState(models.TextChoices):
    """C.5 no. 35; late is worked out from the days."""

    DUE = "due", pgettext_lazy("report handed in", "To be handed in")
    SUBMITTED = "submitted", pgettext_lazy("report handed in", "Handed in")
    ACCEPTED = "accepted", pgettext_lazy("report handed in", "Accepted")
    RETURNED = "returned", pgettext_lazy("report handed in", "Returned")


SUBMISSION_MOVES: dict[str, set[str]] = {
    SubmissionState.DUE: {SubmissionState.SUBMITTED},
    SubmissionState.SUBMITTED: {SubmissionState.ACCEPTED, SubmissionState.RETURNED},
    SubmissionState.RETURNED: {SubmissionState.SUBMITTED},
    SubmissionState.ACCEPTED: set(),
}


def _person(label: Any, name: str = "+", **options: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name=name,
        verbose_name=label,
        **options,
    )


@track()
class ReportDefinition(models.Model):
    """A periodic report of the system of accounting: who hands it in to whom by when."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    period = models.CharField(
        _("period"), max_length=7, choices=ReportPeriod.choices, default=ReportPeriod.MONTH
    )
    due_rule = models.CharField(
        _("due"), max_length=11, choices=DueRule.choices, default=DueRule.WORKING_DAY
    )
    due_number = models.PositiveSmallIntegerField(_("which day (n)"), default=3)
    author_role = models.CharField(_("who hands it in"), max_length=20, choices=Role.choices)
    recipient_role = models.CharField(_("to whom"), max_length=20, choices=Role.choices)
    # A declared report that says the same, with its parameters; else a file is handed in.
    report_name = models.CharField(_("report of the product"), max_length=60, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    version = models.PositiveIntegerField(default=1)

    objects = DefinitionQuerySet.as_manager()

    class Meta:
        verbose_name = _("report of the catalogue")
        verbose_name_plural = _("catalogue of reports")
        ordering = ("title", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(title=""), name="report_definition_is_named"),
            models.CheckConstraint(
                condition=Q(due_number__gte=1, due_number__lte=31),
                name="report_definition_day_exists",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The title in the reader's language."""
        return in_language(self.title, self.title_en)


@track()
class ReportSubmission(models.Model):
    """One report of one period, of one author."""

    definition = models.ForeignKey(
        ReportDefinition,
        models.PROTECT,
        related_name="submissions",
        verbose_name=_("report"),
    )
    period_start = models.DateField(_("period"))
    author = _person(_("author"), "report_submissions")
    recipient = _person(_("recipient"), "received_reports")
    due_on = models.DateField(pgettext_lazy("last day", "due"))
    state = models.CharField(
        _("state"),
        max_length=9,
        choices=SubmissionState.choices,
        default=SubmissionState.DUE,
    )
    # The day of the first handing in decides whether it was late.
    first_submitted_on = models.DateField(_("handed in first on"), null=True, blank=True)
    late_days = models.PositiveIntegerField(_("days late"), null=True, blank=True)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    report_query = models.CharField(_("parameters of the report"), max_length=300, blank=True)
    decided_by = _person(_("decided by"), null=True, blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    return_reason = models.CharField(_("why returned"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("report handed in")
        verbose_name_plural = _("reports handed in")
        ordering = ("due_on", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["definition", "author", "period_start"], name="report_of_period_once"
            ),
            models.CheckConstraint(
                condition=Q(state="due", first_submitted_on=None, late_days=None)
                | (~Q(state="due") & Q(first_submitted_on__isnull=False, late_days__isnull=False)),
                name="report_handed_in_has_day",
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", decided_by__isnull=False, decided_on__isnull=False)
                | ~Q(state="accepted"),
                name="report_accepted_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(return_reason=""),
                name="report_returned_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("author")),
                name="report_accepted_by_another",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["author", "due_on"],
                condition=Q(state__in=["due", "returned"]),
                name="report_to_hand_in",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.definition}, {self.period_start:%m.%Y}"

    def get_absolute_url(self) -> str:
        return reverse("reports:submission_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """The author has to hand it in."""
        return self.state in {SubmissionState.DUE, SubmissionState.RETURNED}
