"""Reads of the papers of shipments."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import models

if TYPE_CHECKING:
    from crm.accounts.models import User


class ShipmentDocumentQuerySet(models.QuerySet[Any]):
    """Papers of visible shipments."""

    def visible_to(self, user: User) -> Self:
        """Whoever sees the shipment sees its papers."""
        shipments: Any = self.model._meta.get_field("shipment").related_model
        return self.filter(shipment__in=shipments._default_manager.visible_to(user))

    def not_back(self) -> Self:
        """Handed over and not come back signed."""
        return self.filter(handed_on__isnull=False, returned_on=None)

    def overdue(self, today: date, days: int) -> Self:
        """Not back after so many calendar days."""
        return self.not_back().filter(handed_on__lt=today - timedelta(days=days))
