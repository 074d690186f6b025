"""Rights on shipments and invoices (C.5 nos. 13 and 14)."""

from crm.accounts.models import Role, User
from crm.accounts.scope import OWNERS, SEES_ALL, scope_of

BOOKKEEPERS = frozenset({Role.ACCOUNTANT})


def can_see_money(user: User) -> bool:
    """Marketing, logistics and people without a scope see no amounts (C.9)."""
    if user.role in OWNERS | SEES_ALL:  # by office, whomever else the person stands in for
        return user.is_active
    scope = scope_of(user)
    return (
        user.is_active
        and scope.own is not None
        and not scope.limited_fields
        and (scope.everything or bool(scope.unit_ids) or bool(scope.manager_ids))
    )


def can_enter_documents(user: User) -> bool:
    """The accounting enters and posts documents where there is no 1C (C.5 no. 13)."""
    return user.is_active and user.role in BOOKKEEPERS


def can_reverse_documents(user: User) -> bool:
    """The accounting alone takes a posted document back (C.5 no. 13)."""
    return user.is_active and user.role in BOOKKEEPERS


def can_see_catalogue(user: User) -> bool:
    """Goods are no secret among those who work with clients."""
    return user.is_active and scope_of(user).own is not None


def can_edit_catalogue(user: User) -> bool:
    """The accounting and the administrator keep the catalogue where 1C does not."""
    return user.is_active and user.role in {Role.ACCOUNTANT, Role.ADMIN}


def can_see_unassigned(user: User) -> bool:
    """Documents without a client are seen by those who see all clients' money."""
    return can_see_money(user) and scope_of(user).everything
