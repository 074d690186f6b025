"""Control points of business processes, spot checks, violations (RP-04)."""

from __future__ import annotations

from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.assignments.models import WorkItem
from crm.history import track
from reports.models.words import in_language
from reports.querysets.control import (
    CheckItemQuerySet,
    ControlPointQuerySet,
    SpotCheckQuerySet,
    ViolationQuerySet,
)


class CheckState(models.TextChoices):
    """C.5 no. 25; the checked do not see it before it has begun."""

    PLANNED = "planned", pgettext_lazy("spot check", "Planned")
    IN_PROGRESS = "in_progress", pgettext_lazy("spot check", "In progress")
    COMPLETED = "completed", pgettext_lazy("spot check", "Completed")
    CALLED_OFF = "called_off", pgettext_lazy("spot check", "Called off")


CHECK_MOVES: dict[str, set[str]] = {
    CheckState.PLANNED: {CheckState.IN_PROGRESS, CheckState.CALLED_OFF},
    CheckState.IN_PROGRESS: {CheckState.COMPLETED},
    CheckState.COMPLETED: set(),
    CheckState.CALLED_OFF: set(),
}


class ItemResult(models.TextChoices):
    OK = "ok", pgettext_lazy("spot check", "In order")
    VIOLATION = "violation", pgettext_lazy("spot check", "Violation")
    NOT_APPLICABLE = "na", pgettext_lazy("spot check", "Not applicable")


class Severity(models.TextChoices):
    MINOR = "minor", pgettext_lazy("violation", "Minor")
    SERIOUS = "serious", pgettext_lazy("violation", "Serious")
    GROSS = "gross", pgettext_lazy("violation", "Gross")


def ended_is_locked() -> pgtrigger.Trigger:
    """Trigger that refuses to change or delete a check that has ended."""
    return pgtrigger.Trigger(
        name="ended_is_locked",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        level=pgtrigger.Row,
        condition=pgtrigger.Condition("OLD.state IN ('completed', 'called_off')"),
        func="RAISE EXCEPTION 'a check that has ended does not change'"
        " USING ERRCODE = 'check_violation';",
    )


def sample_is_kept() -> pgtrigger.Trigger:
    """Trigger that keeps what the sample was drawn by: seed at the planning, frame at the start."""
    return pgtrigger.Trigger(
        name="sample_is_kept",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        level=pgtrigger.Row,
        condition=pgtrigger.Condition(
            "OLD.seed IS DISTINCT FROM NEW.seed OR OLD.checked_id IS DISTINCT FROM NEW.checked_id"
            " OR OLD.checker_id IS DISTINCT FROM NEW.checker_id"
            " OR OLD.state <> 'planned' AND OLD.frame IS DISTINCT FROM NEW.frame"
        ),
        func="RAISE EXCEPTION 'what a sample was drawn by does not change'"
        " USING ERRCODE = 'check_violation';",
    )


def item_is_locked() -> pgtrigger.Trigger:
    """Trigger that lets items come and change only while their check is in progress."""
    return pgtrigger.Trigger(
        name="item_is_locked",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        level=pgtrigger.Row,
        declare=[("owner", "bigint")],
        func=(
            "IF TG_OP = 'DELETE' THEN owner := OLD.spot_check_id;"
            " ELSE owner := NEW.spot_check_id; END IF;"
            " IF TG_OP = 'DELETE' OR NOT EXISTS (SELECT 1 FROM reports_spotcheck"
            " WHERE id = owner AND state = 'in_progress') OR (TG_OP = 'UPDATE' AND"
            " (NEW.spot_check_id <> OLD.spot_check_id OR NEW.object_id <> OLD.object_id)) THEN"
            " RAISE EXCEPTION 'a check that is not in progress does not change'"
            " USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
        ),
    )


def _person(label: Any, name: str = "+", **options: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name=name,
        verbose_name=label,
        **options,
    )


