"""Reads of the client base; every one that a person causes starts with `visible_to`."""

from clients.querysets.clients import (
    ClientAssignmentQuerySet,
    ClientQuerySet,
    ClientTransferQuerySet,
    ContactPersonQuerySet,
    LegalQuerySet,
    PartOfClientQuerySet,
    PartOfCounterpartyQuerySet,
    scope_condition,
)
from clients.querysets.contacts import ContactLogQuerySet, ContactPlanLineQuerySet
from clients.querysets.schemes import ApproachSchemeQuerySet

__all__ = [
    "ApproachSchemeQuerySet",
    "ClientAssignmentQuerySet",
    "ClientQuerySet",
    "ClientTransferQuerySet",
    "ContactLogQuerySet",
    "ContactPersonQuerySet",
    "ContactPlanLineQuerySet",
    "LegalQuerySet",
    "PartOfClientQuerySet",
    "PartOfCounterpartyQuerySet",
    "scope_condition",
]
