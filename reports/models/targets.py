"""Target tasks of a month: what an owner is to reach beside the plan, by weight (RP-03)."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.history import track
from crm.money import round_half_up
from reports.querysets import TargetTaskQuerySet

HUNDRED = Decimal(100)


class TargetState(models.TextChoices):
    """C.5 no. 24; a draft may be dropped."""

    DRAFT = "draft", pgettext_lazy("target task", "Draft")
    SET = "set", pgettext_lazy("target task", "Set")
    REPORTED = "reported", pgettext_lazy("target task", "Reported")
    ACCEPTED = "accepted", pgettext_lazy("target task", "Accepted")
    RETURNED = "returned", pgettext_lazy("target task", "Returned")
    CLOSED = "closed", pgettext_lazy("target task", "Closed")
    DROPPED = "dropped", pgettext_lazy("target task", "Dropped")


class TargetMeasure(models.TextChoices):
    """What the fact is counted by without anybody telling; a task without one is reported."""

    SHEETS_SUBMITTED = "sheets_submitted", _("Registration sheets handed in, % of those due")
    SHEETS_APPROVED = "sheets_approved", _("Registration sheets approved, % of those due")


TARGET_MOVES: dict[str, set[str]] = {
    TargetState.DRAFT: {TargetState.SET, TargetState.DROPPED},
    TargetState.SET: {TargetState.REPORTED},
    TargetState.REPORTED: {TargetState.ACCEPTED, TargetState.RETURNED},
    TargetState.RETURNED: {TargetState.REPORTED},
    TargetState.ACCEPTED: {TargetState.CLOSED},
    TargetState.CLOSED: set(),
    TargetState.DROPPED: set(),
}


@track(exclude=("idempotency_key",))
class TargetTask(models.Model):
    """Something measurable that one person is to reach by a day of the month.

    The weights of an owner's tasks of a month are 100 together once they are set.
    """

    month = models.DateField(_("month"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="target_tasks",
        verbose_name=_("who"),
    )
    # The unit of the owner when the task was made.
    org_unit = models.ForeignKey(
        "accounts.OrgUnit",
        models.PROTECT,
        null=True,
        related_name="target_tasks",
        verbose_name=_("unit"),
    )
    name = models.CharField(_("task"), max_length=200)
    weight = models.DecimalField(_("weight, %"), max_digits=5, decimal_places=2)
    plan = models.DecimalField(pgettext_lazy("figure", "plan"), max_digits=15, decimal_places=2)
    fact = models.DecimalField(
        pgettext_lazy("figure", "actual"), max_digits=15, decimal_places=2, default=0
    )
    unit = models.CharField(_("measured in"), max_length=40, blank=True)
    measure = models.CharField(
        _("calculated automatically"), max_length=16, choices=TargetMeasure.choices, blank=True
    )
    due_on = models.DateField(_("by what day"))
    evidence = models.TextField(_("what proves it"), blank=True)
    comment = models.CharField(_("comment"), max_length=500, blank=True)
    state = models.CharField(
        _("state"), max_length=8, choices=TargetState.choices, default=TargetState.DRAFT
    )
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("set by"),
    )
    set_at = models.DateTimeField(_("set at"), null=True)
    reported_at = models.DateTimeField(_("reported at"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("accepted or returned by"),
    )
    decided_at = models.DateTimeField(null=True)
    idempotency_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = TargetTaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("target task")
        verbose_name_plural = _("target tasks")
        ordering = ("-month", "owner", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(month__day=1), name="target_task_of_a_month"),
            models.CheckConstraint(
                condition=Q(weight__gt=0, weight__lte=100), name="target_task_weight"
            ),
            models.CheckConstraint(
                condition=Q(plan__gt=0, fact__gte=0), name="target_task_figures"
            ),
            models.CheckConstraint(
                condition=Q(measure="") | Q(plan__lte=100, fact__lte=100),
                name="target_task_measured_in_percent",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=models.F("month")), name="target_task_due_in_time"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "dropped"], set_by=None, set_at=None)
                | Q(
                    state__in=["set", "reported", "returned", "accepted", "closed"],
                    set_by__isnull=False,
                    set_at__isnull=False,
                ),
                name="target_task_set_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "dropped", "set"], reported_at=None)
                | Q(
                    state__in=["reported", "returned", "accepted", "closed"],
                    reported_at__isnull=False,
                ),
                name="target_task_reported_at",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["returned", "accepted", "closed"])
                | (
                    Q(decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(decided_by=models.F("owner"))
                ),
                name="target_task_judged_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state="reported") | ~Q(evidence=""), name="target_task_has_evidence"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["month", "owner"], name="target_task_of_month"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("reports:target_detail", args=[self.pk])

    def may_become(self, state: str) -> bool:
        """The one place where `TARGET_MOVES` is looked up."""
        return state in TARGET_MOVES[self.state]

    @property
    def completion(self) -> Decimal:
        """Fact to plan in per cent, a hundred at most; not rounded (KPI-4)."""
        return min(HUNDRED, Decimal(self.fact) * HUNDRED / Decimal(self.plan))

    @property
    def completion_percent(self) -> Decimal:
        """The same for people, half up."""
        return round_half_up(self.completion)
