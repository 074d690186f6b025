"""The incentive sheet of a month, its rewards and reductions, transfers to payroll (C.5 no. 26)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.history import track
from reports.models.control import Violation
from reports.models.schemes import PAID_ROLES, MotivationScheme
from reports.models.words import in_language
from reports.querysets.incentives import (
    IncentiveDecisionQuerySet,
    IncentiveSheetQuerySet,
    PayrollTransferQuerySet,
)

MONEY: dict[str, Any] = {"max_digits": 15, "decimal_places": 2}


class SheetState(models.TextChoices):
    """C.5 no. 26."""

    DRAFTED = "drafted", pgettext_lazy("incentive sheet", "Drafted")
    DECIDED = "decided", pgettext_lazy("incentive sheet", "Decided, with the director")
    APPROVED = "approved", pgettext_lazy("incentive sheet", "Approved")
    OBJECTION = "objection", pgettext_lazy("incentive sheet", "Objection")
    SENT = "sent", pgettext_lazy("incentive sheet", "Sent to payroll")


SHEET_MOVES: dict[str, set[str]] = {
    SheetState.DRAFTED: {SheetState.DECIDED},
    # Returned by the director, or taken back: to where it came from.
    SheetState.DECIDED: {SheetState.APPROVED, SheetState.DRAFTED, SheetState.OBJECTION},
    SheetState.APPROVED: {SheetState.OBJECTION, SheetState.SENT},
    SheetState.OBJECTION: {SheetState.DECIDED},
    SheetState.SENT: set(),
}
OPEN_SHEET = (SheetState.DRAFTED, SheetState.OBJECTION)


class DecisionKind(models.TextChoices):
    """What is decided; there are no fines (D.14)."""

    REWARD = "reward", _("Reward")
    REDUCTION = "reduction", _("Reduction of the bonus")
    NONMATERIAL = "nonmaterial", _("Non-monetary")


def _person(label: Any, name: str = "+", *, null: bool = True) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=null,
        blank=null,
        related_name=name,
        verbose_name=label,
    )


def decided_sheet_stays() -> pgtrigger.Trigger:
    """Trigger that keeps the figures of a sheet from its decision on; what was sent stays whole."""
    return pgtrigger.Trigger(
        name="decided_sheet_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        condition=pgtrigger.Condition("OLD.state IN ('decided', 'approved', 'sent')"),
        func="""
            IF TG_OP = 'DELETE'
               OR (OLD.state = 'sent' AND NEW.state <> 'sent')
               OR (OLD.state = 'approved' AND NEW.state NOT IN ('approved', 'objection', 'sent'))
               OR (NEW.month, NEW.employee_id, NEW.role, NEW.scheme_id, NEW.salary,
                   NEW.target_bonus, NEW.bonus, NEW.correction, NEW.after_correction, NEW.rewards,
                   NEW.reductions, NEW.reduction_cap, NEW.variable_total)
                  <> (OLD.month, OLD.employee_id, OLD.role, OLD.scheme_id, OLD.salary,
                      OLD.target_bonus, OLD.bonus, OLD.correction, OLD.after_correction,
                      OLD.rewards, OLD.reductions, OLD.reduction_cap, OLD.variable_total)
               OR NEW.calculation::text <> OLD.calculation::text
               OR (OLD.state = 'sent' AND NEW.transfer_id IS DISTINCT FROM OLD.transfer_id) THEN
                RAISE EXCEPTION 'a sheet that was decided stays'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'sheet_decided_stays';
            END IF;
            RETURN NEW;
        """,
    )


def decided_lines_stay() -> pgtrigger.Trigger:
    """Trigger that refuses to touch rewards and reductions of a sheet that is not open."""
    return pgtrigger.Trigger(
        name="decided_lines_stay",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("sheets", "bigint[]")],
        func="""
            IF TG_OP = 'INSERT' THEN sheets := ARRAY[NEW.sheet_id];
            ELSIF TG_OP = 'DELETE' THEN sheets := ARRAY[OLD.sheet_id];
            ELSE sheets := ARRAY[OLD.sheet_id, NEW.sheet_id]; END IF;
            IF EXISTS (SELECT 1 FROM reports_incentivesheet WHERE id = ANY(sheets)
                       AND state NOT IN ('drafted', 'objection')) THEN
                RAISE EXCEPTION 'rewards and reductions of a decided sheet do not change'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'sheet_lines_stay';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


