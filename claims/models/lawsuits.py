"""Lawsuits over claims that were not satisfied, their packages, and debts that run out of time."""

from typing import ClassVar
from uuid import uuid4

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.models.outgoing import OutgoingClaim
from claims.querysets.outgoing import (
    LawsuitPackageQuerySet,
    LawsuitQuerySet,
    LimitationWatchQuerySet,
)
from crm.history import track
from deals.models import Invoice


class LawsuitState(models.TextChoices):
    """The second half of C.5 no. 22."""

    PREPARED = "prepared", _("Being prepared")
    FILED = "filed", _("Filed with the court")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")
    SETTLED = "settled", _("Settled out of court")
    ENFORCEMENT = "enforcement", _("Enforced by bailiffs")
    CLOSED = "closed", pgettext_lazy("lawsuit", "Closed")


LAWSUIT_MOVES: dict[str, set[str]] = {
    LawsuitState.PREPARED: {LawsuitState.FILED, LawsuitState.CLOSED},
    LawsuitState.FILED: {LawsuitState.WON, LawsuitState.LOST, LawsuitState.SETTLED},
    LawsuitState.WON: {LawsuitState.ENFORCEMENT, LawsuitState.CLOSED},
    LawsuitState.LOST: {LawsuitState.CLOSED},
    LawsuitState.SETTLED: {LawsuitState.ENFORCEMENT, LawsuitState.CLOSED},
    LawsuitState.ENFORCEMENT: {LawsuitState.CLOSED},
    LawsuitState.CLOSED: set(),
}
DECIDED = ("won", "lost", "settled", "enforcement")


def not_before_the_term() -> pgtrigger.Trigger:
    """Trigger that refuses a lawsuit before the term of the claim is over (APK art. 4 p. 5)."""
    return pgtrigger.Trigger(
        name="not_before_the_term",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func="""
            IF NOT EXISTS (
                SELECT 1 FROM claims_outgoingclaim c
                WHERE c.id = NEW.claim_id AND c.lawsuit_from <= NEW.prepared_on
                  AND (NEW.filed_on IS NULL OR c.lawsuit_from <= NEW.filed_on)
            ) THEN
                RAISE EXCEPTION 'the term of the claim is not over'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'lawsuit_not_before_the_term';
            END IF;
            RETURN NEW;
        """,
    )


@track()
class Lawsuit(models.Model):
    """What is asked of the court after a claim, roubles, counted to a day of its own."""

    claim = models.OneToOneField(OutgoingClaim, models.PROTECT, related_name="lawsuit")
    state = models.CharField(
        _("state"), max_length=11, choices=LawsuitState.choices, default=LawsuitState.PREPARED
    )
    prepared_on = models.DateField(_("prepared on"))
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("prepared by")
    )
    court = models.CharField(_("court"), max_length=200)
    case_number = models.CharField(_("case number"), max_length=50, blank=True)
    calculated_to = models.DateField(_("counted to"))
    calculation = models.JSONField(default=dict)
    principal = models.DecimalField(_("debt"), max_digits=15, decimal_places=2)
    accrual = models.DecimalField(
        _("penalty and interest"), max_digits=15, decimal_places=2, default=0
    )
    amount = models.GeneratedField(
        expression=F("principal") + F("accrual"),
        output_field=models.DecimalField(_("amount"), max_digits=15, decimal_places=2),
        db_persist=True,
    )
    state_duty = models.DecimalField(
        _("court fee"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    filed_on = models.DateField(_("filed on"), null=True, blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    awarded = models.DecimalField(
        _("awarded"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = LawsuitQuerySet.as_manager()

    class Meta:
        verbose_name = _("lawsuit")
        verbose_name_plural = _("lawsuits")
        ordering = ("-pk",)
        triggers: ClassVar = [not_before_the_term()]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(principal__gte=0, accrual__gte=0, amount__gt=0)
                & (Q(state_duty=None) | Q(state_duty__gte=0)),
                name="lawsuit_sums_not_negative",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["filed", *DECIDED])
                | (Q(filed_on__isnull=False) & ~Q(court="")),
                name="lawsuit_filed_has_its_day",
            ),
            models.CheckConstraint(
                condition=(Q(decided_on=None) & ~Q(state__in=DECIDED))
                | (
                    Q(decided_on__isnull=False, filed_on__isnull=False)
                    & Q(decided_on__gte=F("filed_on"), state__in=[*DECIDED, "closed"])
                ),
                name="lawsuit_decided_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(awarded=None) | Q(awarded__gte=0, decided_on__isnull=False),
                name="lawsuit_awarded_by_a_decision",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", closed_on__isnull=False)
                | (~Q(state="closed") & Q(closed_on=None)),
                name="lawsuit_closed_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return self.case_number or str(self.claim)

    def get_absolute_url(self) -> str:
        """The page of its claim."""
        return self.claim.get_absolute_url()


@track()
class LawsuitStage(models.Model):
    """A stage that a lawsuit came to, with its day and a note."""

    lawsuit = models.ForeignKey(Lawsuit, models.PROTECT, related_name="stages")
    state = models.CharField(_("state"), max_length=11, choices=LawsuitState.choices)
    on = models.DateField(_("on"))
    note = models.CharField(_("note"), max_length=500, blank=True)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lawsuit", "state"], name="lawsuit_stage_once"),
        ]

    def __str__(self) -> str:
        return self.get_state_display()


class PackageState(models.TextChoices):
    WAITING = "waiting", _("Being made")
    DONE = "done", pgettext_lazy("package", "Ready")
    FAILED = "failed", pgettext_lazy("package", "Failed")


class LawsuitPackage(models.Model):
    """One archive for the court, made in the background; it knows what is in it and missing."""

    lawsuit = models.ForeignKey(Lawsuit, models.PROTECT, related_name="packages")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=7, choices=PackageState.choices, default=PackageState.WAITING
    )
    key = models.UUIDField(default=uuid4, unique=True, editable=False)  # name on the disk
    size = models.PositiveBigIntegerField(default=0)
    contents = models.JSONField(default=list)
    missing = models.JSONField(default=list)
    failure = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = LawsuitPackageQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="waiting", finished_at=None)
                | (~Q(state="waiting") & Q(finished_at__isnull=False)),
                name="lawsuit_package_finished_at",
            ),
            models.CheckConstraint(
                condition=Q(state="failed") ^ Q(failure=""), name="lawsuit_package_failure_said"
            ),
            models.UniqueConstraint(
                fields=["lawsuit"],
                condition=Q(state="waiting"),
                name="lawsuit_package_one_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lawsuit_id}: {self.get_state_display()}"


class LimitationWatch(models.Model):
    """An overdue debt without a lawsuit whose limitation ends soon; kept true by the daily task."""

    invoice = models.OneToOneField(Invoice, models.CASCADE, related_name="limitation_watch")
    last_day = models.DateField(_("last day to sue"))
    # The nearest of the alerts that has come: 180, 90, 30 days.
    step = models.PositiveSmallIntegerField()
    told_on = models.DateField()

    objects = LimitationWatchQuerySet.as_manager()

    class Meta:
        ordering = ("last_day", "pk")
        indexes: ClassVar = [models.Index(fields=["last_day", "id"], name="limitation_by_day")]

    def __str__(self) -> str:
        return f"{self.invoice_id}: {self.last_day}"
