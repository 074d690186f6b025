"""Reads of the register of exceptions."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db.models import Q

from crm.accounts.querysets import names_of, own_columns
from crm.calendar import month_start
from deals.querysets.base import OfClientQuerySet

# A limit stands after its day of review until somebody replaces it.
_STANDS = Q(kind="limit")


class PolicyExceptionQuerySet(OfClientQuerySet):
    """Reads of exceptions."""

    def in_force(self, day: date) -> Self:
        """Those that let somebody deviate on the day."""
        begun = self.filter(starts_on__lte=day).filter(Q(ended_on=None) | Q(ended_on__gt=day))
        return begun.filter(_STANDS | Q(ends_on__gte=day))

    def ending_in_month(self, today: date) -> Self:
        """In force or to come, the last day is in what is left of the month."""
        following = month_start(today, 1)
        return self.filter(ended_on=None, ends_on__gte=today, ends_on__lt=following)

    def expired(self, today: date) -> Self:
        """Over: ended, or the last day has gone by."""
        return self.exclude(ended_on=None, ends_on__gte=today).exclude(_STANDS & Q(ended_on=None))

    def late_for_review(self, today: date) -> Self:
        """Limits that stand after their day of review."""
        return self.filter(_STANDS, ended_on=None, ends_on__lt=today)

    def to_review(self, today: date) -> Self:
        """Limits that stand, and the day of their review has come."""
        return self.filter(_STANDS, ended_on=None, ends_on__lte=today)

    def for_list(self) -> Self:
        """With what a register shows."""
        people = ("client__manager", "owner", "approved_by")
        return self.select_related("client", *people).only(
            *own_columns(self.model), "client__name", *names_of(*people)
        )
