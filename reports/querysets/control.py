"""Reads of control points, checks and violations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count, Q

from crm.accounts.scope import scope_of

if TYPE_CHECKING:
    from crm.accounts.models import User

DIRECTORS = ("director", "general_director")
HIDDEN = ("planned", "called_off")


class ControlPointQuerySet(models.QuerySet[Any]):
    """Reads of control points."""

    def visible_to(self, user: User) -> Self:
        """Questions and norms are known to everybody who works here."""
        return self.all() if user.is_active else self.none()

    def in_use(self) -> Self:
        """Those that are still asked."""
        return self.filter(is_active=True)


class SpotCheckQuerySet(models.QuerySet[Any]):
    """Reads of checks."""

    def visible_to(self, user: User) -> Self:
        """The checker, heads over the checked, directors; the checked once it has begun.

        Whoever stands in for the checked does not see it before either.
        """
        if not user.is_active or user.pk is None:
            return self.none()
        scope = scope_of(user)
        if user.role in DIRECTORS:
            seen = Q()
        else:
            units = sorted(scope.unit_ids) if scope.own is not None else []
            seen = Q(checker=user) | Q(checked=user) | Q(checked__org_unit__in=units)
        own = [user.pk, *scope.substituted_ids]
        hidden = Q(state__in=HIDDEN, checked__in=own) & ~Q(checker=user)
        return self.filter(seen).exclude(hidden)

    def shown(self) -> Self:
        """Begun: the checked knows of it."""
        return self.exclude(state__in=HIDDEN)

    def for_list(self) -> Self:
        """With what a register shows."""
        rows = self.select_related("point__process", "checked", "checker").defer("frame")
        return rows.annotate(
            rows_count=Count("items"),
            violations=Count("items", filter=Q(items__result="violation")),
        )


class CheckItemQuerySet(models.QuerySet[Any]):
    """Reads of rows of a sample."""

    def visible_to(self, user: User) -> Self:
        """Whoever sees the check."""
        from reports.models import SpotCheck

        return self.filter(spot_check__in=SpotCheck.objects.visible_to(user).values("pk"))


class ViolationQuerySet(models.QuerySet[Any]):
    """Reads of violations."""

    def visible_to(self, user: User) -> Self:
        """One's own, and those of checks that the person sees."""
        from reports.models import SpotCheck

        if not user.is_active or user.pk is None:
            return self.none()
        checks = SpotCheck.objects.visible_to(user).values("pk")
        return self.filter(Q(person=user) | Q(item__spot_check__in=checks))

    def for_list(self) -> Self:
        """With what a register shows."""
        return self.select_related(
            "item__spot_check__point__process", "person", "found_by", "work"
        ).defer("item__spot_check__frame")
