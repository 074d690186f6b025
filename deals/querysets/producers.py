"""Reads of price agreements with producers and of what they bind us to."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count, Q

from crm.accounts.querysets import names_of, own_columns

if TYPE_CHECKING:
    from crm.accounts.models import User


class ProducerAgreementQuerySet(models.QuerySet[Any]):
    """Reads of agreements."""

    def visible_to(self, user: User) -> Self:
        """Whoever sells by them or keeps them; one taken out is for those who keep them."""
        from deals.permissions import can_keep_producers, can_see_producers  # it knows the models

        if not can_see_producers(user):
            return self.none()
        return self if can_keep_producers(user) else self.open()

    def open(self) -> Self:
        """Not taken out."""
        return self.filter(archived_at=None)

    def on(self, day: date) -> Self:
        """In force on the day."""
        rows = self.open().filter(valid_from__lte=day)
        return rows.filter(Q(valid_to=None) | Q(valid_to__gte=day))

    def ending(self, first: date, last: date) -> Self:
        """In force on the first day, and the last one is not after `last`."""
        return self.on(first).filter(valid_to__lte=last)

    def over(self, today: date) -> Self:
        """Their last day has gone by."""
        return self.open().filter(valid_to__lt=today)

    def to_come(self, today: date) -> Self:
        """Their first day is still to come."""
        return self.open().filter(valid_from__gt=today)

    def for_list(self) -> Self:
        """With the number of lines and who keeps it."""
        rows = self.select_related("keeper").annotate(line_count=Count("lines"))
        return rows.only(*own_columns(self.model), *names_of("keeper"))


class AgreementLineQuerySet(models.QuerySet[Any]):
    """Reads of lines."""

    def in_force(self, day: date) -> Self:
        """Lines of agreements in force on the day."""
        rows = self.filter(agreement__archived_at=None, agreement__valid_from__lte=day)
        return rows.filter(Q(agreement__valid_to=None) | Q(agreement__valid_to__gte=day))

    def for_page(self) -> Self:
        """With the names of products and groups."""
        return self.select_related("product", "group")
