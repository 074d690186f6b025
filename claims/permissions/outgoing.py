"""Rights on claims against clients (C.9): managers ask, the head initiates, the lawyer sends."""

from claims.models import (
    OUTGOING_MOVES,
    Lawsuit,
    LawsuitState,
    OutgoingClaim,
    OutgoingState,
)
from clients.models import Client
from clients.permissions import can_edit_client
from crm.accounts.models import SALES, Role, User
from crm.accounts.scope import scope_of
from deals.permissions import can_see_money, can_stop_shipping

ASKERS = SALES


def can_see_outgoing(user: User) -> bool:
    """Claims name debts: who sees money sees them."""
    return can_see_money(user)


def can_draft_any(user: User) -> bool:
    """Whether the person draws up claims at all."""
    return user.is_active and user.role in ASKERS


def can_draft_outgoing(user: User, client: Client) -> bool:
    """The client's people of the subtree; also of a client in the archive, who still owes."""
    return can_draft_any(user) and can_edit_client(user, client)


def can_edit_outgoing(user: User, claim: OutgoingClaim) -> bool:
    """Count anew or correct a draft; what is with the lawyer the lawyer counts anew."""
    if claim.state == OutgoingState.LEGAL_REVIEW:
        return is_lawyer(user)
    return claim.state == OutgoingState.DRAFT and can_draft_outgoing(user, claim.client)


def can_request_outgoing(user: User, claim: OutgoingClaim) -> bool:
    """Ask the head to hand a draft to the lawyer."""
    drafted = claim.state == OutgoingState.DRAFT
    return drafted and can_draft_outgoing(user, claim.client) and not _heads(user, claim.client)


def can_initiate_outgoing(user: User, claim: OutgoingClaim) -> bool:
    """The department head hands a draft to the lawyer; requests go through decisions."""
    return claim.state == OutgoingState.DRAFT and _heads(user, claim.client)


def can_cancel_outgoing(user: User, claim: OutgoingClaim) -> bool:
    """Give up what was not sent: its people a draft, the head and the lawyer after it."""
    if claim.state == OutgoingState.DRAFT:
        return can_draft_outgoing(user, claim.client)
    return claim.state == OutgoingState.LEGAL_REVIEW and (
        is_lawyer(user) or _heads(user, claim.client)
    )


def is_lawyer(user: User) -> bool:
    """Claims are sent and lawsuits filed by the lawyer alone (C.9)."""
    return user.is_active and user.role == Role.LAWYER


def can_send_outgoing(user: User, claim: OutgoingClaim) -> bool:
    """Send it, or give it back with words."""
    return claim.state == OutgoingState.LEGAL_REVIEW and is_lawyer(user)


def can_answer_outgoing(user: User, claim: OutgoingClaim) -> bool:
    """Note the client's answer: the lawyer, or whoever talks to the client."""
    allowed = OutgoingState.ANSWERED in OUTGOING_MOVES[claim.state]
    return allowed and (is_lawyer(user) or can_draft_outgoing(user, claim.client))


def can_note_accrual(user: User, claim: OutgoingClaim) -> bool:
    """Penalty and interest that came: the lawyer and the accounting."""
    books = user.is_active and user.role == Role.ACCOUNTANT
    sent = claim.sent_on is not None and claim.state != OutgoingState.CLOSED
    return sent and (books or is_lawyer(user))


def can_end_outgoing(user: User, claim: OutgoingClaim) -> bool:
    """Note it as satisfied, or close it unsatisfied: the lawyer."""
    return OutgoingState.SATISFIED in OUTGOING_MOVES[claim.state] and is_lawyer(user)


def can_stop_for(user: User, claim: OutgoingClaim) -> bool:
    """Stop shipping because of an open claim: who may stop shipping at all."""
    return claim.is_open and claim.stop_id is None and can_stop_shipping(user, claim.client)


def can_prepare_lawsuit(user: User, claim: OutgoingClaim) -> bool:
    """The lawyer, after the claim was sent; the term is asked by the action."""
    return OutgoingState.IN_COURT in OUTGOING_MOVES[claim.state] and is_lawyer(user)


def can_move_lawsuit(user: User, lawsuit: Lawsuit) -> bool:
    """Note the next stage."""
    return lawsuit.state != LawsuitState.CLOSED and is_lawyer(user)


def can_pack_lawsuit(user: User) -> bool:
    """Ask for the package and take it: the lawyer."""
    return is_lawyer(user)


def can_add_file(user: User, claim: OutgoingClaim) -> bool:
    """The lawyer, and the client's people."""
    return is_lawyer(user) or can_draft_outgoing(user, claim.client)


def _heads(user: User, client: Client) -> bool:
    """The department head of the client's unit."""
    heads = client.org_unit_id in scope_of(user).unit_ids
    return user.is_active and user.role == Role.DEPARTMENT_HEAD and heads
