"""Reads of requests about personal data and of acts of destruction."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models

from clients.querysets.clients import scope_condition

if TYPE_CHECKING:
    from crm.accounts.models import User

OF_ALL = ("admin", "lawyer", "director", "general_director")
HEAD = "department_head"


class _OfPersonQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """The lawyer, the administrator and the directors all; heads those of their clients."""
        if not user.is_active:
            return self.none()
        if user.role in OF_ALL:
            return self
        if user.role != HEAD:
            return self.none()
        condition = scope_condition(user, "person__client__")
        return self if condition is None else self.filter(condition)

    def for_list(self) -> Self:
        """With the person and whose client it is."""
        return self.select_related("person__client")


class SubjectRequestQuerySet(_OfPersonQuerySet):
    """Reads of requests."""

    def open(self) -> Self:
        """To be answered."""
        return self.filter(state="open")

    def overdue(self, today: date) -> Self:
        """The last day of the answer has gone by."""
        return self.open().filter(due_on__lt=today)


class DestructionActQuerySet(_OfPersonQuerySet):
    """Reads of acts."""

    def open(self) -> Self:
        """Neither carried out nor declined."""
        return self.filter(state__in=["proposed", "approved"])
