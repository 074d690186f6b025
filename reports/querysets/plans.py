"""Reads of monthly plans."""

from __future__ import annotations

from datetime import date
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Q

from crm.accounts.querysets import names_of, own_columns
from crm.accounts.scope import scope_of
from crm.sql import Statement
from reports.querysets.revisions import RevisionQuerySet

if TYPE_CHECKING:
    from crm.accounts.models import User

IN_FORCE = ("approved", "locked")
IN_WORK = ("draft", "submitted", "on_approval", "returned")
EDITABLE = ("draft", "submitted", "returned")
METRICS = ("ship", "cash", "active", "contacts")
WITH_A_GAP = reduce(or_, (Q(**{f"{name}__isnull": True}) for name in METRICS))


class OfManagerQuerySet(models.QuerySet[Any]):
    """Rows of one manager in one unit: seen by the manager, the heads and those who see all."""

    def visible_to(self, user: User) -> Self:
        """Own ones, those of headed units, those of the people substituted (C.9)."""
        condition = seen_parts(user)
        if condition is None:
            return self.none()
        return self.filter(condition)

    def of_managers(self, managers: Any) -> Self:
        """Of these people."""
        return self.filter(manager__in=managers)


class MonthlyPlanQuerySet(RevisionQuerySet):
    """Reads of plans."""

    PERIOD = "month"
    IN_WORK = IN_WORK
    IN_FORCE = IN_FORCE

    def visible_to(self, user: User) -> Self:
        """Plans of headed departments, and those with a part that the person sees."""
        condition = seen_parts(user)
        if condition is None:
            return self.none()
        if not condition:
            return self
        parts = apps.get_model("reports", "PlanPart").objects.filter(condition)
        units = sorted(scope_of(user).unit_ids)
        return self.filter(Q(org_unit__in=units) | Q(pk__in=parts.values("plan")))

    def of_month(self, month: date) -> Self:
        """Plans of the month."""
        return self.filter(month=month.replace(day=1))

    def to_lock(self, today: date) -> Self:
        """Approved, and their month has begun."""
        return self.filter(state="approved", month__lte=today)


class PlanPartQuerySet(OfManagerQuerySet):
    """Reads of what each manager hands in."""

    def to_hand_in(self) -> Self:
        """The manager has not filled them, or has to do them again."""
        rows = self.filter(state__in=["open", "returned"], plan__state__in=EDITABLE)
        return rows.select_related("plan__org_unit").order_by("plan__submit_by", "pk")

    def for_list(self) -> Self:
        """With the names that a page shows."""
        rows = self.select_related("org_unit", "manager", "submitted_by")
        return rows.only(
            *own_columns(self.model),
            "org_unit__name",
            "org_unit__path",
            "org_unit__sort_key",
            "manager__sort_key",
            *names_of("manager", "submitted_by"),
        )


class PlanLineQuerySet(OfManagerQuerySet):
    """Reads of lines."""

    def in_force(self, *months: date) -> Self:
        """Lines of the plans that hold for the months: one revision of each department."""
        first = [month.replace(day=1) for month in months]
        return self.filter(plan__month__in=first, plan__state__in=IN_FORCE)

    def complete(self) -> Self:
        """All four metrics are set; nought is set (PLAN-4)."""
        return self.filter(**{f"{name}__isnull": False for name in METRICS})

    def with_gaps(self) -> Self:
        """Something is not set."""
        return self.filter(WITH_A_GAP)

    def for_grid(self) -> Self:
        """With the names that the grid shows, in its order."""
        rows = self.select_related("client", "manager")
        return rows.only(
            *own_columns(self.model),
            "client__name",
            "client__code",
            "client__category",
            "client__sort_key",
            *names_of("manager"),
        ).order_by("client__sort_key", "client")


class PlanExplanationQuerySet(OfManagerQuerySet):
    """Reads of explanations."""


def seen_parts(user: User) -> Q | None:
    """The condition over rows with `manager` and `org_unit`; empty for all, None for nothing."""
    found = _seen(user)
    if found is None:
        return None
    if found is EVERYTHING:
        return Q()
    managers, units = found
    return Q(manager__in=managers) | Q(org_unit__in=units)


def seen_sql(user: User) -> Statement:
    """The same over SQL rows `s` with `manager_id` and `org_unit_id`."""
    found = _seen(user)
    if found is None:
        return Statement("FALSE")
    if found is EVERYTHING:
        return Statement("TRUE")
    return Statement("(s.manager_id = ANY(%s) OR s.org_unit_id = ANY(%s))", found)


EVERYTHING: tuple[list[int], list[int]] = ([], [])


def _seen(user: User) -> tuple[list[int], list[int]] | None:
    """Managers and units whose rows are seen; None: nothing."""
    scope = scope_of(user)
    if scope.limited_fields or not user.is_active:
        return None
    if scope.everything:
        return EVERYTHING
    if not scope.unit_ids and not scope.manager_ids:
        return None
    return sorted(scope.manager_ids), sorted(scope.unit_ids)
