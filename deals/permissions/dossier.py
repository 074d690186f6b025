"""Rights on the papers of clients (DL-17)."""

from clients.models import Client
from crm.accounts.models import HEADS, SALES, Role, User
from crm.accounts.scope import scope_of
from deals.models import ClientDocument
from deals.permissions.documents import can_see_money

COLLECTORS = SALES
CHECKERS = frozenset({Role.LAWYER, Role.ACCOUNTANT})


def can_see_dossier(user: User) -> bool:
    """Papers name people and accounts: limited roles see none."""
    return can_see_money(user)


def can_keep_dossier(user: User, client: Client) -> bool:
    """Managers, heads, lawyers and accountants collect papers of clients they see."""
    return user.is_active and client.archived_at is None and user.role in COLLECTORS | CHECKERS


def can_add_paper(user: User, document: ClientDocument) -> bool:
    """Scans of one document."""
    return document.archived_at is None and can_keep_dossier(user, document.client)


def can_check_document(user: User, document: ClientDocument) -> bool:
    """Lawyer, accountant or a head of the client; not the one who entered it (four eyes)."""
    if not user.is_active or document.archived_at or document.checked_on:
        return False
    if user.pk == document.created_by_id:
        return False
    head = user.role in HEADS and document.client.org_unit_id in scope_of(user).unit_ids
    return head or user.role in CHECKERS
