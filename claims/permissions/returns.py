"""Rights on returns (C.9): sales ask, heads approve, the delivery receives, the accounting credits.

Heads decide in the engine of approvals, which knows whose request it is.
"""

from claims.models import Return, ReturnState
from clients.models import Client
from crm.accounts.models import Role, User
from deals.models import Shipment, ShipmentKind, ShipmentState
from deals.permissions import can_enter_documents, can_order_for, can_see_money

ENDED = frozenset({ReturnState.CREDITED, ReturnState.CLOSED})


def can_see_returns(user: User) -> bool:
    """Returns show sums: who sees money sees them."""
    return can_see_money(user)


def can_see_receiving(user: User) -> bool:
    """The delivery alone: its pages show goods and no sums."""
    return user.is_active and user.role == Role.LOGISTICS


def can_ask_return(user: User, client: Client) -> bool:
    """Ask in the name of this client: its manager, who stands in, and the heads above."""
    return can_order_for(user, client)


def can_return_from(user: User, sale: Shipment) -> bool:
    """Ask for a return of this document: a posted sale that nothing has taken back."""
    posted = sale.state == ShipmentState.POSTED and sale.reverses_id is None
    sold = posted and sale.kind == ShipmentKind.SALE and sale.client_id is not None
    return sold and sale.client is not None and can_ask_return(user, sale.client)


def can_withdraw_return(user: User, back: Return) -> bool:
    """The author before the decision, the client's people until the goods have come."""
    if back.state == ReturnState.REQUESTED:
        return back.created_by_id == user.pk and user.is_active
    return back.state == ReturnState.APPROVED and can_ask_return(user, back.client)


def can_receive_return(user: User, back: Return) -> bool:
    """Note that the goods came."""
    return back.state == ReturnState.APPROVED and can_see_receiving(user)


def can_accept_return(user: User, back: Return) -> bool:
    """Say how many were taken, line by line."""
    return back.state == ReturnState.GOODS_RECEIVED and can_see_receiving(user)


def can_credit_return(user: User, back: Return) -> bool:
    """Make or bind the document of the books: of accepted goods, or anew where it was reversed."""
    accepted = back.state == ReturnState.ACCEPTED and back.amount > 0
    return can_enter_documents(user) and (accepted or lost_credit(back))


def credits_returns(user: User, back: Return) -> bool:
    """The accounting, whatever has become of the return."""
    return can_enter_documents(user)


def works_on_return(user: User, back: Return) -> bool:
    """The accounting and the client's people, whatever has become of it."""
    return can_enter_documents(user) or can_ask_return(user, back.client)


def can_close_return(user: User, back: Return) -> bool:
    """Nothing is left to be done: credited, or nothing of it was taken."""
    nothing = back.state == ReturnState.ACCEPTED and not back.amount
    done = nothing or (back.state == ReturnState.CREDITED and not lost_credit(back))
    return done and works_on_return(user, back)


def can_name_reason(user: User, back: Return) -> bool:
    """Tell why goods came back of which the books say nothing."""
    return back.reason_id is None and works_on_return(user, back)


def lost_credit(back: Return) -> bool:
    """The document of its credit was reversed, so that the goods are to be credited anew."""
    gone = back.document is not None and back.document.state == ShipmentState.REVERSED
    return gone and back.state in ENDED and back.created_by_id is not None
