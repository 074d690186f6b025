"""Reads of merchandisers' visits and of the plans they belong to."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count, Q

from clients.querysets.clients import scope_condition
from crm.accounts.models import DIRECTORS, SALES, Role

if TYPE_CHECKING:
    from crm.accounts.models import User

READERS = SALES | DIRECTORS | {Role.MARKETER}


class VisitQuerySet(models.QuerySet[Any]):
    """Reads of visits."""

    def visible_to(self, user: User) -> Self:
        """A merchandiser's own; of visible clients for sales, directors and marketing."""
        if not user.is_active:
            return self.none()
        if user.role == Role.MERCHANDISER:
            return self.filter(merchandiser=user).agreed()
        if user.role not in READERS:
            return self.none()
        condition = scope_condition(user, "outlet__client__")
        return self if condition is None else self.filter(condition)

    def agreed(self) -> Self:
        """Of a plan that marketing has agreed to, or put in by hand."""
        return self.filter(Q(plan=None) | Q(plan__state="approved"))

    def for_list(self) -> Self:
        """With the outlet, its client and who goes there."""
        return self.select_related("outlet__client", "merchandiser", "plan")

    def on(self, day: date) -> Self:
        """Of the day, those that were called off left out."""
        return self.filter(planned_on=day).exclude(state="cancelled")

    def overdue(self, today: date) -> Self:
        """Agreed, and the day is over without them."""
        return self.agreed().filter(state="planned", planned_on__lt=today)


class VisitPlanQuerySet(models.QuerySet[Any]):
    """Reads of plans of visits."""

    def visible_to(self, user: User) -> Self:
        """Whoever plans, agrees or watches visits; merchandisers go by their own page."""
        return self.all() if user.is_active and user.role in READERS else self.none()

    def with_counts(self) -> Self:
        """How many visits, how many of them done and missed."""

        def of(state: str) -> Count:
            return Count("visits", filter=Q(visits__state=state))

        return self.annotate(
            total=Count("visits", filter=~Q(visits__state="cancelled")),
            done=of("done"),
            missed=of("missed"),
            people=Count("visits__merchandiser", distinct=True),
        )
