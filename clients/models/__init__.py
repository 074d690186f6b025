"""Tables of the client base, one module per noun."""

from clients.models.assignments import (
    ClientAssignment,
    ClientAssignmentRole,
    ClientTransfer,
    ClientTransferReason,
)
from clients.models.categories import (
    CATEGORY_CHANGE_MOVES,
    CATEGORY_PROPOSAL_MOVES,
    CategoryAssignment,
    CategoryAssignmentKind,
    CategoryChangeRequest,
    CategoryChangeState,
    CategoryProposal,
    CategoryProposalState,
    ClientCategory,
)
from clients.models.clients import Client, ClientKind, ClientSnooze, ClientStatus
from clients.models.contacts import (
    CONTACT_MOVES,
    ContactDirection,
    ContactKind,
    ContactLog,
    ContactPlanLine,
    ContactResult,
    ContactState,
    ContactTopic,
)
from clients.models.letters import (
    LETTER_MOVES,
    OF_OUTGOING,
    OPEN_LETTER,
    Correspondence,
    LetterChannel,
    LetterDirection,
    LetterKind,
    LetterState,
    MailOutcome,
    ReceivedMail,
)
from clients.models.people import ClientNeed, ContactPerson, Outlet
from clients.models.requisites import Bank, BankAccount, Counterparty
from clients.models.schemes import ApproachScheme, ApproachStep, SchemeRun
from clients.models.search_text import ClientSearch

__all__ = [
    "CATEGORY_CHANGE_MOVES",
    "CATEGORY_PROPOSAL_MOVES",
    "CONTACT_MOVES",
    "LETTER_MOVES",
    "OF_OUTGOING",
    "OPEN_LETTER",
    "ApproachScheme",
    "ApproachStep",
    "Bank",
    "BankAccount",
    "CategoryAssignment",
    "CategoryAssignmentKind",
    "CategoryChangeRequest",
    "CategoryChangeState",
    "CategoryProposal",
    "CategoryProposalState",
    "Client",
    "ClientAssignment",
    "ClientAssignmentRole",
    "ClientCategory",
    "ClientKind",
    "ClientNeed",
    "ClientSearch",
    "ClientSnooze",
    "ClientStatus",
    "ClientTransfer",
    "ClientTransferReason",
    "ContactDirection",
    "ContactKind",
    "ContactLog",
    "ContactPerson",
    "ContactPlanLine",
    "ContactResult",
    "ContactState",
    "ContactTopic",
    "Correspondence",
    "Counterparty",
    "LetterChannel",
    "LetterDirection",
    "LetterKind",
    "LetterState",
    "MailOutcome",
    "Outlet",
    "ReceivedMail",
    "SchemeRun",
]
