"""Rights on notices of new prices (DL-13, S3.3.1.7)."""

from clients.models import Client
from clients.permissions import can_create_client, can_edit_client
from crm.accounts.models import User
from deals.permissions.documents import can_see_money


def can_see_price_notices(user: User) -> bool:
    """Whoever sees clients' money sees whether they were told."""
    return can_see_money(user)


def can_tell_clients(user: User) -> bool:
    """Managers and heads have clients to tell."""
    return can_see_money(user) and can_create_client(user)


def can_tell_prices(user: User, client: Client) -> bool:
    """The manager of the client, whoever stands in, and the heads of the unit note it."""
    return can_tell_clients(user) and can_edit_client(user, client)
