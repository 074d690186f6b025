"""Rights on categories (C.9: propose, decide, submit, endorse, approve)."""

from __future__ import annotations

from datetime import date

from clients.models import (
    CATEGORY_CHANGE_MOVES,
    CategoryChangeRequest,
    CategoryChangeState,
    Client,
)
from clients.permissions.clients import sees_all_fields
from crm.accounts.models import SALES, OrgUnit, Role, User
from crm.approvals.routes import nearest
from crm.approvals.signers import signing_of

PROPOSERS = frozenset({Role.MANAGER, Role.SECTOR_HEAD})
ASKERS = SALES
CORRECTABLE = frozenset({CategoryChangeState.DRAFT, CategoryChangeState.RETURNED})


def can_see_category(user: User) -> bool:
    """Whoever sees the whole card sees how the category came about, potential included (C.9)."""
    return sees_all_fields(user)


def can_propose_category(user: User, client: Client) -> bool:
    """Manager and sector head propose the category of a new client they see."""
    is_open = client.category is None and client.archived_at is None
    return user.is_active and user.role in PROPOSERS and is_open


def can_request_category_change(user: User, client: Client) -> bool:
    """Manager, sector head and department head ask for the clients they see; not the director."""
    is_open = client.category is not None and client.archived_at is None
    return user.is_active and user.role in ASKERS and is_open


def can_correct_category_change(user: User, request: CategoryChangeRequest) -> bool:
    """The author corrects a draft or a returned request."""
    return user.is_active and request.author_id == user.pk and request.state in CORRECTABLE


def can_withdraw_category_change(user: User, request: CategoryChangeRequest) -> bool:
    """The author, until the head has endorsed (C.5.2)."""
    allowed = CategoryChangeState.WITHDRAWN in CATEGORY_CHANGE_MOVES[request.state]
    return user.is_active and request.author_id == user.pk and allowed


def assigning_head(user: User, client: Client, *, today: date) -> User | None:
    """In whose name the person decides the category of this new client (L228).

    The head of the client's department, or who stands in for the head today; None for others.
    """
    return head_of_unit(user, client.org_unit, today=today)


def head_of_unit(user: User, org_unit: OrgUnit | None, *, today: date) -> User | None:
    """In whose name the person decides for the department of the unit; None for others."""
    unit = nearest("department", org_unit)
    if unit is None or not user.is_active:
        return None
    people = signing_of(user, today).people
    return next((person for person in people if person.pk == unit.head_id), None)


def can_assign_category(user: User, client: Client, *, today: date) -> bool:
    """The head of the client's department decides the category of a new client."""
    is_open = client.category is None and client.archived_at is None
    return is_open and assigning_head(user, client, today=today) is not None
