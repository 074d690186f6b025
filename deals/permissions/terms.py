"""Rights on requests for discounts and deferrals (C.5 no. 11, C.9)."""

from clients.models import Client
from crm.accounts.models import Role, User
from deals.models import TERMS_MOVES, TermsRequest, TermsState

ASKERS = frozenset({Role.MANAGER, Role.SECTOR_HEAD, Role.DEPARTMENT_HEAD, Role.DIRECTOR})


def can_ask_terms(user: User, client: Client) -> bool:
    """Managers and heads ask for clients they see; the limits say who decides."""
    return user.is_active and client.archived_at is None and user.role in ASKERS


def can_correct_terms(user: User, request: TermsRequest) -> bool:
    """The author corrects a draft or a returned request."""
    correctable = {TermsState.DRAFT, TermsState.RETURNED}
    return user.is_active and request.author_id == user.pk and request.state in correctable


def can_withdraw_terms(user: User, request: TermsRequest) -> bool:
    """The author, until it is decided."""
    allowed = TermsState.WITHDRAWN in TERMS_MOVES[request.state]
    return user.is_active and request.author_id == user.pk and allowed
