"""Reads of the papers of shipments."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from crm.accounts.models import User


class ShipmentDocumentQuerySet(models.QuerySet[Any]):
    """Papers of visible shipments."""

    def visible_to(self, user: User) -> Self:
        """Whoever sees the shipment sees its papers."""
        shipments: Any = self.model._meta.get_field("shipment").related_model
        return self.filter(shipment__in=shipments._default_manager.visible_to(user))

    def out_on(self, day: date, days: int) -> Self:
        """Handed over more than so many calendar days before the day, and not back signed on it."""
        back = Q(returned_on=None) | Q(returned_on__gt=day)
        return self.filter(back, handed_on__lt=day - timedelta(days=days))
