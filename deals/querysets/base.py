"""Rows of money: seen by those who see the client and its figures (C.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from clients.querysets import scope_condition, scope_of_many
from crm.accounts.scope import scope_of

if TYPE_CHECKING:
    from crm.accounts.models import User


class OfClientQuerySet(models.QuerySet[Any]):
    """Rows with a `client`."""

    client_path = "client__"

    def visible_to(self, user: User) -> Self:
        """Rows of visible clients; marketing and logistics see no money (C.9).

        Rows without a client are seen by those who see all clients.
        """
        if scope_of(user).limited_fields:
            return self.none()
        condition = scope_condition(user, self.client_path)
        return self if condition is None else self.filter(condition)

    def in_sums_of(self, user: User) -> Self:
        """The rows of `visible_to`, asked for in the way that suits counts and sums of many."""
        if scope_of(user).limited_fields:
            return self.none()
        clients = self.model._meta.get_field("client").related_model._default_manager.all()
        condition = scope_of_many(user, clients)
        return self if condition is None else self.filter(condition)

    def open(self) -> Self:
        """Not archived."""
        return self.filter(archived_at=None)

    def unassigned(self) -> Self:
        """Rows whose client is not known yet."""
        return self.filter(client=None)

    def on(self, day: Any) -> Self:
        """Rows in force on the day, where they have a half-open period."""
        return self.filter(valid_from__lte=day).filter(Q(valid_to=None) | Q(valid_to__gt=day))
