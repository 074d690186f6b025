"""Cost budgets of departments by unit, item and month, and the dictionary of items (DL-20)."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models.contacts import Dictionary
from crm.history import track
from reports.querysets.budgets import (
    BudgetItemQuerySet,
    BudgetLineQuerySet,
    BudgetQuerySet,
)


class BudgetState(models.TextChoices):
    """A budget is drawn up, sent, approved by the director; a correction is a new revision."""

    DRAFT = "draft", pgettext_lazy("budget", "Being drawn up")
    ON_APPROVAL = "on_approval", pgettext_lazy("budget", "With the director")
    RETURNED = "returned", pgettext_lazy("budget", "Returned")
    APPROVED = "approved", pgettext_lazy("budget", "Approved")
    SUPERSEDED = "superseded", pgettext_lazy("budget", "Superseded")


# What was approved never goes back.
BUDGET_MOVES: dict[str, set[str]] = {
    BudgetState.DRAFT: {BudgetState.ON_APPROVAL},
    BudgetState.ON_APPROVAL: {BudgetState.APPROVED, BudgetState.RETURNED, BudgetState.DRAFT},
    BudgetState.RETURNED: {BudgetState.ON_APPROVAL},
    BudgetState.APPROVED: {BudgetState.SUPERSEDED},
    BudgetState.SUPERSEDED: set(),
}
OPEN_BUDGET = (BudgetState.DRAFT, BudgetState.RETURNED)


def sent_budget_lines_stay() -> pgtrigger.Trigger:
    """Trigger that refuses to touch a line of a budget that was sent or decided."""
    return pgtrigger.Trigger(
        name="sent_budget_lines_stay",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("budgets", "bigint[]")],
        func="""
            IF TG_OP = 'INSERT' THEN budgets := ARRAY[NEW.budget_id];
            ELSIF TG_OP = 'DELETE' THEN budgets := ARRAY[OLD.budget_id];
            ELSE budgets := ARRAY[OLD.budget_id, NEW.budget_id]; END IF;
            IF EXISTS (SELECT 1 FROM reports_budget WHERE id = ANY(budgets)
                       AND state NOT IN ('draft', 'returned')) THEN
                RAISE EXCEPTION 'lines of a budget that was sent do not change'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'budget_line_sent_stays';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


def decided_budget_stays() -> pgtrigger.Trigger:
    """Trigger that refuses to take an approved budget back, to move it or to delete it."""
    return pgtrigger.Trigger(
        name="decided_budget_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        condition=pgtrigger.Condition("OLD.state IN ('approved', 'superseded')"),
        func="""
            IF TG_OP = 'DELETE' OR NEW.state NOT IN ('approved', 'superseded')
               OR (OLD.state = 'superseded' AND NEW.state = 'approved')
               OR (NEW.year, NEW.org_unit_id, NEW.revision, NEW.approved_by_id, NEW.approved_at)
                  <> (OLD.year, OLD.org_unit_id, OLD.revision, OLD.approved_by_id,
                      OLD.approved_at) THEN
                RAISE EXCEPTION 'a budget that was approved stays'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'budget_decided_stays';
            END IF;
            RETURN NEW;
        """,
    )


@track()
class BudgetItem(Dictionary):
    """What money is spent on; the customer may add items."""

    # Expenses of such an item name the client's contact and count against the personal limit.
    is_representation = models.BooleanField(_("representation expenses"), default=False)

    objects = BudgetItemQuerySet.as_manager()

    class Meta(Dictionary.Meta):
        verbose_name = _("item of the budget")
        verbose_name_plural = _("items of the budget")


@track()
class Budget(models.Model):
    """What a department with its sectors means to spend in a year."""

    year = models.PositiveSmallIntegerField(_("year"))
    org_unit = models.ForeignKey(
        "accounts.OrgUnit", models.PROTECT, related_name="budgets", verbose_name=_("department")
    )
    # What people call the version: 1 is the first, a correction is the next one.
    revision = models.PositiveSmallIntegerField(_("version"), default=1)
    state = models.CharField(
        _("state"), max_length=11, choices=BudgetState.choices, default=BudgetState.DRAFT
    )
    comment = models.CharField(_("why it is corrected, or returned"), max_length=500, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sent by"),
    )
    sent_at = models.DateTimeField(_("sent to the director"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = BudgetQuerySet.as_manager()

    class Meta:
        verbose_name = _("cost budget")
        verbose_name_plural = _("cost budgets")
        ordering = ("-year", "org_unit", "-revision")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["year", "org_unit", "revision"], name="budget_revision_once"
            ),
            models.UniqueConstraint(
                fields=["year", "org_unit"],
                condition=Q(state="approved"),
                name="budget_one_in_force",
            ),
            models.UniqueConstraint(
                fields=["year", "org_unit"],
                condition=Q(state__in=["draft", "on_approval", "returned"]),
                name="budget_one_in_work",
            ),
            models.CheckConstraint(
                condition=Q(year__gte=2000, year__lte=2100), name="budget_year_in_bounds"
            ),
            models.CheckConstraint(
                condition=Q(revision=1) | ~Q(comment=""), name="budget_correction_says_why"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["approved", "superseded"],
                    approved_by__isnull=False,
                    approved_at__isnull=False,
                )
                | (
                    Q(state__in=["draft", "on_approval", "returned"])
                    & Q(approved_by=None, approved_at=None)
                ),
                name="budget_approved_has_approver",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["on_approval", "approved", "superseded"])
                | Q(sent_by__isnull=False, sent_at__isnull=False),
                name="budget_sent_by_somebody",
            ),
        ]
        triggers: ClassVar = [decided_budget_stays()]

    def __str__(self) -> str:
        return f"{self.org_unit}, {self.year}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("reports:budget_detail", args=[self.pk])

    @property
    def is_editable(self) -> bool:
        """Lines may still change."""
        return self.state in OPEN_BUDGET

    @property
    def is_in_force(self) -> bool:
        """Approved, and no later revision has taken its place."""
        return self.state == BudgetState.APPROVED


@track(in_bulk=True, changed_in_bulk=True)
class BudgetLine(models.Model):
    """What a unit may spend on an item in a month, roubles; nought is a plan."""

    budget = models.ForeignKey(Budget, models.CASCADE, related_name="lines")
    org_unit = models.ForeignKey(
        "accounts.OrgUnit", models.PROTECT, related_name="budget_lines", verbose_name=_("unit")
    )
    item = models.ForeignKey(
        BudgetItem, models.PROTECT, related_name="budget_lines", verbose_name=_("item")
    )
    month = models.DateField(_("month"))
    amount = models.DecimalField(_("amount"), max_digits=15, decimal_places=2, default=0)
    version = models.PositiveIntegerField(default=1)

    objects = BudgetLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a budget")
        verbose_name_plural = _("lines of budgets")
        ordering = ("budget", "org_unit", "item", "month")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["budget", "org_unit", "item", "month"],
                include=["amount"],
                name="budget_line_once",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="budget_line_month_starts"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="budget_line_not_negative"),
        ]
        triggers: ClassVar = [sent_budget_lines_stay()]

    def __str__(self) -> str:
        return f"{self.budget_id}: {self.org_unit_id}, {self.item_id}, {self.month:%m.%Y}"

    @property
    def field(self) -> str:
        """The name of its cell in the grid: m01 to m12."""
        return f"m{self.month:%m}"
