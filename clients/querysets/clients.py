"""Reads of clients and of the rows that belong to one client."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from crm.accounts.scope import scope_of

if TYPE_CHECKING:
    from crm.accounts.models import User


def scope_condition(user: User, prefix: str = "") -> Q | None:
    """Condition on the client under `prefix`; None = everything, a false Q = nothing."""
    scope = scope_of(user)
    if scope.everything:
        return None
    condition = Q(pk__in=[])
    if scope.unit_ids:
        condition |= Q(**{f"{prefix}org_unit__in": sorted(scope.unit_ids)})
    if scope.manager_ids:
        condition |= Q(**{f"{prefix}manager__in": sorted(scope.manager_ids)})
    return condition


class ClientQuerySet(models.QuerySet[Any]):
    """Reads of clients."""

    def visible_to(self, user: User) -> ClientQuerySet:
        """Own clients; the subtree for heads; all for directors and the functional roles."""
        condition = scope_condition(user)
        return self if condition is None else self.filter(condition)

    def open(self) -> ClientQuerySet:
        """Not archived."""
        return self.filter(archived_at=None)


class PartOfClientQuerySet(models.QuerySet[Any]):
    """Rows with a `client`: seen by those who see the client."""

    def visible_to(self, user: User) -> PartOfClientQuerySet:
        """Rows of visible clients."""
        condition = scope_condition(user, "client__")
        return self if condition is None else self.filter(condition)

    def open(self) -> PartOfClientQuerySet:
        """Not archived."""
        return self.filter(archived_at=None)


class ContactPersonQuerySet(PartOfClientQuerySet):
    """Reads of people at clients."""


class ClientAssignmentQuerySet(PartOfClientQuerySet):
    """Reads of who answers for whom."""

    def on(self, day: date) -> ClientAssignmentQuerySet:
        """Assignments in force on the day."""
        return self.filter(valid_from__lte=day).filter(
            Q(valid_to=None) | Q(valid_to__gt=day)
        )


class PartOfCounterpartyQuerySet(models.QuerySet[Any]):
    """Rows with a `counterparty`: seen by those who see its client."""

    def visible_to(self, user: User) -> PartOfCounterpartyQuerySet:
        """Rows of visible clients."""
        condition = scope_condition(user, "counterparty__client__")
        return self if condition is None else self.filter(condition)
