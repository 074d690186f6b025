"""The client is locked first, then what belongs to it; who may not edit it is refused here."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from clients import permissions
from clients.models import Client
from crm.accounts.models import User
from crm.accounts.scope import acting_for
from crm.errors import RuleViolation


def lock_client(client_id: int, *, by: User) -> Client:
    """The client under a lock, if the person sees and may edit it.

    Raises Client.DoesNotExist and PermissionDenied.
    """
    rows = Client.objects.visible_to(by).select_for_update(of=("self",))
    client: Client = rows.select_related("org_unit", "manager", "parent").get(pk=client_id)
    if not permissions.can_edit_client(by, client):
        raise PermissionDenied
    return client


def lock_for_edit(client_id: int, *, by: User) -> Client:
    """`lock_client` of a client that is not in the archive."""
    client = lock_client(client_id, by=by)
    if client.archived_at is not None:
        raise RuleViolation(_("The client is in the archive: bring it back first."))
    return client


def absent_owner(client: Client, by: User) -> User | None:
    """The absent person for whom the substitute works."""
    return acting_for(by, manager_id=client.manager_id, unit_id=client.org_unit_id)
