"""Reads of relationship schemes."""

from __future__ import annotations

from datetime import date
from typing import Self

from crm.accounts.querysets import names_of, own_columns
from crm.calendar import month_start
from deals.querysets.base import OfClientQuerySet


class SchemeQuerySet(OfClientQuerySet):
    """Reads of schemes."""

    def being_written(self) -> Self:
        """Not decided yet."""
        return self.filter(state__in=("draft", "on_approval"))

    def standing(self) -> Self:
        """Approved, for now or for later."""
        return self.filter(state__in=("approved", "active"))

    def holding(self, day: date) -> Self:
        """Standing, and the day is inside their period; also before the clock has turned them."""
        return self.standing().filter(valid_from__lte=day, valid_to__gte=day)

    def overlapping(self, first: date, last: date) -> Self:
        """Standing on at least one of the days."""
        return self.standing().filter(valid_from__lte=last, valid_to__gte=first)

    def to_begin(self, today: date) -> Self:
        """Approved, and their first day has come."""
        return self.filter(state="approved", valid_from__lte=today)

    def over(self, today: date) -> Self:
        """In force, but the last day has gone by."""
        return self.filter(state="active", valid_to__lt=today)

    def ending_in_month(self, today: date) -> Self:
        """Standing, the last day is in what is left of the month."""
        following = month_start(today, 1)
        return self.standing().filter(valid_to__gte=today, valid_to__lt=following)

    def for_list(self) -> Self:
        """With what a register shows."""
        people = ("client__manager", "author", "approved_by")
        return self.select_related("client", *people).only(
            *(name for name in own_columns(self.model) if name != "evidence"),
            "client__name",
            "client__category",
            *names_of(*people),
        )
