"""Reads of expenses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q, Sum

from crm.accounts.models.roles import Role
from crm.accounts.querysets import names_of, own_columns
from crm.accounts.scope import scope_of
from crm.calendar import month_end
from reports.querysets.budgets import sees_all_costs

if TYPE_CHECKING:
    from crm.accounts.models import User

# What takes of the personal limit: refused, withdrawn and returned ones do not.
TAKING = ("on_approval", "approved", "paid")


class ExpenseQuerySet(models.QuerySet[Any]):
    """Reads of expenses."""

    def visible_to(self, user: User) -> Self:
        """One's own, those of the people substituted and of headed units; all for overseers."""
        if sees_all_costs(user):
            return self.all()
        scope = scope_of(user)
        if not user.is_active or scope.limited_fields or user.pk is None:
            return self.none()
        people = sorted({user.pk, *scope.substituted_ids})
        return self.filter(Q(employee__in=people) | Q(org_unit__in=sorted(scope.unit_ids)))

    def counted(self) -> Self:
        """The fact of the budget: what was paid (BUDGET-1)."""
        return self.filter(state="paid")

    def to_pay(self) -> Self:
        """Approved, the accounting has not paid it yet."""
        return self.filter(state="approved")

    def in_months(self, first: date, last: date) -> Self:
        """Spent from the first day to the last one."""
        return self.filter(spent_on__range=(first, last))

    def of_units(self, unit_ids: Any) -> Self:
        """Of these units."""
        return self.filter(org_unit__in=unit_ids)

    def taken_by(self, employee_id: int, month: date, *, besides: int | None = None) -> Decimal:
        """How much of the person's limit of the month is taken by other expenses than this one."""
        last = month_end(month.year, month.month)
        rows = self.filter(employee=employee_id, is_representation=True, state__in=TAKING)
        rows = rows.filter(spent_on__range=(month.replace(day=1), last)).exclude(pk=besides)
        return Decimal(rows.aggregate(sum=Sum("amount"))["sum"] or 0)

    def waiting_for(self, user: User) -> int:
        """Own ones that came back; for the accounting those to be paid; how many."""
        turn = Q(employee=user.pk, state="returned")
        if user.role == Role.ACCOUNTANT:
            turn |= Q(state="approved")
        return self.visible_to(user).filter(turn).count()

    def for_list(self) -> Self:
        """With the names that the register shows."""
        rows = self.select_related(
            "employee", "org_unit", "item", "client", "contact", "approved_by", "paid_by"
        )
        return rows.only(
            *own_columns(self.model),
            *names_of("employee", "approved_by", "paid_by"),
            "org_unit__name",
            "item__name_ru",
            "item__name_en",
            "client__name",
            "contact__kind",
            "contact__direction",
            "contact__done_at",
            "contact__planned_at",
        )
