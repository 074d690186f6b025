"""Rights on claims of clients (C.9): its people take them, sums say who decides."""

from decimal import Decimal

from claims.models import (
    CLAIM_MOVES,
    OUR_PARTIES,
    Claim,
    ClaimDecision,
    ClaimState,
    Compensation,
)
from clients.models import Client
from clients.permissions import can_edit_client
from crm.accounts.models import HEADS, Role, User
from crm.accounts.scope import scope_of
from crm.work.registry import setting
from deals.permissions import can_enter_orders, can_see_money

LIMITS = {Role.MANAGER: "claim.manager_limit", Role.SECTOR_HEAD: "claim.sector_head_limit"}


def can_see_claims(user: User) -> bool:
    """Who sees money sees claims; the purchasing department those for goods."""
    purchasing = user.is_active and user.role == Role.PURCHASING
    return purchasing or can_see_money(user)


def sees_clients_of_claims(user: User) -> bool:
    """Purchasing reads what was wrong with which goods, and not whose client it is."""
    return user.role != Role.PURCHASING


def can_register_claims(user: User) -> bool:
    """Whether the person registers claims at all."""
    return can_enter_orders(user) or (user.is_active and user.role == Role.DIRECTOR)


def can_register_claim(user: User, client: Client) -> bool:
    """Managers and heads for their clients, the director for all (S4.2.10)."""
    return client.archived_at is None and _works_with(user, client)


def can_edit_claim(user: User, claim: Claim) -> bool:
    """What the claim says, until it is decided."""
    return claim.is_open and _works_with(user, claim.client)


def can_examine_claim(user: User, claim: Claim) -> bool:
    """Write down what was found out: the client's people and whoever looks into it."""
    looks = user.is_active and claim.assigned_to_id == user.pk
    return claim.is_open and (looks or _works_with(user, claim.client))


def can_assign_claim(user: User, claim: Claim) -> bool:
    """The heads say who looks into it, and anew (C.5 no. 19)."""
    return claim.is_open and _heads(user, claim.client)


def decision_limit(user: User) -> Decimal | None:
    """Up to which claimed amount the role decides, roubles with VAT; None: without limit."""
    name = LIMITS.get(Role(user.role))
    return None if name is None else setting(name)


def is_within_limit(user: User, amount: Decimal) -> bool:
    """Whether the role decides claims of this amount."""
    limit = decision_limit(user)
    return limit is None or amount <= limit


def can_decide_claim(user: User, claim: Claim) -> bool:
    """Manager and sector head up to their amounts, department head and director above (C.9).

    What was handed up is decided by heads, and nobody decides about the own fault but the director.
    """
    if not claim.is_open:
        return False
    if user.is_active and user.role == Role.DIRECTOR:
        return True
    up = claim.state == ClaimState.ESCALATED and user.role == Role.MANAGER
    if up or claim.guilty_person_id == user.pk or not _works_with(user, claim.client):
        return False
    return is_within_limit(user, claim.amount_to_decide)


def can_give_beyond(user: User) -> bool:
    """More than was claimed: the director alone."""
    return user.is_active and user.role == Role.DIRECTOR


def can_compensate_claim(user: User, claim: Claim) -> bool:
    """Note that the client has got it: the client's people and the accounting."""
    due = claim.decision != ClaimDecision.REJECTED and claim.compensation != Compensation.NOTHING
    books = user.is_active and user.role == Role.ACCOUNTANT
    decided = claim.state == ClaimState.DECIDED
    return decided and due and (books or _works_with(user, claim.client))


def can_answer_claim(user: User, claim: Claim) -> bool:
    """Write to the client what was decided."""
    decided = claim.state in {ClaimState.DECIDED, ClaimState.COMPENSATED}
    return decided and _works_with(user, claim.client)


def can_close_claim(user: User, claim: Claim) -> bool:
    """Everything is done: answered, and compensated where there is something to."""
    may_go = ClaimState.CLOSED in CLAIM_MOVES[claim.state]
    return may_go and _works_with(user, claim.client)


def can_reopen_claim(user: User, claim: Claim) -> bool:
    """The client objects to what was decided."""
    decided = claim.decided_on is not None
    return decided and _works_with(user, claim.client)


def can_withdraw_claim(user: User, claim: Claim) -> bool:
    """The client takes it back before anything was decided."""
    return can_edit_claim(user, claim)


def can_add_papers(user: User, claim: Claim) -> bool:
    """Photos, acts, letters, in every state."""
    looks = user.is_active and claim.assigned_to_id == user.pk
    return looks or _works_with(user, claim.client)


def may_be_guilty(party: str) -> bool:
    """A person is named only where one of ours is guilty."""
    return party in OUR_PARTIES


def _works_with(user: User, client: Client) -> bool:
    if user.is_active and user.role == Role.DIRECTOR:
        return True
    return can_enter_orders(user) and can_edit_client(user, client)


def _heads(user: User, client: Client) -> bool:
    if not user.is_active:
        return False
    heads = user.role in HEADS and client.org_unit_id in scope_of(user).unit_ids
    return heads or user.role == Role.DIRECTOR
