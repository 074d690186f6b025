"""Reads of correspondence."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from clients.querysets.clients import scope_condition
from crm.accounts.scope import scope_of

if TYPE_CHECKING:
    from crm.accounts.models import User

OPEN_LETTER = ("registered", "assigned", "in_work")
# Heads and the director look through what came from unknown senders; managers see what they were
# given or have registered themselves.
FILES_LETTERS = ("sector_head", "department_head", "director")


class CorrespondenceQuerySet(models.QuerySet[Any]):
    """Reads of letters."""

    def visible_to(self, user: User) -> Self:
        """Letters of visible clients and one's own unfiled ones; closed to the limited roles."""
        scope = scope_of(user)
        if not user.is_active or scope.limited_fields:
            return self.none()
        condition = scope_condition(user, "client__")
        if condition is None:
            return self
        unfiled = Q(client=None)
        if user.role not in FILES_LETTERS:
            unfiled &= Q(executor__in={user.pk, *scope.substituted_ids}) | Q(registered_by=user)
        return self.filter(condition | unfiled)

    def incoming(self) -> Self:
        """Those that came."""
        return self.filter(direction="in")

    def open(self) -> Self:
        """To be answered."""
        return self.filter(state__in=OPEN_LETTER)

    def overdue(self, today: date) -> Self:
        """To be answered, and the last day has gone by."""
        return self.open().filter(reply_due__lt=today)

    def unassigned(self) -> Self:
        """To be answered, and nobody was told to."""
        return self.open().filter(executor=None)

    def unfiled(self) -> Self:
        """Open ones whose client is not known."""
        return self.open().filter(client=None)

    def of_executor(self, user: User) -> Self:
        """One's own, with those of the people one substitutes."""
        return self.filter(executor__in={user.pk, *scope_of(user).substituted_ids})

    def of_large_clients(self) -> Self:
        """The director's queue: what clients of category A write (L567)."""
        return self.incoming().filter(client__category="A")

    def for_list(self) -> Self:
        """With what a register shows, without the texts."""
        people = ("executor", "client__manager")
        return self.select_related("client", "person", *people).defer("text", "remarks")

    def for_page(self) -> Self:
        """With the names that a page shows."""
        return self.select_related(
            "client__manager", "client__org_unit", "person", "executor", "registered_by", "reply"
        )

    def in_thread(self, thread: Any) -> Self:
        """The exchange of letters, in the order of time."""
        return self.filter(thread=thread).order_by("on_day", "pk")
