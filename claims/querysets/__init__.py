"""Reads of claims; every one that a person causes starts with `visible_to`."""

from claims.querysets.claims import ClaimLineQuerySet, ClaimQuerySet, ClaimReasonQuerySet
from claims.querysets.escalations import EscalationQuerySet
from claims.querysets.measures import MeasureQuerySet
from claims.querysets.returns import ReturnLineQuerySet, ReturnQuerySet

__all__ = [
    "ClaimLineQuerySet",
    "ClaimQuerySet",
    "ClaimReasonQuerySet",
    "EscalationQuerySet",
    "MeasureQuerySet",
    "ReturnLineQuerySet",
    "ReturnQuerySet",
]
