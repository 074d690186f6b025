"""Reads of imports."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models

from crm.accounts.models import Role

if TYPE_CHECKING:
    from crm.accounts.models import User

HEAVY = ("content", "journal", "preview")


class ImportJobQuerySet(models.QuerySet[Any]):
    """Reads of imports."""

    def visible_to(self, user: User) -> ImportJobQuerySet:
        """Own imports; the administrator sees all."""
        if not user.is_active:
            return self.none()
        return self.all() if user.role == Role.ADMIN else self.filter(author=user)

    def light(self) -> ImportJobQuerySet:
        """Without the file and what was written: for pages."""
        return self.defer(*HEAVY).select_related("author", "undone_by")

    def for_list(self) -> ImportJobQuerySet:
        """Only what the list shows."""
        return self.defer(*HEAVY, "layout", "mapping", "options").select_related("author")

    def waiting(self) -> ImportJobQuerySet:
        """What a worker has or is to take, the oldest first."""
        return self.filter(state__in=["checking", "queued", "running", "undoing"]).order_by(
            "created_at", "pk"
        )

    def applied_before(self, sha256: str, kind: str) -> ImportJobQuerySet:
        """Imports of the same content that are in effect."""
        return self.filter(sha256=sha256, kind=kind, state__in=["applied", "undoing"])

    def with_files_older_than(self, moment: datetime) -> ImportJobQuerySet:
        """Ended imports that still keep their file."""
        ended = self.filter(created_at__lt=moment).exclude(content=b"")
        return ended.exclude(state__in=["checking", "queued", "running", "undoing"])


class ImportRowQuerySet(models.QuerySet[Any]):
    """Reads of the rows that need a person's eye."""

    def visible_to(self, user: User) -> ImportRowQuerySet:
        """Rows of visible imports."""
        if not user.is_active:
            return self.none()
        return self.all() if user.role == Role.ADMIN else self.filter(job__author=user)

    def refused(self) -> ImportRowQuerySet:
        """Rows that were not taken."""
        return self.filter(result="refused")

    def doubtful(self) -> ImportRowQuerySet:
        """Rows that were taken with a remark."""
        return self.filter(result="warning")
