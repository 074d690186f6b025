"""Measures that lower the costs of selling, with the saving planned and reached (S3.3.1.6)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.history import track
from reports.models.budgets import BudgetItem
from reports.querysets.cost_measures import CostMeasureQuerySet

MONEY: dict[str, Any] = {"max_digits": 15, "decimal_places": 2}


class SavingState(models.TextChoices):
    """How far a measure is; the saving counts once somebody else has confirmed it."""

    PLANNED = "planned", pgettext_lazy("cost measure", "Planned")
    RUNNING = "running", pgettext_lazy("cost measure", "Being carried out")
    DONE = "done", pgettext_lazy("cost measure", "Carried out")
    CONFIRMED = "confirmed", pgettext_lazy("cost measure", "Saving confirmed")
    CANCELLED = "cancelled", pgettext_lazy("cost measure", "Given up")


SAVING_MOVES: dict[str, set[str]] = {
    SavingState.PLANNED: {SavingState.RUNNING, SavingState.DONE, SavingState.CANCELLED},
    SavingState.RUNNING: {SavingState.DONE, SavingState.CANCELLED},
    # Back to work where the saving is not believed.
    SavingState.DONE: {SavingState.CONFIRMED, SavingState.RUNNING},
    SavingState.CONFIRMED: set(),
    SavingState.CANCELLED: set(),
}
OPEN_SAVING = (SavingState.PLANNED, SavingState.RUNNING)


@track()
class CostMeasure(models.Model):
    """What is done to spend less; savings are roubles of the year."""

    title = models.CharField(_("measure"), max_length=300)
    description = models.TextField(_("what is to be done"), max_length=4000, blank=True)
    item = models.ForeignKey(
        BudgetItem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="measures",
        verbose_name=_("item of the budget"),
    )
    org_unit = models.ForeignKey(
        "accounts.OrgUnit", models.PROTECT, related_name="cost_measures", verbose_name=_("unit")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="cost_measures",
        verbose_name=_("answers for it"),
    )
    due_on = models.DateField(_("to be done by"))
    planned_saving = models.DecimalField(_("planned saving"), **MONEY)
    actual_saving = models.DecimalField(_("saving reached"), null=True, blank=True, **MONEY)
    state = models.CharField(
        _("state"), max_length=9, choices=SavingState.choices, default=SavingState.PLANNED
    )
    done_on = models.DateField(_("carried out on"), null=True, blank=True)
    result = models.TextField(_("result"), max_length=2000, blank=True)
    comment = models.CharField(_("what was said"), max_length=500, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = CostMeasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("cost-reduction measure")
        verbose_name_plural = _("cost-reduction measures")
        ordering = ("due_on", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(planned_saving__gt=0)
                & (Q(actual_saving=None) | Q(actual_saving__gte=0)),
                name="cost_measure_savings_in_bounds",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["done", "confirmed"],
                    done_on__isnull=False,
                    actual_saving__isnull=False,
                )
                & ~Q(result="")
                | Q(
                    state__in=["planned", "running", "cancelled"],
                    done_on=None,
                    actual_saving=None,
                ),
                name="cost_measure_done_has_result",
            ),
            models.CheckConstraint(
                condition=Q(state="confirmed", confirmed_by__isnull=False)
                & ~Q(confirmed_by=F("owner"))
                | (~Q(state="confirmed") & Q(confirmed_by=None)),
                name="cost_measure_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(comment=""),
                name="cost_measure_given_up_says_why",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_on", "id"],
                condition=Q(state__in=["planned", "running"]),
                name="cost_measure_to_do",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("reports:saving_detail", args=[self.pk])
