"""Reads of recommendations given to clients."""

from __future__ import annotations

from datetime import date
from typing import Self

from clients.querysets.clients import WholeCardQuerySet


class ClientRecommendationQuerySet(WholeCardQuerySet):
    """Reads of recommendations."""

    def unanswered(self, since: date) -> Self:
        """Given on that day or before, and the client has not said what it thinks of it."""
        return self.filter(state="given", given_on__lte=since)

    def not_done(self) -> Self:
        """Accepted, and not put into practice yet."""
        return self.filter(state="accepted")

    def for_list(self) -> Self:
        """With the client, its manager and the author."""
        return self.select_related("client__manager", "author")
