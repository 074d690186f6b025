"""Reads of notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from crm.accounts.models import User


@dataclass(frozen=True)
class OutboxState:
    """How many notices wait and since when; how many were given up and why the last one."""

    waiting: int
    oldest: datetime | None
    dead: int
    last_error: str


class NoticeQuerySet(models.QuerySet[Any]):
    """Reads of notices."""

    def visible_to(self, user: User) -> NoticeQuerySet:
        """One's own notices in the product."""
        return self.filter(user=user, channel="ui") if user.is_active else self.none()

    def unread(self) -> NoticeQuerySet:
        """Not opened yet."""
        return self.filter(read_at=None)

    def outbox(self) -> OutboxState:
        """What waits and what was given up, in three queries."""
        facts = self.filter(state="waiting").aggregate(
            waiting=models.Count("pk"), oldest=models.Min("created_at")
        )
        dead = self.filter(state="dead").order_by("-pk")
        last = dead.values_list("error", flat=True).first()
        return OutboxState(facts["waiting"], facts["oldest"], dead.count(), last or "")
