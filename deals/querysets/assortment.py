"""Reads of the assortment matrix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count, Q

if TYPE_CHECKING:
    from crm.accounts.models import User


class AssortmentMatrixQuerySet(models.QuerySet[Any]):
    """Reads of matrices."""

    def visible_to(self, user: User) -> Self:
        """Whoever knows the catalogue: what is sold to whom is no secret."""
        from deals.permissions import can_see_catalogue  # it knows the models

        return self.all() if can_see_catalogue(user) else self.none()

    def open(self) -> Self:
        """In force."""
        return self.filter(archived_at=None)

    def fitting(self, channel: str, category: str | None) -> Self:
        """Those that a client of the channel and category could be of."""
        of_channel = Q(channel="")
        if channel:
            of_channel |= Q(channel__iexact=channel)
        return self.open().filter(of_channel, category__in=["", category or ""])

    def for_list(self) -> Self:
        """With how many goods, how many of them obligatory, and what is asked to change."""
        waits = Q(proposals__state="proposed")
        return self.annotate(
            goods=Count("lines", distinct=True),
            must=Count("lines", filter=Q(lines__obligatory=True), distinct=True),
            asked=Count("proposals", filter=waits, distinct=True),
        )


class AssortmentProposalQuerySet(models.QuerySet[Any]):
    """Reads of proposals to change a matrix."""

    def visible_to(self, user: User) -> Self:
        """Heads, directors and marketing; no figure of a client is in them."""
        from deals.permissions import can_see_assortment_proposals  # it knows the models

        return self.all() if can_see_assortment_proposals(user) else self.none()
