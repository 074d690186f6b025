"""Reads of the exchange with 1C: for the administrator alone."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Sum

from crm.accounts.models import Role

if TYPE_CHECKING:
    from crm.accounts.models import User


class ExchangeTokenQuerySet(models.QuerySet[Any]):
    """Reads of keys."""

    def visible_to(self, user: User) -> Self:
        """The administrator gives keys out and takes them back; nobody else sees them."""
        return self if user.is_active and user.role == Role.ADMIN else self.none()

    def valid(self) -> Self:
        """Not revoked, and its person still works here."""
        return self.filter(revoked_at=None, user__is_active=True)


class ExchangeFileQuerySet(models.QuerySet[Any]):
    """Reads of files on their way."""

    def bytes_waiting(self) -> int:
        """How much is kept of files that are no imports yet."""
        return self.filter(job=None).aggregate(total=Sum("size"))["total"] or 0

    def older_than(self, moment: datetime) -> Self:
        """Begun before the moment."""
        return self.filter(created_at__lt=moment)
