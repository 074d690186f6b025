"""Reads of price changes, of their notices and of the clients that a change concerns."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count, F, Q

from crm.accounts.querysets import names_of, own_columns
from deals.querysets.base import OfClientQuerySet

if TYPE_CHECKING:
    from crm.accounts.models import User


class PriceChangeQuerySet(models.QuerySet[Any]):
    """Reads of changes."""

    def visible_to(self, user: User) -> Self:
        """Whoever sees prices; how many clients were told is counted among the visible ones."""
        from deals.permissions import can_see_prices  # it knows the models

        return self if can_see_prices(user) else self.none()

    def unfinished(self) -> Self:
        """Not in force yet: its notices may still become more."""
        return self.exclude(state="effective")

    def running(self, day: date) -> Self:
        """The list of the change is not over: whoever was not told still has to be."""
        return self.filter(Q(price_list__valid_to=None) | Q(price_list__valid_to__gt=day))


class PriceChangeNoticeQuerySet(OfClientQuerySet):
    """Reads of notices, seen with their clients."""

    def undelivered(self) -> Self:
        """The client does not have it yet, as far as we know."""
        return self.filter(delivered_on=None)

    def in_time(self) -> Self:
        """The client has it, and had it by the last day (PRICE-1)."""
        return self.filter(delivered_on__lte=F("due_on"))

    def late(self, today: date) -> Self:
        """It came too late, or can only come too late now."""
        return self.filter(self.is_late(today))

    @staticmethod
    def is_late(today: date) -> Q:
        """The condition of `late`."""
        return Q(delivered_on__gt=F("due_on")) | Q(delivered_on=None, due_on__lt=today)

    def to_tell(self, last: date, today: date) -> Self:
        """Clients that do not have it and whose last day is not after `last`."""
        running = self._changes().running(today)
        return self.undelivered().filter(due_on__lte=last, change__in=running)

    def _changes(self) -> Any:
        return self.model._meta.get_field("change").related_model.objects

    def counts(self, today: date) -> dict[str, int]:
        """How many there are, and how far they are."""
        late = self.is_late(today)
        return self.order_by().aggregate(
            total=Count("pk"),
            pending=Count("pk", filter=Q(state="pending")),
            sent=Count("pk", filter=Q(state="sent")),
            failed=Count("pk", filter=Q(state="failed")),
            delivered=Count("pk", filter=Q(delivered_on__isnull=False)),
            acknowledged=Count("pk", filter=Q(state="acknowledged")),
            in_time=Count("pk", filter=Q(delivered_on__lte=F("due_on"))),
            late=Count("pk", filter=late),
            never=Count("pk", filter=late & Q(delivered_on=None)),
        )

    def for_list(self) -> Self:
        """With the names that the work list shows."""
        people = ("client__manager", "marked_by")
        rows = self.select_related("client", "change__price_list", *people)
        own = own_columns(self.model)
        change = ("change__effective_from", "change__state", "change__price_list__name")
        kind = ("change__price_list__kind",)
        return rows.only(*own, *change, *kind, "client__name", *names_of(*people))