@track()
class BusinessProcess(models.Model):
    """A business process with its control points."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    title = models.CharField(_("process"), max_length=120)
    title_en = models.CharField(_("process, in English"), max_length=120, blank=True)
    order = models.PositiveSmallIntegerField(_("place"), default=1)

    class Meta:
        verbose_name = _("business process")
        verbose_name_plural = _("business processes")
        ordering = ("order", "pk")

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The title in the reader's language."""
        return in_language(self.title, self.title_en)


@track()
class ControlPoint(models.Model):
    """What is asked of a process, the norm, and where the rows of a sample come from."""

    process = models.ForeignKey(BusinessProcess, models.PROTECT, related_name="points")
    number = models.PositiveSmallIntegerField(_("number"))
    question = models.CharField(_("question"), max_length=300)
    norm = models.CharField(_("norm"), max_length=300)
    question_en = models.CharField(_("question, in English"), max_length=300, blank=True)
    norm_en = models.CharField(_("norm, in English"), max_length=300, blank=True)
    # A page or `report:…` where everybody can look; the key of a source of samples.
    url_name = models.CharField(_("where to look"), max_length=80, blank=True)
    source = models.CharField(_("rows of the sample"), max_length=30, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    version = models.PositiveIntegerField(default=1)

    objects = ControlPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("control point")
        verbose_name_plural = _("control points")
        ordering = ("process__order", "number", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["process", "number"], name="control_point_number"),
            models.CheckConstraint(
                condition=~Q(question="") & ~Q(norm=""), name="control_point_asks_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.question_label}"

    @property
    def question_label(self) -> str:
        """The question in the reader's language."""
        return in_language(self.question, self.question_en)

    @property
    def norm_label(self) -> str:
        """The norm in the reader's language."""
        return in_language(self.norm, self.norm_en)


@track()
class SpotCheck(models.Model):
    """A check of one person's work by a sample that anybody can draw again."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    point = models.ForeignKey(
        ControlPoint, models.PROTECT, related_name="checks", verbose_name=_("control point")
    )
    # As they stood when the check was planned.
    question = models.CharField(_("question"), max_length=300)
    norm = models.CharField(_("norm"), max_length=300)
    question_en = models.CharField(_("question, in English"), max_length=300, blank=True)
    norm_en = models.CharField(_("norm, in English"), max_length=300, blank=True)
    source = models.CharField(max_length=30)
    checked = _person(_("who is checked"), "spot_checks")
    checker = _person(_("checker"), "held_checks")
    planned_on = models.DateField(_("planned for"))
    is_sudden = models.BooleanField(_("without notice"), default=True)
    period_from = models.DateField(_("rows from"))
    period_to = models.DateField(_("rows to"))
    size = models.PositiveSmallIntegerField(_("size of the sample"))
    seed = models.CharField(_("seed"), max_length=32)
    state = models.CharField(
        _("state"), max_length=11, choices=CheckState.choices, default=CheckState.PLANNED
    )
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    completed_at = models.DateTimeField(_("completed at"), null=True, blank=True)
    # All rows that the sample was drawn of, in the order of their numbers.
    frame = models.JSONField(null=True, blank=True)
    frame_digest = models.CharField(_("digest of the frame"), max_length=64, blank=True)
    conclusion = models.TextField(_("conclusion"), max_length=2000, blank=True)
    call_off_reason = models.CharField(_("why called off"), max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = SpotCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("spot check")
        verbose_name_plural = _("spot checks")
        ordering = ("-planned_on", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(checker=F("checked")), name="check_by_another_person"
            ),
            models.CheckConstraint(
                condition=Q(period_to__gte=F("period_from")), name="check_period_not_backwards"
            ),
            models.CheckConstraint(condition=Q(size__gte=1), name="check_sample_not_empty"),
            models.CheckConstraint(
                condition=(
                    Q(state__in=["planned", "called_off"], started_at=None)
                    & Q(frame__isnull=True, frame_digest="")
                )
                | (
                    Q(state__in=["in_progress", "completed"], started_at__isnull=False)
                    & Q(frame__isnull=False)
                    & ~Q(frame=None)  # in JSON, None is a value
                    & ~Q(frame_digest="")
                ),
                name="check_begun_has_frame",
            ),
            models.CheckConstraint(
                condition=Q(state="completed", completed_at__isnull=False)
                | (~Q(state="completed") & Q(completed_at=None)),
                name="check_completed_has_moment",
            ),
            models.CheckConstraint(
                condition=(Q(state="called_off") & ~Q(call_off_reason=""))
                | (~Q(state="called_off") & Q(call_off_reason="")),
                name="check_called_off_has_reason",
            ),
        ]
        triggers: ClassVar = [ended_is_locked(), sample_is_kept()]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("reports:check_detail", args=[self.pk])

    @property
    def question_label(self) -> str:
        """The question in the reader's language."""
        return in_language(self.question, self.question_en)

    @property
    def norm_label(self) -> str:
        """The norm in the reader's language."""
        return in_language(self.norm, self.norm_en)

    @property
    def is_hidden(self) -> bool:
        """The checked knows nothing of it."""
        return self.state in {CheckState.PLANNED, CheckState.CALLED_OFF}


@track()
class SpotCheckItem(models.Model):
    """One row of the sample and what was found."""

    spot_check = models.ForeignKey(SpotCheck, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField(_("place"))
    object_id = models.PositiveBigIntegerField()
    title = models.CharField(_("row"), max_length=300)
    title_en = models.CharField(_("row, in English"), max_length=300, blank=True)
    url = models.CharField(max_length=300, blank=True)
    person = _person(_("whose row it is"), null=True, blank=True)
    result = models.CharField(_("result"), max_length=9, choices=ItemResult.choices, blank=True)
    note = models.TextField(_("note"), max_length=2000, blank=True)
    severity = models.CharField(_("severity"), max_length=7, choices=Severity.choices, blank=True)
    due_on = models.DateField(_("to be corrected by"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = CheckItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of a check")
        verbose_name_plural = _("rows of a check")
        ordering = ("position", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["spot_check", "object_id"], name="check_row_once"),
            models.CheckConstraint(
                condition=(
                    Q(result="violation", due_on__isnull=False, person__isnull=False)
                    & ~Q(severity="")
                    & ~Q(note="")
                )
                | (~Q(result="violation") & Q(severity="", due_on=None)),
                name="check_violation_is_whole",
            ),
        ]
        triggers: ClassVar = [item_is_locked()]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("reports:check_item", args=[self.pk])

    @property
    def label(self) -> str:
        """What the row is called, in the reader's language."""
        return in_language(self.title, self.title_en)


@track()
class Violation(models.Model):
    """A violation that a completed check has found: a ground for decisions, with its task."""

    item = models.OneToOneField(SpotCheckItem, models.PROTECT, related_name="violation")
    person = _person(_("whose violation"), "violations")
    found_by = _person(_("found by"))
    found_on = models.DateField(_("found on"))
    severity = models.CharField(_("severity"), max_length=7, choices=Severity.choices)
    title = models.CharField(_("row"), max_length=300)
    title_en = models.CharField(_("row, in English"), max_length=300, blank=True)
    description = models.TextField(_("what was found"), max_length=2000)
    work = models.OneToOneField(
        WorkItem, models.PROTECT, related_name="violation", verbose_name=_("work item")
    )

    objects = ViolationQuerySet.as_manager()

    class Meta:
        verbose_name = _("violation")
        verbose_name_plural = _("violations")
        ordering = ("-found_on", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(person=F("found_by")), name="violation_found_by_another"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person", "-found_on"], name="violation_of_person")
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="is_kept", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return self.item.get_absolute_url()

    @property
    def label(self) -> str:
        """What the row is called, in the reader's language."""
        return in_language(self.title, self.title_en)
