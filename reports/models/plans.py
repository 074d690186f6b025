"""Monthly plans by client, their parts by manager, sums set from above, explanations (RP-01)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models import Client
from crm.history import track
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
EDITABLE = (PlanState.DRAFT, PlanState.SUBMITTED, PlanState.RETURNED)
IN_WORK = (*EDITABLE, PlanState.ON_APPROVAL)
IN_FORCE = (PlanState.APPROVED, PlanState.LOCKED)
DECIDED = (*IN_FORCE, PlanState.SUPERSEDED)


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


def sent_lines_stay() -> pgtrigger.Trigger:
    """Trigger that refuses to touch a line of a plan that is with the director or was decided."""
    return pgtrigger.Trigger(
        name="sent_lines_stay",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("plans", "bigint[]")],
        func="""
            IF TG_OP = 'INSERT' THEN plans := ARRAY[NEW.plan_id];
            ELSIF TG_OP = 'DELETE' THEN plans := ARRAY[OLD.plan_id];
            ELSE plans := ARRAY[OLD.plan_id, NEW.plan_id]; END IF;
            IF EXISTS (SELECT 1 FROM reports_monthlyplan WHERE id = ANY(plans)
                       AND state NOT IN ('draft', 'submitted', 'returned')) THEN
                RAISE EXCEPTION 'lines of a plan that was sent do not change'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_line_sent_stays';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


def decided_plan_stays() -> pgtrigger.Trigger:
    """Trigger that refuses to take an approved plan back, to move it elsewhere or to delete it."""
    return pgtrigger.Trigger(
        name="decided_plan_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        condition=pgtrigger.Condition("OLD.state IN ('approved', 'locked', 'superseded')"),
        func="""
            IF TG_OP = 'DELETE' OR NEW.state NOT IN ('approved', 'locked', 'superseded')
               OR (OLD.state <> 'approved' AND NEW.state = 'approved')
               OR (NEW.month, NEW.org_unit_id, NEW.revision, NEW.approved_by_id, NEW.approved_at)
                  <> (OLD.month, OLD.org_unit_id, OLD.revision, OLD.approved_by_id,
                      OLD.approved_at) THEN
                RAISE EXCEPTION 'a plan that was approved stays'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'plan_decided_stays';
            END IF;
            RETURN NEW;
        """,
    )


@track()
class MonthlyPlan(models.Model):
    """What a department means to ship, receive, keep active and talk about in a month."""

    month = models.DateField(_("month"))
    org_unit = models.ForeignKey(
        "accounts.OrgUnit", models.PROTECT, related_name="plans", verbose_name=_("department")
    )
    # What people call the version: 1 is the first, a correction is the next one.
    revision = models.PositiveSmallIntegerField(_("version"), default=1)
    state = models.CharField(
        _("state"), max_length=11, choices=PlanState.choices, default=PlanState.DRAFT
    )
    # The days as the policy stood when it was drawn up (CAL-3).
    submit_by = models.DateField(_("to be submitted by"))
    approve_by = models.DateField(_("to be approved by"))
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
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = MonthlyPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("monthly plan")
        verbose_name_plural = _("monthly plans")
        ordering = ("-month", "org_unit", "-revision")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["month", "org_unit", "revision"], name="plan_revision_once"
            ),
            models.UniqueConstraint(
                fields=["month", "org_unit"],
                condition=Q(state__in=["approved", "locked"]),
                name="plan_one_in_force",
            ),
            models.UniqueConstraint(
                fields=["month", "org_unit"],
                condition=Q(state__in=["draft", "submitted", "on_approval", "returned"]),
                name="plan_one_in_work",
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="plan_month_starts"),
            models.CheckConstraint(
                condition=Q(revision=1) | ~Q(comment=""), name="plan_correction_says_why"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["approved", "locked", "superseded"],
                    approved_by__isnull=False,
                    approved_at__isnull=False,
                )
                | (
                    ~Q(state__in=["approved", "locked", "superseded"])
                    & Q(approved_by=None, approved_at=None)
                ),
                name="plan_approved_has_approver",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["on_approval", "approved", "locked", "superseded"])
                | Q(sent_by__isnull=False, sent_at__isnull=False),
                name="plan_sent_by_somebody",
            ),
        ]
        triggers: ClassVar = [decided_plan_stays()]

    def __str__(self) -> str:
        return f"{self.org_unit}, {self.month:%m.%Y}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("reports:plan_detail", args=[self.pk])

    @property
    def is_editable(self) -> bool:
        """Lines may still change."""
        return self.state in EDITABLE

    @property
    def is_in_force(self) -> bool:
        """Approved, and no later revision has taken its place."""
        return self.state in IN_FORCE

    def is_late(self, today: date) -> bool:
        """Not approved, and the day of the approval has gone by."""
        return self.state in IN_WORK and self.approve_by < today


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
        triggers: ClassVar = [sent_lines_stay()]

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.client_id}"

    @property
    def gaps(self) -> list[str]:
        """Names of the metrics that are not set."""
        return [name for name in METRICS if getattr(self, name) is None]