@track()
class PayrollTransfer(models.Model):
    """Sheets handed to the accounting at once; its file can be taken again and stays the same."""

    month = models.DateField(_("month"))
    sheets_count = models.PositiveIntegerField(_("sheets"))
    total = models.DecimalField(_("variable pay, ₽"), **MONEY)
    created_by = _person(_("by"), null=False)
    created_at = models.DateTimeField(_("when"), auto_now_add=True)

    objects = PayrollTransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer to payroll")
        verbose_name_plural = _("transfers to payroll")
        ordering = ("-pk",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(month__day=1), name="payroll_of_a_month"),
            models.CheckConstraint(condition=Q(sheets_count__gt=0), name="payroll_not_empty"),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(name="is_kept", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.month:%m.%Y} № {self.pk}"


@track()
class IncentiveSheet(models.Model):
    """What an employee's results of a month give, and what was decided about it; roubles."""

    month = models.DateField(_("month"))
    employee = _person(_("employee"), "incentive_sheets", null=False)
    role = models.CharField(
        _("role"), max_length=20, choices=[(one.value, one.label) for one in PAID_ROLES]
    )
    # Unit and superior as they were when the sheet was drafted.
    org_unit = models.ForeignKey(
        "accounts.OrgUnit",
        models.PROTECT,
        related_name="incentive_sheets",
        verbose_name=_("unit"),
    )
    superior = _person(_("direct superior"))
    scheme = models.ForeignKey(
        MotivationScheme, models.PROTECT, related_name="sheets", verbose_name=_("scheme")
    )
    salary = models.DecimalField(_("monthly salary, ₽"), **MONEY)
    target_bonus = models.DecimalField(_("target bonus, ₽"), **MONEY)
    # The frozen calculation: results, weights, rows behind them, addresses of the documents.
    calculation = models.JSONField(_("calculation"))
    composite = models.DecimalField(
        _("composite result, %"), max_digits=9, decimal_places=2, null=True
    )
    coefficient = models.DecimalField(
        pgettext_lazy("incentive sheet", "K"), max_digits=6, decimal_places=4
    )
    bonus = models.DecimalField(_("bonus by results"), **MONEY)
    correction = models.DecimalField(_("correction for overdue debts"), **MONEY)
    after_correction = models.DecimalField(_("bonus after the correction"), **MONEY)
    rewards = models.DecimalField(_("rewards"), default=0, **MONEY)
    reductions = models.DecimalField(_("reductions"), default=0, **MONEY)
    reduction_cap = models.DecimalField(_("cap of disciplinary reductions"), **MONEY)
    variable_total = models.DecimalField(_("variable pay"), **MONEY)
    state = models.CharField(
        _("state"), max_length=9, choices=SheetState.choices, default=SheetState.DRAFTED
    )
    comment = models.CharField(_("comment"), max_length=500, blank=True)
    decided_by = _person(_("decided by"))
    decided_at = models.DateTimeField(_("decided at"), null=True)
    approved_by = _person(_("approved by"))
    approved_at = models.DateTimeField(_("approved at"), null=True)
    objection_until = models.DateField(_("an objection is possible until"), null=True)
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True)
    objection = models.TextField(_("objection"), max_length=4000, blank=True)
    objected_at = models.DateTimeField(_("objected at"), null=True)
    transfer = models.ForeignKey(
        PayrollTransfer,
        models.PROTECT,
        null=True,
        related_name="sheets",
        verbose_name=_("transfer to payroll"),
    )
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = IncentiveSheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("incentive sheet")
        verbose_name_plural = _("incentive sheets")
        ordering = ("-month", "employee__sort_key", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["month", "employee"], name="sheet_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="sheet_of_a_month"),
            models.CheckConstraint(
                condition=Q(
                    bonus__gte=0,
                    correction__gte=0,
                    after_correction__gte=0,
                    rewards__gte=0,
                    reductions__gte=0,
                    variable_total__gte=0,
                ),
                name="sheet_bonus_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(
                    variable_total=models.F("after_correction")
                    + models.F("rewards")
                    - models.F("reductions")
                ),
                name="sheet_adds_up",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["decided", "approved", "sent"])
                | (
                    Q(decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(decided_by=models.F("employee"))
                ),
                name="sheet_decided_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "objection", "sent"])
                | (
                    Q(
                        approved_by__isnull=False,
                        approved_at__isnull=False,
                        objection_until__isnull=False,
                    )
                    & ~Q(approved_by=models.F("decided_by"))
                    & ~Q(approved_by=models.F("employee"))
                ),
                name="sheet_approved_by_a_third",
            ),
            models.CheckConstraint(
                condition=~Q(state="objection") | ~Q(objection=""), name="sheet_objection_says_why"
            ),
            models.CheckConstraint(
                condition=Q(state="sent", transfer__isnull=False)
                | (~Q(state="sent") & Q(transfer=None)),
                name="sheet_sent_once",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["employee", "-month"], name="sheet_of_employee")]
        triggers: ClassVar = [decided_sheet_stays()]

    def __str__(self) -> str:
        return f"{self.employee}, {self.month:%m.%Y}"

    def get_absolute_url(self) -> str:
        return reverse("reports:incentive_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Rewards and reductions may still be added."""
        return self.state in OPEN_SHEET

    @property
    def pay_total(self) -> Decimal:
        """The wage with the variable pay."""
        return self.salary + self.variable_total


@track()
class IncentiveDecision(models.Model):
    """A reward or a reduction of the bonus, with its grounds; taken back, it stays in sight."""

    sheet = models.ForeignKey(IncentiveSheet, models.PROTECT, related_name="decisions")
    kind = models.CharField(_("kind"), max_length=11, choices=DecisionKind.choices)
    amount = models.DecimalField(_("amount, ₽"), default=0, **MONEY)
    what = models.CharField(_("what is given"), max_length=200, blank=True)
    grounds = models.TextField(_("grounds"), max_length=2000)
    # The fact behind it, as it was called on the day (`reports.grounds.registry`).
    ground_kind = models.CharField(_("kind of fact"), max_length=20)
    ground_id = models.PositiveBigIntegerField()
    ground_title = models.CharField(_("actual"), max_length=300)
    ground_title_en = models.CharField(_("fact, in English"), max_length=300, blank=True)
    ground_url = models.CharField(max_length=300, blank=True)
    violation = models.ForeignKey(
        Violation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="incentive_decisions",
        verbose_name=_("violation"),
    )
    disciplinary_order = models.CharField(
        _("number of the disciplinary order"), max_length=60, blank=True
    )
    order_on = models.DateField(_("date of the order"), null=True, blank=True)
    acknowledged_on = models.DateField(_("the employee has read the order on"), null=True)
    exception_reason = models.TextField(
        _("why about somebody else's subordinate"), max_length=1000, blank=True
    )
    created_by = _person(_("decided by"), null=False)
    created_at = models.DateTimeField(_("when"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("taken back at"), null=True)

    objects = IncentiveDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("incentive decision")
        verbose_name_plural = _("incentive decisions")
        ordering = ("pk",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(grounds="") & ~Q(ground_kind="") & ~Q(ground_title=""),
                name="incentive_has_grounds",
            ),
            models.CheckConstraint(
                condition=(Q(kind="nonmaterial", amount=0) & ~Q(what=""))
                | Q(kind__in=["reward", "reduction"], amount__gt=0),
                name="incentive_amount_fits_kind",
            ),
            models.CheckConstraint(
                condition=Q(disciplinary_order="", order_on=None, acknowledged_on=None)
                | (
                    Q(kind="reduction", order_on__isnull=False, acknowledged_on__isnull=False)
                    & Q(acknowledged_on__gte=models.F("order_on"))
                    & ~Q(disciplinary_order="")
                ),
                name="incentive_disciplinary_is_lawful",
            ),
            models.CheckConstraint(
                condition=Q(ground_kind="violation", violation__isnull=False)
                | (~Q(ground_kind="violation") & Q(violation=None)),
                name="incentive_violation_is_linked",
            ),
        ]
        triggers: ClassVar = [decided_lines_stay()]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.what or self.amount}"

    @property
    def ground_label(self) -> str:
        """The fact in the reader's language."""
        return in_language(self.ground_title, self.ground_title_en)

    @property
    def is_disciplinary(self) -> bool:
        """Tied to a disciplinary penalty, so under the cap of D.14."""
        return bool(self.disciplinary_order)
