"""Rights on clients and on what belongs to them (C.9)."""

from clients.models import Client
from crm.accounts.models import HEADS, SALES, Role, User
from crm.accounts.scope import scope_of
from crm.work.registry import setting

EDITORS = SALES
DISTRIBUTORS = HEADS | {Role.DIRECTOR}


def can_create_client(user: User) -> bool:
    """Managers and heads add clients (C.9: create client)."""
    return user.is_active and user.role in EDITORS


def can_edit_client(user: User, client: Client) -> bool:
    """Own or substituted clients, and the heads' subtree; the director only reads (C.9).

    The same right covers people, outlets, needs and requisites of the client.
    """
    scope = scope_of(user)
    if not user.is_active or scope.limited_fields:
        return False
    return client.manager_id in scope.manager_ids or client.org_unit_id in scope.unit_ids


def can_distribute(user: User) -> bool:
    """Heads hand clients over inside their subtree, the director everywhere (C.9)."""
    return user.is_active and user.role in DISTRIBUTORS


def can_transfer(user: User, client: Client) -> bool:
    """Whether this very client may be handed over by the person."""
    if not can_distribute(user):
        return False
    return user.role == Role.DIRECTOR or client.org_unit_id in scope_of(user).unit_ids


def sees_all_fields(user: User) -> bool:
    """Marketing and logistics see names, places and categories only (C.9, limited fields).

    Closed to them are phone, e-mail, potential, requisites, needs, people and contacts.
    """
    return user.is_active and not scope_of(user).limited_fields


def sees_clients_whole(user: User) -> bool:
    """Whoever sees all fields of some clients; of which ones is a matter of the scope."""
    scope = scope_of(user)
    return sees_all_fields(user) and bool(scope.everything or scope.unit_ids or scope.manager_ids)


def can_check_scope_of_others(user: User) -> bool:
    """The administrator may see what another person sees, to answer questions about rights."""
    return user.is_active and user.role == Role.ADMIN


def can_export_people(user: User) -> bool:
    """Registers with personal data leave the product with the roles of a setting (C.9)."""
    return sees_all_fields(user) and user.role in setting("clients.export_people_roles")
