"""Reads of people, units and substitutions."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from crm.accounts.models import User


class OrgUnitQuerySet(models.QuerySet[Any]):
    """Reads of the tree."""

    def open(self) -> OrgUnitQuerySet:
        """Units not archived."""
        return self.filter(archived_at=None)

    def subtree_of(self, unit_ids: set[int]) -> OrgUnitQuerySet:
        """The units and everything below them."""
        condition = Q(pk__in=unit_ids)
        for unit_id in unit_ids:
            condition |= Q(path__contains=f"/{unit_id}/")
        return self.filter(condition)

    def visible_to(self, user: User) -> OrgUnitQuerySet:
        """The tree is known to everybody who works here."""
        return self.all() if user.is_active else self.none()


class UserQuerySet(models.QuerySet[Any]):
    """Reads of people."""

    def working(self) -> UserQuerySet:
        """People who may sign in."""
        return self.filter(is_active=True)

    def visible_to(self, user: User) -> UserQuerySet:
        """Colleagues are known to everybody who works here."""
        return self.all() if user.is_active else self.none()


class UserManager(DjangoUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """People; creation goes through crm.accounts.actions."""


class DelegationQuerySet(models.QuerySet[Any]):
    """Reads of substitutions."""

    def on(self, day: date) -> DelegationQuerySet:
        """Substitutions in force on the day, both ends inclusive, revoked ones left out."""
        return self.filter(valid_from__lte=day, valid_to__gte=day).exclude(
            state="revoked"
        )
