"""Rights on competitors (S1.14, L43, L641): sales, directors, marketing, purchasing read."""

from __future__ import annotations

from clients.models import Client, Competitor, CompetitorNote
from clients.permissions.clients import can_edit_client
from clients.querysets.competitors import READERS
from crm.accounts.models import HEADS, SALES, Role, User

EDITORS = SALES | {Role.MARKETER}


def can_see_competitors(user: User) -> bool:
    """Sales, directors, marketing and purchasing; notes of a client by the scope."""
    return user.is_active and user.role in READERS


def can_edit_competitors(user: User) -> bool:
    """Managers, heads and marketing write them down."""
    return user.is_active and user.role in EDITORS


def can_edit_competitor(user: User, competitor: Competitor) -> bool:
    """One that is not in the archive."""
    return competitor.archived_at is None and can_edit_competitors(user)


def can_restore_competitor(user: User, competitor: Competitor) -> bool:
    """One that is in the archive."""
    return competitor.archived_at is not None and can_edit_competitors(user)


def can_note_of_client(user: User, client: Client) -> bool:
    """Whoever keeps the card of the client writes down who else courts it."""
    open_client = client.archived_at is None
    return open_client and can_edit_competitors(user) and can_edit_client(user, client)


def can_edit_note(user: User, note: CompetitorNote) -> bool:
    """The author, and the heads, who see the note."""
    if not can_edit_competitor(user, note.competitor):
        return False
    return note.author_id == user.pk or user.role in HEADS
