"""Reads of imports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from crm.accounts.models import Role

if TYPE_CHECKING:
    from crm.accounts.models import User


class ImportJobQuerySet(models.QuerySet[Any]):
    """Reads of imports."""

    def visible_to(self, user: User) -> ImportJobQuerySet:
        """Own imports; the administrator sees all."""
        if not user.is_active:
            return self.none()
        return self.all() if user.role == Role.ADMIN else self.filter(author=user)
