"""Rights on clients and on what belongs to them (C.9)."""

from crm.accounts.models import Role, User
from crm.accounts.scope import scope_of

EDITORS = frozenset({Role.MANAGER, Role.SECTOR_HEAD, Role.DEPARTMENT_HEAD})
DISTRIBUTORS = frozenset({Role.SECTOR_HEAD, Role.DEPARTMENT_HEAD, Role.DIRECTOR})


def can_create_client(user: User) -> bool:
    """Managers and heads add clients (C.9: create client)."""
    return user.is_active and user.role in EDITORS


def can_edit_client(user: User) -> bool:
    """Managers and heads edit the clients they see, with people, outlets and needs (C.9)."""
    return user.is_active and user.role in EDITORS


def can_distribute(user: User) -> bool:
    """Heads hand clients over inside their subtree, the director everywhere (C.9)."""
    return user.is_active and user.role in DISTRIBUTORS


def sees_all_fields(user: User) -> bool:
    """Marketing and logistics see names, places and categories only (C.9, limited fields)."""
    return user.is_active and not scope_of(user).limited_fields
