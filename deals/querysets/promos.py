"""Reads of promo campaigns."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q, Sum

from crm.accounts.querysets import names_of, own_columns
from crm.accounts.scope import scope_of

if TYPE_CHECKING:
    from crm.accounts.models import User


class PromoQuerySet(models.QuerySet[Any]):
    """Reads of promos."""

    def visible_to(self, user: User) -> Self:
        """Those of the company and of the units that the person heads or belongs to.

        Marketing and whoever sees all clients see all of them.
        """
        from deals.permissions import can_see_promos  # it knows the models

        if not can_see_promos(user):
            return self.none()
        scope = scope_of(user)
        if scope.everything:
            return self
        around = user.org_unit.path_ids if user.org_unit else []
        return self.filter(
            Q(org_unit=None) | Q(org_unit__in=scope.unit_ids) | Q(org_unit__in=around)
        )

    def standing(self) -> Self:
        """Approved, for now or for later."""
        return self.filter(state__in=("approved", "running"))

    def holding(self, day: date) -> Self:
        """Standing, and the day is inside; also before the clock has turned them."""
        return self.standing().filter(starts_on__lte=day, ends_on__gte=day)

    def touching(self, first: date, last: date) -> Self:
        """At least one of the days is inside; nothing that was called off."""
        return self.exclude(state="cancelled").filter(starts_on__lte=last, ends_on__gte=first)

    def to_begin(self, today: date) -> Self:
        """Approved, and their first day has come."""
        return self.filter(state="approved", starts_on__lte=today)

    def over(self, today: date) -> Self:
        """Running, but the last day has gone by."""
        return self.filter(state="running", ends_on__lt=today)

    def with_costs(self) -> Self:
        """With what they should cost and have cost, roubles."""
        return self.annotate(
            planned_costs=Sum("costs__planned", default=0), actual_costs=Sum("costs__actual")
        )

    def for_list(self) -> Self:
        """With what a register shows."""
        people = ("author", "approved_by")
        return (
            self.with_costs()
            .select_related("org_unit", *people)
            .only(*own_columns(self.model), "org_unit__name", *names_of(*people))
        )
