"""Reads of the versions of the pricing policy."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models

if TYPE_CHECKING:
    from crm.accounts.models import User


class PricingPolicyQuerySet(models.QuerySet[Any]):
    """Reads of versions."""

    def visible_to(self, user: User) -> Self:
        """Whoever sees prices or agreements; what is no version yet is for those who write it."""
        from deals.permissions import can_edit_prices, can_see_producers  # it knows the models

        if not can_see_producers(user):
            return self.none()
        return self if can_edit_prices(user) else self.published()

    def published(self) -> Self:
        """Versions that hold, held or will hold; the last one first."""
        return self.filter(state="published").order_by("-valid_from")

    def drafts(self) -> Self:
        """Being written: one or none."""
        return self.filter(state="draft")

    def in_force(self, day: date) -> Any:
        """The version that holds on the day, or None."""
        return self.published().filter(valid_from__lte=day).first()
