"""Reads of notes about employees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models

if TYPE_CHECKING:
    from crm.accounts.models import User

READERS = ("department_head", "director", "general_director")


class StaffNoteQuerySet(models.QuerySet[Any]):
    """Heads of departments about their people, directors about all; nobody about oneself."""

    def visible_to(self, user: User) -> Self:
        """Notes that the person may read."""
        from crm.accounts.models import User as Person

        if not user.is_active or user.role not in READERS:
            return self.none()
        overseen = Person.objects.overseen_by(user).exclude(pk=user.pk)
        return self.filter(employee__in=overseen.order_by().values("pk"))

    def standing(self) -> Self:
        """Not taken back."""
        return self.filter(withdrawn_at=None)
