"""Reads of meetings."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count, Q

from crm.accounts.querysets import names_of, own_columns
from crm.accounts.scope import scope_of

if TYPE_CHECKING:
    from crm.accounts.models import User

DIRECTORS = ("director", "general_director")


class MeetingQuerySet(models.QuerySet[Any]):
    """Reads of meetings."""

    def visible_to(self, user: User) -> Self:
        """Chair, whoever called it, participants, heads above the unit, directors."""
        if not user.is_active or user.pk is None:
            return self.none()
        if user.role in DIRECTORS:
            return self
        from crm.meetings.models import Participant

        taking_part = Participant.objects.filter(person=user).values("meeting")
        seen = Q(chair=user) | Q(called_by=user) | Q(pk__in=taking_part)
        scope = scope_of(user)
        units = sorted(scope.unit_ids) if scope.own is not None else []
        return self.filter(seen | Q(unit__in=units)) if units else self.filter(seen)

    def planned(self) -> Self:
        """Neither signed nor cancelled."""
        return self.filter(state="planned")

    def coming(self, now: datetime) -> Self:
        """Planned, and their time has not come."""
        return self.planned().filter(held_at__gte=now)

    def to_sign(self, now: datetime) -> Self:
        """Held, and the minutes are not signed."""
        return self.planned().filter(held_at__lt=now)

    def of_person(self, user: User) -> Self:
        """Those in which the person takes part or takes the chair."""
        from crm.meetings.models import Participant

        taking_part = Participant.objects.filter(person=user).values("meeting")
        return self.filter(Q(chair=user) | Q(pk__in=taking_part))

    def for_list(self) -> Self:
        """With what a register shows."""
        found = self.select_related("unit", "chair").only(
            *own_columns(self.model), "unit__name", *names_of("chair")
        )
        return found.annotate(decided=Count("decisions"))


class PartQuerySet(models.QuerySet[Any]):
    """Reads of participants, points and decisions."""

    def visible_to(self, user: User) -> Self:
        """Whoever sees the meeting."""
        from crm.meetings.models import Meeting

        return self.filter(meeting__in=Meeting.objects.visible_to(user).values("pk"))
