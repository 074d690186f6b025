"""Reads of corrective measures."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from crm.accounts.querysets import names_of, own_columns
from crm.accounts.scope import scope_of

if TYPE_CHECKING:
    from crm.accounts.models import User


class MeasureQuerySet(models.QuerySet[Any]):
    """Reads of corrective measures."""

    def visible_to(self, user: User) -> Self:
        """Of units that one heads, and those that one answers for; all for those who see all."""
        if not user.is_active:
            return self.none()
        scope = scope_of(user)
        if scope.everything and not scope.limited_fields:
            return self
        return self.filter(Q(owner=user) | Q(org_unit__in=sorted(scope.unit_ids)))

    def open(self) -> Self:
        """To be carried out."""
        return self.filter(state__in=["planned", "running"])

    def late(self, today: date) -> Self:
        """Not carried out, and the day has gone by."""
        return self.open().filter(due_on__lt=today)

    def for_list(self) -> Self:
        """With what a register shows."""
        rows = self.select_related("owner", "reason", "product_group", "org_unit")
        return rows.only(
            *own_columns(self.model),
            "reason__name_ru",
            "reason__name_en",
            "product_group__name",
            "org_unit__name",
            *names_of("owner"),
        )
