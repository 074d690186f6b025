"""Reads of ABC results."""

from __future__ import annotations

from typing import Self

from django.db.models import F, Q

from deals.querysets.base import OfClientQuerySet


class AbcResultQuerySet(OfClientQuerySet):
    """Reads of the results of a run."""

    def disagreeing(self) -> Self:
        """The assigned category is not the calculated one (ABC-4); none assigned does not count."""
        return self.filter(~Q(category=F("assigned")), assigned__isnull=False)

    def for_list(self) -> Self:
        """With the names that the list shows."""
        return self.select_related("client", "client__manager", "run")
