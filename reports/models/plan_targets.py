"""Sums of plans set from above, explanations of their execution (RP-01, S2B.V.1)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models import Client
from crm.history import track
from reports.models.plans import MonthlyPlan
from reports.querysets import PlanExplanationQuerySet


@track()
class PlanTarget(models.Model):
    """Sums that a head sets from above for the department, a sector or a manager."""

    plan = models.ForeignKey(MonthlyPlan, models.CASCADE, related_name="targets")
    org_unit = models.ForeignKey(
        "accounts.OrgUnit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="plan_targets",
        verbose_name=_("unit"),
    )
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="plan_targets",
        verbose_name=_("manager"),
    )
    ship = models.DecimalField(
        _("shipments"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    cash = models.DecimalField(
        _("receipts"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    active = models.PositiveIntegerField(_("active"), null=True, blank=True)
    contacts = models.PositiveIntegerField(_("contacts"), null=True, blank=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("set by")
    )
    set_at = models.DateTimeField(_("set at"), auto_now=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("target of a plan")
        verbose_name_plural = _("targets of plans")
        ordering = ("plan", "org_unit", "manager")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["plan", "org_unit", "manager"],
                nulls_distinct=False,
                name="plan_target_once",
            ),
            models.CheckConstraint(
                condition=Q(org_unit=None, manager__isnull=False)
                | Q(org_unit__isnull=False, manager=None),
                name="plan_target_of_one",
            ),
            models.CheckConstraint(
                condition=(Q(ship=None) | Q(ship__gte=0)) & (Q(cash=None) | Q(cash__gte=0)),
                name="plan_target_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.org_unit_id or self.manager_id}"


class ExplanationState(models.TextChoices):
    WRITTEN = "written", pgettext_lazy("explanation", "To be judged")
    JUSTIFIED = "justified", pgettext_lazy("explanation", "Justified")
    REFUSED = "refused", pgettext_lazy("explanation", "Not justified")


EXPLANATION_MOVES: dict[str, set[str]] = {
    ExplanationState.WRITTEN: {ExplanationState.JUSTIFIED, ExplanationState.REFUSED},
    ExplanationState.JUSTIFIED: set(),
    ExplanationState.REFUSED: {ExplanationState.WRITTEN},
}


@track()
class PlanExplanation(models.Model):
    """Why less than the norm of a plan was carried out: of one client, or of a manager's whole."""

    plan = models.ForeignKey(MonthlyPlan, models.PROTECT, related_name="explanations")
    org_unit = models.ForeignKey("accounts.OrgUnit", models.PROTECT, related_name="+")
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="plan_explanations",
        verbose_name=_("manager"),
    )
    client = models.ForeignKey(
        Client,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="plan_explanations",
        verbose_name=_("client"),
    )
    reason = models.TextField(_("reason"), max_length=2000)
    state = models.CharField(
        _("state"),
        max_length=9,
        choices=ExplanationState.choices,
        default=ExplanationState.WRITTEN,
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    written_at = models.DateTimeField(_("written at"))
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("judged by"),
    )
    judged_at = models.DateTimeField(_("judged at"), null=True, blank=True)
    judgement = models.CharField(_("what the head says"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = PlanExplanationQuerySet.as_manager()

    class Meta:
        verbose_name = _("explanation of a plan")
        verbose_name_plural = _("explanations of plans")
        ordering = ("-written_at",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["plan", "manager", "client"],
                nulls_distinct=False,
                name="plan_explanation_once",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="plan_explanation_has_reason"),
            models.CheckConstraint(
                condition=Q(state="written", judged_by=None, judged_at=None)
                | (~Q(state="written") & Q(judged_by__isnull=False, judged_at__isnull=False)),
                name="plan_explanation_judged_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(judged_by=None) | ~Q(judged_by=models.F("written_by")),
                name="plan_explanation_four_eyes",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(judgement=""),
                name="plan_explanation_refused_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.client_id or self.manager_id}"
