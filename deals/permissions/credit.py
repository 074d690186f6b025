"""Rights on credit limits, stops of shipping and the ladder of follow-up (C.9, C.5 16 and 17)."""

from clients.models import Client
from crm.accounts.models import HEADS, SALES, Role, User
from crm.accounts.scope import scope_of
from deals.models import (
    LIMIT_REQUEST_MOVES,
    LimitRequest,
    LimitRequestState,
    StopShipping,
)
from deals.permissions.documents import can_see_money

DIRECTORS = frozenset({Role.DIRECTOR})
LIMIT_ASKERS = SALES
STOPPERS = HEADS


def _heads(user: User, client: Client) -> bool:
    """The client stands in a unit of the head, or of the head whom the person substitutes."""
    return client.org_unit_id in scope_of(user).unit_ids


def can_ask_limit(user: User, client: Client) -> bool:
    """Managers and heads ask for clients they see; nobody sets a limit alone (C.5 no. 16)."""
    return user.is_active and client.archived_at is None and user.role in LIMIT_ASKERS


def can_correct_limit_request(user: User, request: LimitRequest) -> bool:
    """The author corrects a draft or a returned request."""
    correctable = {LimitRequestState.DRAFT, LimitRequestState.RETURNED}
    return user.is_active and request.author_id == user.pk and request.state in correctable


def can_withdraw_limit_request(user: User, request: LimitRequest) -> bool:
    """The author, until somebody has signed."""
    allowed = LimitRequestState.WITHDRAWN in LIMIT_REQUEST_MOVES[request.state]
    return user.is_active and request.author_id == user.pk and allowed


def can_close_limit(user: User, client: Client) -> bool:
    """Those who decide about limits end one: the department head and the director."""
    if not user.is_active or client.archived_at is not None:
        return False
    return user.role in DIRECTORS or (user.role == Role.DEPARTMENT_HEAD and _heads(user, client))


def can_stop_shipping(user: User, client: Client) -> bool:
    """Heads stop shipping to clients of their units, the director to any."""
    if not user.is_active or client.archived_at is not None:
        return False
    return user.role in DIRECTORS or (user.role in STOPPERS and _heads(user, client))


def can_release_stop(user: User, client: Client) -> bool:
    """The department head for a few working days, the director for any time (C.9)."""
    if not user.is_active:
        return False
    return user.role in DIRECTORS or (user.role == Role.DEPARTMENT_HEAD and _heads(user, client))


def releases_without_limit(user: User) -> bool:
    """The director alone (C.9: release stop-shipping)."""
    return user.is_active and user.role in DIRECTORS


def can_lift_stop(user: User, stop: StopShipping) -> bool:
    """Who may release; what the director has stopped, the director alone lets go."""
    by_director = stop.set_by is not None and stop.set_by.role in DIRECTORS
    return can_release_stop(user, stop.client) and (not by_director or releases_without_limit(user))


def can_edit_ladder(user: User) -> bool:
    """The ladder is policy: the director and the administrator."""
    return user.is_active and user.role in DIRECTORS | {Role.ADMIN}


def can_see_ladder(user: User) -> bool:
    """Who follows up debts or sees them, and who edits the ladder."""
    return can_edit_ladder(user) or can_see_money(user)
