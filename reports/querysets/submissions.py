"""Reads of the catalogue of reports and of what was handed in."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from crm.accounts.scope import scope_of

if TYPE_CHECKING:
    from crm.accounts.models import User

OVERSEERS = ("director", "general_director", "admin")


class DefinitionQuerySet(models.QuerySet[Any]):
    """Reads of the catalogue."""

    def visible_to(self, user: User) -> Self:
        """Which reports there are is known to everybody."""
        return self.all() if user.is_active else self.none()


class SubmissionQuerySet(models.QuerySet[Any]):
    """Reads of reports handed in."""

    def visible_to(self, user: User) -> Self:
        """Author, recipient, heads over the author, directors and the administrator."""
        if not user.is_active or user.pk is None:
            return self.none()
        if user.role in OVERSEERS:
            return self
        scope = scope_of(user)
        units = sorted(scope.unit_ids) if scope.own is not None else []
        mine = Q(author=user) | Q(recipient=user)
        return self.filter(mine | Q(author__org_unit__in=units))

    def to_hand_in(self) -> Self:
        """Due or returned."""
        return self.filter(state__in=["due", "returned"])

    def late(self, today: date) -> Self:
        """Not handed in though the day has gone by, or handed in late."""
        return self.filter(Q(state="due", due_on__lt=today) | Q(late_days__gt=0))

    def for_list(self) -> Self:
        """With what a register shows."""
        return self.select_related("definition", "author", "recipient")
