"""Rights on events (S1.10, L414): heads and marketing hold them, managers and heads invite."""

from __future__ import annotations

from clients.models import Event
from clients.permissions.clients import sees_clients_whole
from crm.accounts.models import HEADS, SALES, Role, User
from crm.accounts.scope import scope_of

MAKERS = HEADS | {Role.MARKETER}


def can_see_events(user: User) -> bool:
    """Whoever sees clients whole, and marketing; who was invited is a matter of the scope."""
    return sees_clients_whole(user) or (user.is_active and user.role == Role.MARKETER)


def can_make_events(user: User) -> bool:
    """Heads and marketing."""
    return user.is_active and user.role in MAKERS


def can_change_event(user: User, event: Event) -> bool:
    """The author, marketing, and the heads above the author; not one that was called off."""
    return event.cancelled_on is None and runs_event(user, event)


def runs_event(user: User, event: Event) -> bool:
    """Whose event it is, whatever became of it."""
    if not can_make_events(user):
        return False
    mine = event.author_id == user.pk or user.role == Role.MARKETER
    return mine or event.author.org_unit_id in scope_of(user).unit_ids


def can_invite(user: User, event: Event) -> bool:
    """Managers and heads: people of the clients that they see."""
    return event.cancelled_on is None and marks_events(user)


def marks_events(user: User) -> bool:
    """Who writes down what invited people answered and who came: managers and heads."""
    return user.is_active and user.role in SALES


def sees_event_money(user: User) -> bool:
    """Shipments of the clients that came are no figure for the limited roles."""
    return sees_clients_whole(user)
