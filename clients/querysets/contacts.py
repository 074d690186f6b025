"""Reads of contacts and of the contact plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from clients.querysets.clients import PartOfClientQuerySet, scope_condition
from crm.accounts.scope import scope_of

if TYPE_CHECKING:
    from crm.accounts.models import User


class ContactLogQuerySet(models.QuerySet[Any]):
    """Reads of contacts."""

    def visible_to(self, user: User) -> ContactLogQuerySet:
        """Contacts of visible clients; unassigned ones by the person who made them."""
        condition = scope_condition(user, "client__")
        if condition is None:
            return self
        scope = scope_of(user)
        unassigned = Q(client=None) & (
            Q(manager__in=sorted(scope.manager_ids))
            | Q(manager__org_unit__in=sorted(scope.unit_ids))
        )
        return self.filter(condition | unassigned)

    def done(self) -> ContactLogQuerySet:
        """Contacts that took place."""
        return self.filter(state="done")

    def planned(self) -> ContactLogQuerySet:
        """Contacts still ahead or not yet marked."""
        return self.filter(state="planned")


class ContactPlanLineQuerySet(PartOfClientQuerySet):
    """Reads of the contact plan."""
