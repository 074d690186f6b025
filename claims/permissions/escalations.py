"""Rights on escalations (C.5 no. 21): the client's people hand up, the level's person settles."""

from claims.models import Escalation, EscalationLevel
from clients.models import Client
from clients.permissions import can_edit_client
from crm.accounts.models import User
from crm.accounts.scope import scope_of
from deals.permissions import can_see_money


def can_see_escalations(user: User) -> bool:
    """Those who see the money of clients see what went wrong with them."""
    return can_see_money(user)


def can_escalate(user: User, client: Client) -> bool:
    """The client's manager, and the heads of its unit."""
    return client.archived_at is None and can_edit_client(user, client)


def can_settle_escalation(user: User, row: Escalation) -> bool:
    """The person of the level; a substitute only where it need not be done in person (L218)."""
    if not user.is_active or not row.is_open:
        return False
    stands_in = not row.personally and row.to_user_id in scope_of(user).substituted_ids
    return row.to_user_id == user.pk or stands_in


def can_hand_higher(user: User, row: Escalation) -> bool:
    """Admit that this level came to nothing; nobody is above the director."""
    return row.level != EscalationLevel.DIRECTOR and can_settle_escalation(user, row)
