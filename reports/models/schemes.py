"""Schemes of variable pay by role, and wages of people (RP-05); each from a month on."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Role
from crm.history import track
from reports.querysets.incentives import MotivationSchemeQuerySet, PersonalTermsQuerySet

MONEY: dict[str, Any] = {"max_digits": 15, "decimal_places": 2}
PERCENT: dict[str, Any] = {"max_digits": 5, "decimal_places": 2}
PAID_ROLES = (Role.MANAGER, Role.SECTOR_HEAD, Role.DEPARTMENT_HEAD)


def used_scheme_stays() -> pgtrigger.Trigger:
    """Trigger that refuses to change the terms by which a sheet was counted."""
    return pgtrigger.Trigger(
        name="used_scheme_stays",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func="""
            IF EXISTS (SELECT 1 FROM reports_incentivesheet WHERE scheme_id = OLD.id) THEN
                RAISE EXCEPTION 'a scheme that counted a sheet stays'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'scheme_used_stays';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )


@track()
class MotivationScheme(models.Model):
    """How the variable pay of a role is counted from a month on, until the next version."""

    role = models.CharField(
        _("role"), max_length=20, choices=[(one.value, one.label) for one in PAID_ROLES]
    )
    valid_from = models.DateField(_("from the month"))
    weight_ship = models.DecimalField(_("weight of shipments, %"), **PERCENT)
    weight_cash = models.DecimalField(_("weight of receipts, %"), **PERCENT)
    weight_active = models.DecimalField(_("weight of active clients, %"), **PERCENT)
    weight_debt = models.DecimalField(_("weight of receivables, %"), **PERCENT)
    weight_tasks = models.DecimalField(_("weight of target tasks, %"), **PERCENT)
    threshold = models.DecimalField(_("threshold, %"), **PERCENT)
    cap = models.DecimalField(_("cap, %"), **PERCENT)
    target_bonus = models.DecimalField(_("target bonus, ₽"), **MONEY)
    salary = models.DecimalField(_("monthly salary, ₽"), **MONEY)
    overdue_limit = models.DecimalField(_("limit of the overdue share, %"), **PERCENT)
    overdue_correction = models.DecimalField(_("correction above the limit, %"), **PERCENT)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = MotivationSchemeQuerySet.as_manager()

    class Meta:
        verbose_name = _("motivation scheme")
        verbose_name_plural = _("motivation schemes")
        ordering = ("role", "-valid_from")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["role", "valid_from"], name="scheme_version_once"),
            models.CheckConstraint(condition=Q(valid_from__day=1), name="scheme_from_a_month"),
            models.CheckConstraint(
                condition=Q(
                    weight_ship=Decimal(100)
                    - F("weight_cash")
                    - F("weight_active")
                    - F("weight_debt")
                    - F("weight_tasks")
                ),
                name="scheme_weighs_100",
            ),
            models.CheckConstraint(
                condition=Q(
                    weight_ship__gte=0,
                    weight_cash__gte=0,
                    weight_active__gte=0,
                    weight_debt__gte=0,
                    weight_tasks__gte=0,
                ),
                name="scheme_weights_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(threshold__gte=0, cap__gte=F("threshold"), cap__lte=500),
                name="scheme_threshold_below_cap",
            ),
            models.CheckConstraint(
                condition=Q(
                    target_bonus__gte=0,
                    salary__gte=0,
                    overdue_limit__range=(0, 100),
                    overdue_correction__range=(0, 100),
                ),
                name="scheme_amounts_in_bounds",
            ),
        ]
        triggers: ClassVar = [used_scheme_stays()]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.valid_from:%m.%Y}"

    @property
    def weights(self) -> dict[str, Decimal]:
        """By metric, as the calculation reads them."""
        names = ("ship", "cash", "active", "debt", "tasks")
        return {name: getattr(self, f"weight_{name}") for name in names}


@track()
class PersonalTerms(models.Model):
    """The wage, and where it differs the target bonus, of a person from a month on."""

    employee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="personal_terms",
        verbose_name=_("employee"),
    )
    valid_from = models.DateField(_("from the month"))
    salary = models.DecimalField(_("monthly salary, ₽"), **MONEY)
    target_bonus = models.DecimalField(_("target bonus, ₽"), null=True, blank=True, **MONEY)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)

    objects = PersonalTermsQuerySet.as_manager()

    class Meta:
        verbose_name = _("individual salary")
        verbose_name_plural = _("individual salaries")
        ordering = ("employee", "-valid_from")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["employee", "valid_from"], name="personal_terms_once"),
            models.CheckConstraint(condition=Q(valid_from__day=1), name="personal_terms_month"),
            models.CheckConstraint(
                condition=Q(salary__gte=0) & (Q(target_bonus=None) | Q(target_bonus__gte=0)),
                name="personal_terms_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employee}, {self.valid_from:%m.%Y}"
