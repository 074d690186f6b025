"""Settings registry, production calendar and the record of periodic work."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.history import track


@track()
class Setting(models.Model):
    """A policy number that the customer changed; declared defaults stand in code (registry)."""

    key = models.CharField(max_length=100)
    # Scope: the company (null) or one department, whose row wins over the company's.
    org_unit = models.ForeignKey(
        "accounts.OrgUnit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="settings",
    )
    value = models.JSONField()
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True
    )
    updated_at = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("setting")
        verbose_name_plural = _("settings")
        constraints: ClassVar = [
            models.UniqueConstraint(
                "key", "org_unit", name="setting_once_per_scope", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return self.key


class CalendarDayKind(models.TextChoices):
    WORKING = "working", _("Working day")
    SHORT = "short", _("Short working day")
    OFF = "off", _("Day off")


ORDINARY = 1  # the version of a day without a row


@track()
class CalendarDay(models.Model):
    """A day that differs from Monday–Friday: holiday, working weekend or short day (D.9)."""

    day = models.DateField(_("day"), primary_key=True)
    kind = models.CharField(_("kind"), max_length=8, choices=CalendarDayKind.choices)
    note = models.CharField(_("note"), max_length=200, blank=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    updated_at = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("working calendar")
        ordering = ("day",)

    def __str__(self) -> str:
        return f"{self.day:%d.%m.%Y} {self.get_kind_display()}"

    @property
    def version(self) -> int:
        """Which state of the day a form has shown: the microsecond of its last change."""
        return int(self.updated_at.timestamp() * 1_000_000)


class PeriodRunState(models.TextChoices):
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


class PeriodRun(models.Model):
    """One result per kind and period: the row is the claim (G-RL6)."""

    kind = models.CharField(max_length=60)
    period = models.CharField(max_length=40)
    state = models.CharField(
        max_length=8, choices=PeriodRunState.choices, default=PeriodRunState.RUNNING
    )
    attempts = models.PositiveSmallIntegerField(default=1)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    affected = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name = _("periodic run")
        verbose_name_plural = _("periodic runs")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "period"], name="period_run_once"),
            models.CheckConstraint(
                condition=Q(state=PeriodRunState.RUNNING) | Q(finished_at__isnull=False),
                name="period_run_finished_has_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.period}"


class Heartbeat(models.Model):
    """Last sign of life of a background process; readiness looks at it."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return self.name


class NumberSequence(models.Model):
    """The last number given out per kind and year; taken under a row lock (crm.numbering)."""

    kind = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField(default=0)
    last = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("number sequence")
        verbose_name_plural = _("number sequences")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "year"], name="number_sequence_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}: {self.last}"
