"""Tables of claims, returns and escalations, one module per noun."""

from claims.models.claims import (
    CLAIM_MOVES,
    DECIDED_CLAIM,
    OPEN_CLAIM,
    OUR_PARTIES,
    Claim,
    ClaimChannel,
    ClaimDecision,
    ClaimKind,
    ClaimLine,
    ClaimReason,
    ClaimState,
    Compensation,
    GuiltyParty,
)
from claims.models.returns import (
    NOT_RETURNED,
    OPEN_RETURN,
    RETURN_MOVES,
    Return,
    ReturnLine,
    ReturnState,
)

__all__ = [
    "CLAIM_MOVES",
    "DECIDED_CLAIM",
    "NOT_RETURNED",
    "OPEN_CLAIM",
    "OPEN_RETURN",
    "OUR_PARTIES",
    "RETURN_MOVES",
    "Claim",
    "ClaimChannel",
    "ClaimDecision",
    "ClaimKind",
    "ClaimLine",
    "ClaimReason",
    "ClaimState",
    "Compensation",
    "GuiltyParty",
    "Return",
    "ReturnLine",
    "ReturnState",
]
