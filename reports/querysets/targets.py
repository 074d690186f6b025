"""Reads of target tasks."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from crm.accounts.models import Role
from crm.accounts.querysets import names_of, own_columns
from crm.accounts.scope import scope_of

if TYPE_CHECKING:
    from crm.accounts.models import User

DIRECTORS = (Role.DIRECTOR, Role.GENERAL_DIRECTOR)
COUNTED = ("set", "reported", "returned", "accepted", "closed")


class TargetTaskQuerySet(models.QuerySet[Any]):
    """Reads of target tasks."""

    def visible_to(self, user: User) -> Self:
        """One's own once they are set, those of headed units, all for the directors."""
        scope = scope_of(user)
        if scope.limited_fields or not user.is_active:
            return self.none()
        if scope.everything:
            return self if user.role in DIRECTORS or scope.substituted_ids else self.none()
        own = Q(owner=user.pk, state__in=COUNTED)
        absent = Q(owner__in=sorted(scope.substituted_ids), state__in=COUNTED)
        return self.filter(own | absent | Q(org_unit__in=sorted(scope.unit_ids)))

    def of_month(self, month: date) -> Self:
        """Of the month of the day."""
        return self.filter(month=month.replace(day=1))

    def counted(self) -> Self:
        """Set and not taken back: what KPI-4 is counted of."""
        return self.filter(state__in=COUNTED)

    def to_report(self) -> Self:
        """The owner has not told what was done, or has to tell it again.

        What is counted by itself is told by the clock the first time.
        """
        return self.filter(Q(state="set", measure="") | Q(state="returned"))

    def to_count(self) -> Self:
        """Counted by themselves, and not reported yet."""
        return self.filter(state="set").exclude(measure="")

    def for_list(self) -> Self:
        """With the names that the register shows."""
        rows = self.select_related("owner", "org_unit", "set_by", "decided_by")
        people = names_of("owner", "set_by", "decided_by")
        return rows.only(*own_columns(self.model), "org_unit__name", "owner__org_unit", *people)
