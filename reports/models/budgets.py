"""Cost budgets of departments by unit, item and month, and the dictionary of items (DL-20)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models.contacts import Dictionary
from crm.history import track
from reports.models.revisions import (
    Revision,
    Way,
    decided_stays,
    revision_constraints,
    sent_lines_stay,
)
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
BUDGET = Way(
    name="budget",
    period="year",
    moves=BUDGET_MOVES,
    editable=(BudgetState.DRAFT, BudgetState.RETURNED),
    in_force=(BudgetState.APPROVED,),
    taken_back=BudgetState.DRAFT,
)


@track()
class BudgetItem(Dictionary):
    """What money is spent on; the customer may add items."""

    # Expenses of such an item name the client's contact and count against the personal limit.
    is_representation = models.BooleanField(_("entertainment expenses"), default=False)

    objects = BudgetItemQuerySet.as_manager()

    class Meta(Dictionary.Meta):
        verbose_name = _("item of the budget")
        verbose_name_plural = _("items of the budget")


@track()
class Budget(Revision):
    """What a department with its sectors means to spend in a year."""

    WAY = BUDGET

    year = models.PositiveSmallIntegerField(_("year"))
    org_unit = models.ForeignKey(
        "accounts.OrgUnit", models.PROTECT, related_name="budgets", verbose_name=_("department")
    )
    state = models.CharField(
        _("state"), max_length=11, choices=BudgetState.choices, default=BudgetState.DRAFT
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = BudgetQuerySet.as_manager()

    class Meta:
        verbose_name = _("cost budget")
        verbose_name_plural = _("cost budgets")
        ordering = ("-year", "org_unit", "-revision")
        constraints: ClassVar = [
            *revision_constraints(BUDGET),
            models.CheckConstraint(
                condition=Q(year__gte=2000, year__lte=2100), name="budget_year_in_bounds"
            ),
        ]
        triggers: ClassVar = [decided_stays(BUDGET)]

    def __str__(self) -> str:
        return f"{self.org_unit}, {self.year}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("reports:budget_detail", args=[self.pk])


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

    history_named: ClassVar = ("org_unit", "item", "month")
    history_shown: ClassVar = ("amount",)
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
        triggers: ClassVar = [sent_lines_stay(BUDGET, table="reports_budget")]

    def __str__(self) -> str:
        return f"{self.budget_id}: {self.org_unit_id}, {self.item_id}, {self.month:%m.%Y}"

    @property
    def field(self) -> str:
        """The name of its cell in the grid: m01 to m12."""
        return f"m{self.month:%m}"
