"""Reads of cost-reduction measures."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from crm.accounts.querysets import names_of, own_columns
from crm.accounts.scope import scope_of
from reports.querysets.budgets import sees_all_costs

if TYPE_CHECKING:
    from crm.accounts.models import User


class CostMeasureQuerySet(models.QuerySet[Any]):
    """Reads of cost-reduction measures."""

    def visible_to(self, user: User) -> Self:
        """Of units that one heads, and those that one answers for; all for overseers."""
        if sees_all_costs(user):
            return self.all()
        if not user.is_active or user.pk is None:
            return self.none()
        return self.filter(Q(owner=user.pk) | Q(org_unit__in=sorted(scope_of(user).unit_ids)))

    def open(self) -> Self:
        """To be carried out."""
        return self.filter(state__in=["planned", "running"])

    def late(self, today: date) -> Self:
        """Not carried out, and the day has gone by."""
        return self.open().filter(due_on__lt=today)

    def for_list(self) -> Self:
        """With the names that the register shows."""
        rows = self.select_related("owner", "org_unit", "item", "confirmed_by")
        return rows.only(
            *own_columns(self.model),
            *names_of("owner", "confirmed_by"),
            "org_unit__name",
            "item__name_ru",
            "item__name_en",
        )
