"""What the page of an escalation shows, and its part of other pages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from claims import permissions
from claims.models import Escalation
from clients.models import Client
from crm.accounts.models import User
from deals.querysets import OfClientQuerySet

NAMES = ("from_user", "to_user")
MOST_SHOWN = 20


@dataclass(frozen=True)
class EscalationPage:
    """One escalation with the levels below and above it, for one person."""

    row: Escalation
    user: User

    @cached_property
    def ladder(self) -> list[Escalation]:
        """Every level of the matter from the first one up: at most one query for each."""
        first = self.row
        while first.parent_id is not None:
            first = Escalation.objects.select_related(*NAMES).get(pk=first.parent_id)
        levels, found = [first], first
        while found is not None:
            above = Escalation.objects.select_related(*NAMES).filter(parent=found).first()
            levels += [above] if above is not None else []
            found = above  # type: ignore[assignment]
        return levels

    @property
    def may_settle(self) -> bool:
        return permissions.can_settle_escalation(self.user, self.row)

    @property
    def may_take_up(self) -> bool:
        return self.row.state == "open" and self.may_settle

    @property
    def may_hand_higher(self) -> bool:
        return permissions.can_hand_higher(self.user, self.row)


@dataclass(frozen=True)
class EscalationsOf:
    """Escalations of a client, a claim or a contract, the open ones first."""

    client: Client
    user: User
    escalate_url: str
    may_escalate: bool
    filters: dict[str, Any]

    @cached_property
    def rows(self) -> list[Escalation]:
        """The latest of them."""
        found: OfClientQuerySet = Escalation.objects.visible_to(self.user).filter(**self.filters)
        latest = found.select_related(*NAMES).order_by("-opened_on", "-pk")[:MOST_SHOWN]
        return sorted(latest, key=lambda row: not row.is_open)

    @property
    def may_open(self) -> bool:
        """Whether the person may hand it up, and nothing is on its way."""
        own = [row for row in self.rows if row.is_open and row.kind in {"claim", "contract"}]
        return self.may_escalate and not own
