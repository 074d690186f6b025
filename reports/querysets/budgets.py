"""Reads of cost budgets, their lines and items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Q

from crm.accounts.models.roles import Role
from crm.accounts.scope import scope_of
from reports.querysets.revisions import RevisionQuerySet

if TYPE_CHECKING:
    from crm.accounts.models import User

# The whole company's costs are seen by the directors and the accounting.
OVERSEERS = frozenset({Role.DIRECTOR, Role.GENERAL_DIRECTOR, Role.ACCOUNTANT})


def sees_all_costs(user: User) -> bool:
    """By the own role, or standing in for a director."""
    scope = scope_of(user)
    own = user.role in OVERSEERS
    return user.is_active and scope.everything and (own or bool(scope.substituted_ids))


class BudgetItemQuerySet(models.QuerySet[Any]):
    """Reads of items."""

    def in_use(self) -> Self:
        """Offered in forms."""
        return self.filter(archived_at=None)


class BudgetQuerySet(RevisionQuerySet):
    """Reads of budgets."""

    PERIOD = "year"
    IN_WORK = ("draft", "on_approval", "returned")
    IN_FORCE = ("approved",)

    def visible_to(self, user: User) -> Self:
        """Of headed departments, and those with lines of a headed sector; all for overseers."""
        if sees_all_costs(user):
            return self.all()
        units = sorted(scope_of(user).unit_ids)
        if not user.is_active or not units:
            return self.none()
        lines = apps.get_model("reports", "BudgetLine").objects.filter(org_unit__in=units)
        return self.filter(Q(org_unit__in=units) | Q(pk__in=lines.values("budget")))


class BudgetLineQuerySet(models.QuerySet[Any]):
    """Reads of lines."""

    def visible_to(self, user: User) -> Self:
        """Of headed units; all for overseers."""
        if sees_all_costs(user):
            return self.all()
        units = sorted(scope_of(user).unit_ids)
        return self.filter(org_unit__in=units) if user.is_active and units else self.none()

    def in_force(self, year: int) -> Self:
        """Of the budgets of the year that hold."""
        return self.filter(budget__state="approved", budget__year=year)
