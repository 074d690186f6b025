"""Reads of stop-shipping flags."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db.models import Q

from deals.querysets.base import OfClientQuerySet


class StopShippingQuerySet(OfClientQuerySet):
    """Reads of flags."""

    def standing(self) -> Self:
        """Flags that are on, released or not."""
        return self.filter(off_at=None)

    def binding(self, today: date) -> Self:
        """Flags that forbid shipping on the day."""
        return self.standing().filter(Q(released_to=None) | Q(released_to__lt=today))
