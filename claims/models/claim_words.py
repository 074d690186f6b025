"""Kinds, states and decisions of claims of clients, and the moves between the states."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ClaimKind(models.TextChoices):
    GOODS = "goods", pgettext_lazy("claim", "Goods")
    SERVICE = "service", pgettext_lazy("claim", "Service")


class ClaimState(models.TextChoices):
    """C.5 no. 19; `withdrawn` is the client's own word before anything was decided."""

    REGISTERED = "registered", pgettext_lazy("claim", "Registered")
    IN_REVIEW = "in_review", pgettext_lazy("claim", "In review")
    ESCALATED = "escalated", pgettext_lazy("claim", "Handed up")
    DECIDED = "decided", pgettext_lazy("claim", "Decided")
    COMPENSATED = "compensated", pgettext_lazy("claim", "Compensated")
    CLOSED = "closed", pgettext_lazy("claim", "Closed")
    WITHDRAWN = "withdrawn", pgettext_lazy("claim", "Withdrawn")


# Back to review: the client objects to what was decided.
CLAIM_MOVES: dict[str, set[str]] = {
    ClaimState.REGISTERED: {
        ClaimState.IN_REVIEW,
        ClaimState.DECIDED,
        ClaimState.ESCALATED,
        ClaimState.WITHDRAWN,
    },
    ClaimState.IN_REVIEW: {ClaimState.DECIDED, ClaimState.ESCALATED, ClaimState.WITHDRAWN},
    ClaimState.ESCALATED: {ClaimState.IN_REVIEW, ClaimState.DECIDED, ClaimState.WITHDRAWN},
    ClaimState.DECIDED: {ClaimState.COMPENSATED, ClaimState.CLOSED, ClaimState.IN_REVIEW},
    ClaimState.COMPENSATED: {ClaimState.CLOSED, ClaimState.IN_REVIEW},
    ClaimState.CLOSED: {ClaimState.IN_REVIEW},
    ClaimState.WITHDRAWN: set(),
}
OPEN_CLAIM = (ClaimState.REGISTERED, ClaimState.IN_REVIEW, ClaimState.ESCALATED)
UNSETTLED_CLAIM = (ClaimState.DECIDED, ClaimState.COMPENSATED)
DECIDED_CLAIM = (ClaimState.DECIDED, ClaimState.COMPENSATED, ClaimState.CLOSED)


class ClaimChannel(models.TextChoices):
    """How it reached us."""

    PHONE = "phone", pgettext_lazy("channel", "By phone")
    EMAIL = "email", pgettext_lazy("channel", "By e-mail")
    LETTER = "letter", pgettext_lazy("channel", "By letter")
    VISIT = "visit", pgettext_lazy("channel", "At a visit")
    EDI = "edi", pgettext_lazy("channel", "By EDI")
    FILE = "file", pgettext_lazy("channel", "From a file")


class GuiltyParty(models.TextChoices):
    """C.8; not known until somebody has looked into it."""

    SUPPLIER = "supplier", _("Supplier or producer")
    WAREHOUSE = "warehouse", pgettext_lazy("guilty", "Warehouse")
    CARRIER = "carrier", pgettext_lazy("guilty", "Carrier")
    LOGISTICS = "logistics", pgettext_lazy("guilty", "Delivery service")
    MANAGER = "manager", pgettext_lazy("guilty", "Manager")
    OFFICE = "office", pgettext_lazy("guilty", "Accounting or office")
    CLIENT = "client", pgettext_lazy("guilty", "Client")
    NOBODY = "none", pgettext_lazy("guilty", "Nobody")


OUR_PARTIES = frozenset(
    {GuiltyParty.WAREHOUSE, GuiltyParty.LOGISTICS, GuiltyParty.MANAGER, GuiltyParty.OFFICE}
)


class ClaimDecision(models.TextChoices):
    SATISFIED = "satisfied", pgettext_lazy("claim", "Satisfied")
    PARTIAL = "partial", pgettext_lazy("claim", "Satisfied in part")
    REJECTED = "rejected", pgettext_lazy("claim", "Rejected")


class Compensation(models.TextChoices):
    """What the client gets for a satisfied claim."""

    MONEY = "money", pgettext_lazy("compensation", "Money")
    CREDIT = "credit", pgettext_lazy("compensation", "Debt lowered")
    GOODS = "goods", pgettext_lazy("compensation", "Goods sent after")
    REPLACEMENT = "replacement", pgettext_lazy("compensation", "Replacement")
    DISCOUNT = "discount", pgettext_lazy("compensation", "Discount")
    NOTHING = "none", pgettext_lazy("compensation", "Nothing but an answer")
