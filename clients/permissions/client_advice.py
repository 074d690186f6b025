"""Rights on recommendations to clients (S1.10, L35, L633)."""

from __future__ import annotations

from clients.models import Client, ClientRecommendation
from clients.permissions.clients import can_edit_client, sees_clients_whole
from crm.accounts.models import User


def can_see_recommendations(user: User) -> bool:
    """Whoever sees clients whole; of which ones is a matter of the scope."""
    return sees_clients_whole(user)


def can_recommend(user: User, client: Client) -> bool:
    """Whoever keeps the card of the client, which is not in the archive."""
    return client.archived_at is None and can_edit_client(user, client)


def can_move_recommendation(user: User, advice: ClientRecommendation) -> bool:
    """The same people note what the client said to it and what came of it."""
    return advice.is_open and can_recommend(user, advice.client)


def can_edit_recommendation(user: User, advice: ClientRecommendation) -> bool:
    """Its words, until the client has answered."""
    return advice.state == "given" and can_recommend(user, advice.client)
