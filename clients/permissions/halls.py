"""Rights on the trading hall (C.9: proposed by manager and sector head, decided by the head)."""

from __future__ import annotations

from datetime import date

from clients.models import Client, ClientCategory, ClientStatus
from clients.permissions.categories import PROPOSERS, assigning_head
from clients.permissions.clients import sees_clients_whole
from crm.accounts.models import User


def can_see_hall_candidates(user: User) -> bool:
    """Whoever sees clients whole; which ones is a matter of the scope."""
    return sees_clients_whole(user)


def can_propose_hall(user: User, client: Client) -> bool:
    """Manager and sector head propose clients of category C that they see."""
    return user.is_active and user.role in PROPOSERS and may_go(client)


def can_decide_hall(user: User, client: Client, *, today: date) -> bool:
    """The head of the client's department, or who stands in for the head today (L240)."""
    return assigning_head(user, client, today=today) is not None


def may_go(client: Client) -> bool:
    """Whether the client can go to the hall at all: a client of category C, not put away."""
    is_client = client.status == ClientStatus.CLIENT and client.archived_at is None
    return is_client and client.category == ClientCategory.C
