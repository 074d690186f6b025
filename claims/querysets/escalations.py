"""Reads of escalations."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from crm.accounts.querysets import names_of, own_columns
from crm.accounts.scope import scope_of
from deals.querysets import OfClientQuerySet

if TYPE_CHECKING:
    from crm.accounts.models import User

OPEN = ("open", "in_work")


class EscalationQuerySet(OfClientQuerySet):
    """Reads of escalations."""

    def open(self) -> Self:
        """To be settled."""
        return self.filter(state__in=OPEN)

    def late(self, today: date) -> Self:
        """Not settled, and the day has gone by."""
        return self.open().filter(due_on__lt=today)

    def awaiting(self, user: User) -> Self:
        """Open ones that this person settles, or that are settled for an absent one."""
        mine = self.open().filter(to_user=user)
        others = scope_of(user).substituted_ids
        return mine | self.open().filter(to_user__in=others, personally=False) if others else mine

    def handed_up_by(self, user: User) -> Self:
        """What this person could not settle."""
        return self.filter(from_user=user)

    def for_list(self) -> Self:
        """With what a register shows."""
        people = ("from_user", "to_user")
        rows = self.select_related("client", "claim", "contract", *people)
        return rows.only(
            *own_columns(self.model),
            "client__name",
            "client__category",
            "claim__number",
            "contract__number",
            *names_of(*people),
        )
