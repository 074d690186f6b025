"""Reads of notices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from crm.accounts.models import User


class NoticeQuerySet(models.QuerySet[Any]):
    """Reads of notices."""

    def visible_to(self, user: User) -> NoticeQuerySet:
        """One's own notices in the product."""
        return self.filter(user=user, channel="ui") if user.is_active else self.none()

    def unread(self) -> NoticeQuerySet:
        """Not opened yet."""
        return self.filter(read_at=None)
