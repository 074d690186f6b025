"""Reads of delivery schedules: without sums, so that the delivery sees them too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models

from clients.querysets import scope_condition

if TYPE_CHECKING:
    from crm.accounts.models import User


class DeliveryScheduleQuerySet(models.QuerySet[Any]):
    """Schedules of visible clients."""

    def visible_to(self, user: User) -> Self:
        """Whoever sees the client."""
        condition = scope_condition(user, "client__")
        return self if condition is None else self.filter(condition)

    def standing(self) -> Self:
        """In force or proposed."""
        return self.filter(state__in=["effective", "proposed"])

    def proposed(self) -> Self:
        """Waiting for a confirmation."""
        return self.filter(state="proposed")
