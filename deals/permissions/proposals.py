"""Rights on proposals (C.5 no. 9): managers and heads write and send them to their clients."""

from clients.models import Client
from crm.accounts.models import HEADS, User
from deals.models import Proposal, ProposalState
from deals.permissions.documents import can_see_money
from deals.permissions.orders import can_enter_orders, can_order_for

RENEWED = frozenset({ProposalState.SENT, ProposalState.DECLINED, ProposalState.EXPIRED})


def can_see_proposals(user: User) -> bool:
    """Proposals show sums: who sees money sees them (C.9)."""
    return can_see_money(user)


def can_write_proposals(user: User) -> bool:
    """Whoever takes orders offers goods."""
    return can_enter_orders(user)


def can_propose_to(user: User, client: Client) -> bool:
    """Write to this client, and go on with what was written."""
    return can_order_for(user, client)


def can_edit_proposal(user: User, proposal: Proposal) -> bool:
    """A draft only: what others decide about, or what the client has, stands still."""
    return proposal.state == ProposalState.DRAFT and can_propose_to(user, proposal.client)


def can_discard_proposal(user: User, proposal: Proposal) -> bool:
    """A draft is thrown away by its author, or by a head of the client."""
    own = proposal.author_id == user.pk
    return can_edit_proposal(user, proposal) and (own or user.role in HEADS)


def can_reopen_proposal(user: User, proposal: Proposal) -> bool:
    """Approved, but something is to be changed."""
    return proposal.state == ProposalState.APPROVED and can_propose_to(user, proposal.client)


def can_send_proposal(user: User, proposal: Proposal) -> bool:
    """A draft without a deviation above one's own limit, or an approved one."""
    ready = proposal.state in {ProposalState.DRAFT, ProposalState.APPROVED}
    return ready and can_propose_to(user, proposal.client)


def can_answer_proposal(user: User, proposal: Proposal) -> bool:
    """Note what the client said."""
    return proposal.state == ProposalState.SENT and can_propose_to(user, proposal.client)


def can_renew_proposal(user: User, proposal: Proposal) -> bool:
    """Write the next version of what the client had."""
    renewed = proposal.state in RENEWED and not proposal.is_imported
    return renewed and can_propose_to(user, proposal.client)


def can_order_proposal(user: User, proposal: Proposal) -> bool:
    """Make an order of what was accepted."""
    accepted = proposal.state == ProposalState.ACCEPTED and not proposal.is_imported
    return accepted and can_propose_to(user, proposal.client)


def can_keep_offers(user: User, proposal: Proposal) -> bool:
    """Files of a proposal are kept by those who write to its client."""
    return can_propose_to(user, proposal.client)
