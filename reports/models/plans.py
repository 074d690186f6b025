"""Monthly plans by client, their parts by manager, sums set from above, explanations (RP-01)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models import Client
from crm.history import track
from reports.models.revisions import (
    Revision,
    Way,
    decided_stays,
    revision_constraints,
    sent_lines_stay,
)
from reports.querysets import (
    WITH_A_GAP,
    MonthlyPlanQuerySet,
    PlanLineQuerySet,
    PlanPartQuerySet,
)

METRICS = ("ship", "cash", "active", "contacts")
MONEY = ("ship", "cash")


class PlanState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("plan", "Being filled")
    SUBMITTED = "submitted", pgettext_lazy("plan", "Submitted")
    ON_APPROVAL = "on_approval", pgettext_lazy("plan", "With the director")
    RETURNED = "returned", pgettext_lazy("plan", "Returned")
    APPROVED = "approved", pgettext_lazy("plan", "Approved")
    LOCKED = "locked", pgettext_lazy("plan", "Locked")
    SUPERSEDED = "superseded", pgettext_lazy("plan", "Superseded")


# C.5 no. 23. What was approved never goes back: a correction is a revision of its own.
PLAN_MOVES: dict[str, set[str]] = {
    PlanState.DRAFT: {PlanState.SUBMITTED},
    PlanState.SUBMITTED: {PlanState.ON_APPROVAL, PlanState.RETURNED},
    PlanState.RETURNED: {PlanState.SUBMITTED, PlanState.ON_APPROVAL},
    PlanState.ON_APPROVAL: {PlanState.APPROVED, PlanState.RETURNED, PlanState.SUBMITTED},
    PlanState.APPROVED: {PlanState.LOCKED, PlanState.SUPERSEDED},
    PlanState.LOCKED: {PlanState.SUPERSEDED},
    PlanState.SUPERSEDED: set(),
}
PLAN = Way(
    name="plan",
    period="month",
    moves=PLAN_MOVES,
    editable=(PlanState.DRAFT, PlanState.SUBMITTED, PlanState.RETURNED),
    in_force=(PlanState.APPROVED, PlanState.LOCKED),
    taken_back=PlanState.SUBMITTED,
)
EDITABLE, IN_WORK, IN_FORCE, DECIDED = PLAN.editable, PLAN.in_work, PLAN.in_force, PLAN.decided


class PartState(models.TextChoices):
    """How far the lines of one manager are; a sector is submitted when all its parts are."""

    OPEN = "open", pgettext_lazy("part of a plan", "Being filled")
    FILLED = "filled", pgettext_lazy("part of a plan", "Filled")
    SUBMITTED = "submitted", pgettext_lazy("part of a plan", "Submitted")
    RETURNED = "returned", pgettext_lazy("part of a plan", "Returned")


PART_MOVES: dict[str, set[str]] = {
    PartState.OPEN: {PartState.FILLED, PartState.SUBMITTED},
    PartState.RETURNED: {PartState.FILLED, PartState.SUBMITTED},
    PartState.FILLED: {PartState.SUBMITTED, PartState.RETURNED},
    PartState.SUBMITTED: {PartState.RETURNED},
}
OPEN_PART = (PartState.OPEN, PartState.RETURNED)


@track()
class MonthlyPlan(Revision):
    """What a department means to ship, receive, keep active and talk about in a month."""

    WAY = PLAN

    month = models.DateField(_("month"))
    org_unit = models.ForeignKey(
        "accounts.OrgUnit", models.PROTECT, related_name="plans", verbose_name=_("department")
    )
    state = models.CharField(
        _("state"), max_length=11, choices=PlanState.choices, default=PlanState.DRAFT
    )
    # The days as the policy stood when it was drawn up (CAL-3).
    submit_by = models.DateField(_("to be submitted by"))
    approve_by = models.DateField(_("to be approved by"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = MonthlyPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("monthly plan")
        verbose_name_plural = _("monthly plans")
        ordering = ("-month", "org_unit", "-revision")
        constraints: ClassVar = [
            *revision_constraints(PLAN),
            models.CheckConstraint(condition=Q(month__day=1), name="plan_month_starts"),
        ]
        triggers: ClassVar = [decided_stays(PLAN)]

    def __str__(self) -> str:
        return f"{self.org_unit}, {self.month:%m.%Y}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("reports:plan_detail", args=[self.pk])

    def is_late(self, today: date) -> bool:
        """Not approved, and the day of the approval has gone by."""
        return self.state in PLAN.in_work and self.approve_by < today


@track()
class PlanPart(models.Model):
    """The lines of one manager in one sector: how far they are and who handed them in."""

    plan = models.ForeignKey(MonthlyPlan, models.CASCADE, related_name="parts")
    org_unit = models.ForeignKey(
        "accounts.OrgUnit", models.PROTECT, related_name="plan_parts", verbose_name=_("sector")
    )
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="plan_parts",
        verbose_name=_("manager"),
    )
    state = models.CharField(
        _("state"), max_length=9, choices=PartState.choices, default=PartState.OPEN
    )
    filled_at = models.DateTimeField(_("filled at"), null=True, blank=True)
    # When it was submitted first: what came back for rework was in time all the same.
    first_submitted_on = models.DateField(_("submitted first on"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("submitted by"),
    )
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    comment = models.CharField(_("why it was returned"), max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = PlanPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("part of a plan")
        verbose_name_plural = _("parts of plans")
        ordering = ("plan", "org_unit", "manager")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "org_unit", "manager"], name="plan_part_once"),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(comment=""), name="plan_part_returned_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(state="submitted")
                | Q(
                    submitted_by__isnull=False,
                    submitted_at__isnull=False,
                    first_submitted_on__isnull=False,
                ),
                name="plan_part_submitted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.manager_id}"


@track(in_bulk=True, changed_in_bulk=True)
class PlanLine(models.Model):
    """What is planned with a client; null is a gap, nought is a plan (PLAN-4). Gross roubles."""

    plan = models.ForeignKey(MonthlyPlan, models.CASCADE, related_name="lines")
    client = models.ForeignKey(
        Client, models.PROTECT, related_name="plan_lines", verbose_name=_("client")
    )
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="plan_lines",
        verbose_name=_("manager"),
    )
    # The unit of the client when the line was made: sums of a sector stay as they were.
    org_unit = models.ForeignKey(
        "accounts.OrgUnit", models.PROTECT, related_name="plan_lines", verbose_name=_("sector")
    )
    ship = models.DecimalField(
        _("shipments"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    cash = models.DecimalField(
        _("receipts"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    active = models.PositiveSmallIntegerField(_("active"), null=True, blank=True)
    contacts = models.PositiveSmallIntegerField(_("contacts"), null=True, blank=True)
    comment = models.CharField(_("comment"), max_length=300, blank=True)
    # What the clock proposed (FCST-1); sums set from above are spread by it.
    suggested_ship = models.DecimalField(max_digits=15, decimal_places=2, null=True, blank=True)
    suggested_cash = models.DecimalField(max_digits=15, decimal_places=2, null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    history_named: ClassVar = ("client",)
    history_shown: ClassVar = ("ship", "cash", "active", "contacts", "comment")
    objects = PlanLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of a plan")
        verbose_name_plural = _("lines of plans")
        ordering = ("plan", "client")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["plan", "client"],
                include=["manager", "ship", "cash", "active", "contacts"],
                name="plan_line_once",
            ),
            models.CheckConstraint(
                condition=(Q(ship=None) | Q(ship__gte=0)) & (Q(cash=None) | Q(cash__gte=0)),
                name="plan_line_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(active=None) | Q(active__lte=1), name="plan_line_active_0_or_1"
            ),
            models.CheckConstraint(
                condition=Q(contacts=None) | Q(contacts__lte=500), name="plan_line_contacts_bounded"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["plan", "manager"], name="plan_line_of_manager"),
            models.Index(fields=["client", "plan"], name="plan_line_of_client"),
            # My day asks for the gaps of hundreds of clients at once.
            models.Index(
                fields=["client"],
                include=["plan", "manager", "org_unit"],
                condition=WITH_A_GAP,
                name="plan_line_gaps",
            ),
        ]
        triggers: ClassVar = [sent_lines_stay(PLAN, table="reports_monthlyplan")]

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.client_id}"

    @property
    def gaps(self) -> list[str]:
        """Names of the metrics that are not set."""
        return [name for name in METRICS if getattr(self, name) is None]
