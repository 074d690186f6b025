"""Files of a client: who sees and who adds them (CR-11)."""

from clients import permissions
from clients.actions.locks import absent_owner
from clients.models import Client
from crm.accounts.models import User
from crm.files.models import AttachmentKind
from crm.files.registry import register_owner


def register_files() -> None:
    """Scans hold personal data and money: not for the limited roles."""
    register_owner(
        "client",
        Client,
        kind=AttachmentKind.REGISTRATION,
        may_see=permissions.sees_all_fields,
        may_add=may_add,
        acting_for=absent_owner,
    )


def may_add(user: User, client: Client) -> bool:
    """Who may edit the client, as long as it is not in the archive."""
    return client.archived_at is None and permissions.can_edit_client(user, client)
