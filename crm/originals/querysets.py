"""Reads of issued originals."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from crm.accounts.models import User


class IssuedOriginalQuerySet(models.QuerySet[Any]):
    """Reads of issued originals."""

    def visible_to(self, user: User) -> IssuedOriginalQuerySet:
        """What the person holds or gave out, and what people hold whom the person oversees."""
        from crm.accounts.models import User

        if not user.is_active:
            return self.none()
        overseen = User.objects.overseen_by(user).values("pk")
        return self.filter(Q(holder=user) | Q(issued_by=user) | Q(holder__in=overseen))

    def out(self) -> IssuedOriginalQuerySet:
        """Not returned yet."""
        return self.filter(returned_on=None)

    def overdue(self, today: date) -> IssuedOriginalQuerySet:
        """Not returned, and the day has gone by."""
        return self.out().filter(return_due__lt=today)

    def for_list(self) -> IssuedOriginalQuerySet:
        """With the names that pages show."""
        return self.select_related("holder", "issued_by", "received_by")
