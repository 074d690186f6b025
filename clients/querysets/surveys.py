"""Reads of surveys, their invitations and answers, and of consents."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count, Q

from clients.querysets.clients import WholeCardQuerySet, scope_condition
from crm.accounts.scope import scope_of

if TYPE_CHECKING:
    from crm.accounts.models import User


class ConsentQuerySet(models.QuerySet[Any]):
    """Reads of consents: personal data."""

    def visible_to(self, user: User) -> Self:
        """Of people at visible clients."""
        if scope_of(user).limited_fields:
            return self.none()
        condition = scope_condition(user, "person__client__")
        return self if condition is None else self.filter(condition)

    def in_force(self) -> Self:
        """Given and not withdrawn."""
        return self.filter(withdrawn_at=None)


class SurveyQuerySet(models.QuerySet[Any]):
    """Reads of surveys."""

    def visible_to(self, user: User) -> Self:
        """Known to those who see clients whole; what was answered only of visible clients."""
        scope = scope_of(user)
        sees = scope.everything or scope.unit_ids or scope.manager_ids
        return self.all() if sees and not scope.limited_fields else self.none()

    def over(self, today: Any) -> Self:
        """Running, and the last day has gone by."""
        return self.filter(state="running", ends_on__lt=today)

    def for_list(self) -> Self:
        """With how many were asked and have answered."""
        return self.select_related("author", "manager").annotate(
            asked=Count("invitations", distinct=True),
            answered=Count("invitations__response", distinct=True),
        )


class SurveyInvitationQuerySet(WholeCardQuerySet):
    """Reads of invitations."""

    def usable(self, now: datetime) -> Self:
        """Those that show something: the survey runs, and the last moment has not come."""
        return self.filter(revoked_at=None, expires_at__gt=now, survey__state="running")

    def of_link(self, digest: str) -> Self:
        """By the link of the letter, or of its reminder."""
        return self.filter(Q(digest=digest) | Q(reminder_digest=digest))

    def to_remind(self, now: datetime, since: datetime) -> Self:
        """Sent before `since`, not answered, not reminded; the person still agrees."""
        from clients.models import PersonalDataConsent  # it knows this module

        agreed = PersonalDataConsent.objects.in_force().values("person")
        rows = self.usable(now).filter(created_at__lte=since, reminded_at=None, response=None)
        return rows.filter(person__in=agreed, person__archived_at=None)


class SurveyResponseQuerySet(WholeCardQuerySet):
    """Reads of answers."""

    def low(self) -> Self:
        """Dissatisfied ones that nobody has dealt with."""
        return self.filter(is_low=True, handled_at=None)

    def for_list(self) -> Self:
        """With the people and the marks."""
        people = ("invitation__manager", "handled_by")
        rows = self.select_related("client", "invitation__person", *people)
        return rows.prefetch_related("answers")
