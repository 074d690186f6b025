"""Reads of retro bonuses: agreements, tiers, accruals."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db.models import F, Max, Q, Sum
from django.db.models.functions import Coalesce

from crm.accounts.models import Role
from deals.querysets.base import OfClientQuerySet
from deals.querysets.shipments import ZERO

if TYPE_CHECKING:
    from crm.accounts.models import User


class OfRetroQuerySet(OfClientQuerySet):
    """Marketing keeps account of bonuses too (S3.3.1.15): it sees them, and no other money."""

    def visible_to(self, user: User) -> Self:
        """As other money of visible clients; all of them for marketing."""
        if user.is_active and user.role == Role.MARKETER:
            return self.all()
        return super().visible_to(user)


class RetroAgreementQuerySet(OfRetroQuerySet):
    """Reads of agreements."""

    def being_written(self) -> Self:
        """Not decided yet."""
        return self.filter(state__in=("draft", "on_approval"))

    def was_in_force(self) -> Self:
        """Approved once: bonuses are counted by them."""
        return self.filter(state__in=("active", "expired", "terminated"))

    def holding(self, day: date) -> Self:
        """In force on the day."""
        still = Q(valid_to=None) | Q(valid_to__gte=day)
        return self.filter(still, state="active", valid_from__lte=day)

    def over(self, today: date) -> Self:
        """In force by its state, though the last day has gone by."""
        return self.filter(state="active", valid_to__lt=today)

    def with_highest(self) -> Self:
        """With the highest rate of its tiers."""
        return self.annotate(highest=Max("tiers__pct"))

    def for_list(self) -> Self:
        """With what a register shows."""
        people = ("client__manager", "author", "approved_by")
        return self.select_related("client", "contract", *people).with_highest()


class RetroAccrualQuerySet(OfRetroQuerySet):
    """Reads of accruals."""

    # Roubles accrued and not given yet.
    left = Sum(F("amount") - F("given_amount"))

    def owed(self) -> Any:
        """Roubles accrued and not given yet, of all rows."""
        return self.order_by().aggregate(total=Coalesce(self.left, ZERO))["total"]

    def for_list(self) -> Self:
        """With what a register shows."""
        people = ("client__manager", "checked_by", "approved_by")
        rows = self.select_related("client", "agreement__contract", *people)
        return rows.defer("agreement__conditions", "agreement__end_reason")
