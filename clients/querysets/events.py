"""Reads of events and of the invitations to them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count, Q

from clients.querysets.clients import WholeCardQuerySet, scope_condition
from crm.accounts.models.roles import Role
from crm.accounts.scope import scope_of

if TYPE_CHECKING:
    from crm.accounts.models import User


class EventQuerySet(models.QuerySet[Any]):
    """Reads of events."""

    def visible_to(self, user: User) -> Self:
        """Known to those who see clients whole, and to marketing; who was invited is not."""
        scope = scope_of(user)
        whole = not scope.is_empty and not scope.limited_fields
        return self.all() if whole or _is_marketer(user) else self.none()

    def coming(self, today: date) -> Self:
        """Not called off, and the last day has not gone by."""
        return self.filter(cancelled_on=None, ends_on__gte=today)

    def held(self, today: date) -> Self:
        """Not called off, and over."""
        return self.filter(cancelled_on=None, ends_on__lt=today)

    def for_list(self, user: User) -> Self:
        """With how many were invited, said yes and came, over the clients that the person sees.

        Marketing reads the numbers of the whole company: a number names nobody.
        """
        seen = scope_condition(user, "invitations__client__") or Q()
        mine = Q(invitations__isnull=False) & seen
        return self.select_related("author").annotate(
            invited=Count("invitations", filter=mine),
            confirmed=Count(
                "invitations", filter=mine & Q(invitations__confirmed_on__isnull=False)
            ),
            attended=Count("invitations", filter=mine & Q(invitations__state="attended")),
        )


class EventInvitationQuerySet(WholeCardQuerySet):
    """Reads of invitations."""

    def for_list(self) -> Self:
        """With the people of the client and of ours."""
        return self.select_related("client__manager", "person", "event", "invited_by")

    def attended(self) -> Self:
        """Of those who came."""
        return self.filter(state="attended")


def _is_marketer(user: User) -> bool:
    return user.is_active and user.role == Role.MARKETER
