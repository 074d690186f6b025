"""Reads of the papers of clients."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db.models import Q

from deals.querysets.base import OfClientQuerySet


class ClientDocumentQuerySet(OfClientQuerySet):
    """Papers of visible clients."""

    def good_on(self, day: date) -> Self:
        """Not replaced, and not over on the day."""
        return self.open().filter(Q(valid_to=None) | Q(valid_to__gte=day))
