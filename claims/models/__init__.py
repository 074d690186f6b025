"""Tables of claims, returns and escalations, one module per noun."""

from claims.models.key_rates import KeyRate
from claims.models.lawsuits import (
    DECIDED,
    LAWSUIT_MOVES,
    Lawsuit,
    LawsuitPackage,
    LawsuitStage,
    LawsuitState,
    LimitationWatch,
    PackageState,
)
from claims.models.outgoing import (
    ENDED,
    OUTGOING_MOVES,
    UNSENT,
    WAITING,
    WITH_LAWYER,
    AccrualKind,
    AnswerKind,
    OutgoingClaim,
    OutgoingLine,
    OutgoingState,
    SentBy,
)

__all__ = [
    "DECIDED",
    "ENDED",
    "LAWSUIT_MOVES",
    "OUTGOING_MOVES",
    "UNSENT",
    "WAITING",
    "WITH_LAWYER",
    "AccrualKind",
    "AnswerKind",
    "KeyRate",
    "Lawsuit",
    "LawsuitPackage",
    "LawsuitStage",
    "LawsuitState",
    "LimitationWatch",
    "OutgoingClaim",
    "OutgoingLine",
    "OutgoingState",
    "PackageState",
    "SentBy",
]
