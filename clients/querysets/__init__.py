"""Reads of the client base; every one that a person causes starts with `visible_to`."""

from clients.querysets.clients import (
    ClientAssignmentQuerySet,
    ClientQuerySet,
    ClientTransferQuerySet,
    ContactPersonQuerySet,
    PartOfClientQuerySet,
    PartOfCounterpartyQuerySet,
    WholeCardQuerySet,
    ids_of_as_seen_by,
    scope_condition,
    scope_of_many,
    units_alone,
)
from clients.querysets.contacts import ContactLogQuerySet, ContactPlanLineQuerySet
from clients.querysets.letters import FILES_LETTERS, CorrespondenceQuerySet
from clients.querysets.registration import (
    CampaignQuerySet,
    SheetQuerySet,
    SheetSums,
)
from clients.querysets.schemes import ApproachSchemeQuerySet, SchemeRunQuerySet

__all__ = [
    "FILES_LETTERS",
    "ApproachSchemeQuerySet",
    "CampaignQuerySet",
    "ClientAssignmentQuerySet",
    "ClientQuerySet",
    "ClientTransferQuerySet",
    "ContactLogQuerySet",
    "ContactPersonQuerySet",
    "ContactPlanLineQuerySet",
    "CorrespondenceQuerySet",
    "PartOfClientQuerySet",
    "PartOfCounterpartyQuerySet",
    "SchemeRunQuerySet",
    "SheetQuerySet",
    "SheetSums",
    "WholeCardQuerySet",
    "ids_of_as_seen_by",
    "scope_condition",
    "scope_of_many",
    "units_alone",
]
