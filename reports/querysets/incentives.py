"""Reads of pay: schemes, sheets, decisions, transfers to payroll (C.9).

Pay is narrower than anything else: whoever stands in for somebody does not see what the absent
person is paid, and a sector head sees the own sheet only.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from crm.accounts.models import DIRECTORS, Role
from crm.accounts.querysets import names_of, own_columns
from crm.accounts.scope import scope_of

if TYPE_CHECKING:
    from crm.accounts.models import User

SETTLED = ("approved", "sent")


class MotivationSchemeQuerySet(models.QuerySet[Any]):
    """Reads of schemes."""

    def visible_to(self, user: User) -> Self:
        """Directors all; everybody else that of the own role, as it is what one is paid by."""
        if not user.is_active:
            return self.none()
        return self.all() if user.role in DIRECTORS else self.filter(role=user.role)

    def holding(self, role: str, month: date) -> Any:
        """The latest version of the role that begins by the month; None before the first."""
        rows = self.filter(role=role, valid_from__lte=month)
        return rows.order_by("-valid_from").first()


class PersonalTermsQuerySet(models.QuerySet[Any]):
    """Reads of wages."""

    def visible_to(self, user: User) -> Self:
        """Directors only."""
        allowed = user.is_active and user.role in DIRECTORS
        return self.all() if allowed else self.none()

    def holding(self, month: date) -> dict[int, Any]:
        """What holds in the month, by person."""
        rows = self.filter(valid_from__lte=month).order_by("employee_id", "-valid_from")
        return {one.employee_id: one for one in rows.distinct("employee_id")}


class IncentiveSheetQuerySet(models.QuerySet[Any]):
    """Reads of sheets."""

    def visible_to(self, user: User) -> Self:
        """One's own once it was approved, a department head's people's, all for directors; what
        was approved for the accounting."""
        if not user.is_active or user.pk is None:
            return self.none()
        if user.role in DIRECTORS:
            return self.all()
        seen = Q(employee=user.pk, approved_at__isnull=False)
        if user.role == Role.ACCOUNTANT:
            seen |= Q(state__in=SETTLED)
        if user.role == Role.DEPARTMENT_HEAD:
            units = sorted(scope_of(user).unit_ids)
            seen |= Q(org_unit__in=units) & ~Q(employee=user.pk) & ~Q(role=Role.DEPARTMENT_HEAD)
        return self.filter(seen)

    def of_month(self, month: date) -> Self:
        """Of the month of the day."""
        return self.filter(month=month.replace(day=1))

    def to_decide(self) -> Self:
        """Drafted or objected to: the head's turn."""
        return self.filter(state__in=["drafted", "objection"])

    def whose_turn_is(self, user: User) -> Self:
        """Own sheets to be read, and sheets that the person has to decide."""
        turn = Q(employee=user.pk, state="approved", acknowledged_at=None)
        open_ones = Q(state__in=["drafted", "objection"]) & ~Q(employee=user.pk)
        if user.role == Role.DEPARTMENT_HEAD:
            turn |= open_ones
        elif user.role == Role.DIRECTOR:
            turn |= open_ones & Q(role=Role.DEPARTMENT_HEAD)
        return self.filter(turn)

    def waiting_for(self, user: User) -> int:
        """How many of those the person sees."""
        return self.visible_to(user).whose_turn_is(user).count()

    def to_pay(self, today: date) -> Self:
        """Approved, and the employee has acknowledged it or the days for an objection are over."""
        over = Q(objection_until__lt=today) | Q(acknowledged_at__isnull=False)
        return self.filter(over, state="approved")

    def yet_to_pay(self, today: date) -> Self:
        """Approved, not acknowledged yet, and an objection is still possible."""
        return self.filter(objection_until__gte=today, acknowledged_at=None, state="approved")

    def for_list(self) -> Self:
        """With the names that the register shows, without the calculation."""
        rows = self.select_related("employee", "org_unit", "decided_by", "approved_by")
        people = names_of("employee", "decided_by", "approved_by")
        own = [name for name in own_columns(self.model) if name != "calculation"]
        return rows.only(*own, "org_unit__name", *people)


class IncentiveDecisionQuerySet(models.QuerySet[Any]):
    """Reads of rewards and reductions."""

    def visible_to(self, user: User) -> Self:
        """Those of visible sheets."""
        sheets = self.model._meta.apps.get_model("reports", "IncentiveSheet").objects
        return self.filter(sheet__in=sheets.visible_to(user).values("pk"))

    def standing(self) -> Self:
        """Not taken back."""
        return self.filter(withdrawn_at=None)


class PayrollTransferQuerySet(models.QuerySet[Any]):
    """Reads of transfers to payroll."""

    def visible_to(self, user: User) -> Self:
        """The accounting and the directors."""
        allowed = user.is_active and user.role in {Role.ACCOUNTANT, *DIRECTORS}
        return self.all() if allowed else self.none()
