"""Reads of the client base; every one that a person causes starts with `visible_to`."""

from clients.querysets.clients import (
    ClientAssignmentQuerySet,
    ClientQuerySet,
    ContactPersonQuerySet,
    PartOfClientQuerySet,
    PartOfCounterpartyQuerySet,
    scope_condition,
)
from clients.querysets.contacts import ContactLogQuerySet, ContactPlanLineQuerySet

__all__ = [
    "ClientAssignmentQuerySet",
    "ClientQuerySet",
    "ContactLogQuerySet",
    "ContactPersonQuerySet",
    "ContactPlanLineQuerySet",
    "PartOfClientQuerySet",
    "PartOfCounterpartyQuerySet",
    "scope_condition",
]
