"""Rights on personal data (C.9, D.13): the lawyer, heads of departments, directors; another decides
about destruction than the one who proposes it."""

from __future__ import annotations

from clients.models import ContactPerson, DestructionAct, DestructionState, SubjectRequest
from crm.accounts.models import DIRECTORS, Role, User

KEEPERS = frozenset({Role.LAWYER, Role.DEPARTMENT_HEAD, Role.DIRECTOR})
READERS = KEEPERS | DIRECTORS | {Role.ADMIN}
DECIDERS = frozenset({Role.ADMIN, Role.DIRECTOR})


def can_see_subjects(user: User) -> bool:
    """Requests and acts of destruction; which ones is a matter of the scope."""
    return user.is_active and user.role in READERS


def keeps_subjects(user: User) -> bool:
    """Registers requests, answers them and proposes destruction."""
    return user.is_active and user.role in KEEPERS


def can_ask_about(user: User, person: ContactPerson) -> bool:
    """Register a request of the person, or propose to destroy the data, while there is any."""
    return keeps_subjects(user) and person.anonymised_at is None


def can_answer_subject(user: User, request: SubjectRequest) -> bool:
    """Answer or refuse it, extend its term."""
    return keeps_subjects(user) and request.is_open


def can_decide_destruction(user: User, act: DestructionAct) -> bool:
    """The director or the administrator, never whoever proposed it or took the request (C.0)."""
    own = {act.proposed_by_id, act.request.registered_by_id if act.request else None}
    free = user.is_active and user.role in DECIDERS and user.pk not in own
    return free and act.state == DestructionState.PROPOSED
