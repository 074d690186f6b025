"""Reads of dashboards sent by e-mail."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from crm.accounts.models import User


class SubscriptionQuerySet(models.QuerySet[Any]):
    """Reads of subscriptions."""

    def visible_to(self, user: User) -> Self:
        """One's own ones."""
        return self.filter(user=user) if user.is_active and user.pk else self.none()

    def due(self, day: date, hour: int) -> Self:
        """To be sent on the day by that hour and not sent on it yet."""
        rows = self.filter(is_active=True, user__is_active=True, hour__lte=hour)
        rows = rows.filter(weekdays__contains=[day.isoweekday()])
        return rows.filter(Q(last_sent_on=None) | Q(last_sent_on__lt=day))
