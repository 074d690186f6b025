"""Writes of acts of destruction: proposed, decided by another, carried out by the clock (D.13)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.actions.consents import end_consents
from clients.actions.subjects import lock_subject
from clients.keys import PERSON_KEYS, set_person_keys
from clients.legal_grounds import grounds_of
from clients.models import (
    DESTRUCTION_MOVES,
    SUBJECT_MOVES,
    ContactPerson,
    DestructionAct,
    DestructionGround,
    DestructionState,
    SubjectRequest,
    SubjectRequestKind,
    SubjectRequestState,
)
from clients.permissions import subjects as permissions
from clients.personal_data.masking import DOCUMENTS, Masked, mask_everywhere, words_of
from clients.personal_data.retention import Candidate, candidates
from clients.personal_data.subject_words import ACT_PREFIX, ANONYMISED
from crm.accounts.models import Role, User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.notices.actions import notify_many
from crm.numbering import format_number, take_numbers
from crm.refusals import politely
from crm.shell.nav import address
from crm.states import move

PROPOSED, DONE, CANDIDATES = "destruction.proposed", "destruction.done", "destruction.candidates"
GROUND_OF: dict[str, str] = {
    SubjectRequestKind.DESTROY: DestructionGround.DEMAND,
    SubjectRequestKind.WITHDRAW: DestructionGround.CONSENT,
}
NOTHING = {"phone": "", "email": "", "birthday": "", "specifics": "", "position": ""}


@transaction.atomic
def propose_destruction(
    person_id: int, *, by: User, reason: str, request_id: int | None, today: date
) -> DestructionAct:
    """Propose to destroy the data of a person, by a request or because its purpose is achieved.

    Raises RuleViolation while a legal ground to keep the data lives, and for a second proposal.
    """
    person = lock_subject(person_id, by=by)
    refuse_while_grounds_live(person)
    request = _request_of(person, request_id, by=by)
    number = take_numbers("destruction_act", year=today.year)[0]
    once = {"destruction_one_open": (_("The destruction has been proposed already."), None)}
    with verb("destruction.proposed", by=by), politely(once):
        act: DestructionAct = DestructionAct.objects.create(
            number=format_number(ACT_PREFIX, today.year, number),
            person=person,
            request=request,
            ground=GROUND_OF[request.kind] if request else DestructionGround.PURPOSE,
            reason=reason,
            proposed_by=by,
        )
    deciders = User.objects.working().filter(role__in=permissions.DECIDERS).exclude(pk=by.pk)
    notify_many(
        deciders.values_list("pk", flat=True),
        kind=PROPOSED,
        params={"number": act.number},
        url=act.get_absolute_url(),
        dedupe_key=f"{PROPOSED}:{act.pk}",
    )
    return act


def _request_of(person: ContactPerson, pk: int | None, *, by: User) -> SubjectRequest | None:
    if pk is None:
        return None
    request: SubjectRequest = SubjectRequest.objects.visible_to(by).get(pk=pk, person=person)
    if request.kind not in GROUND_OF or not request.is_open:
        raise RuleViolation(_("This request does not ask to destroy anything."))
    return request


def refuse_while_grounds_live(person: ContactPerson) -> None:
    """RuleViolation that names why the law still lets the data be kept (152-ФЗ art. 6)."""
    found = grounds_of([person.client_id]).get(person.client_id, [])
    if found:
        text = _("The data may not be destroyed yet: %(why)s.")
        raise RuleViolation(text % {"why": "; ".join(found)})


@transaction.atomic
def decide_destruction(
    act_id: int, *, by: User, version: int, approve: bool, comment: str, now: datetime
) -> DestructionAct:
    """Approve or decline; never whoever proposed it or took the request."""
    rows = DestructionAct.objects.visible_to(by).select_for_update(of=("self",))
    act: DestructionAct = rows.get(pk=act_id)
    if act.version != version:
        raise StaleVersion(of=act)
    if act.state == DestructionState.PROPOSED and not permissions.can_decide_destruction(by, act):
        raise PermissionDenied
    if approve:
        refuse_while_grounds_live(act.person)
    elif not comment:
        raise RuleViolation(_("Say why not."), field="comment")
    state = DestructionState.APPROVED if approve else DestructionState.DECLINED
    with verb(f"destruction.{state}", by=by):
        move(act, DESTRUCTION_MOVES, state, decided_by=by, decided_at=now, comment=comment)
    return act


def carry_out_acts(*, today: date) -> int:
    """Carry out what was approved, each in a transaction of its own; returns how many."""
    waiting = DestructionAct.objects.filter(state=DestructionState.APPROVED).order_by("pk")
    return sum(carry_out(pk, now=timezone.now()) for pk in waiting.values_list("pk", flat=True))


@transaction.atomic
def carry_out(act_id: int, *, now: datetime) -> bool:
    """Destroy: the person, every table, every history; the act says what was done.

    Declined by itself where a legal ground has come up since the approval.
    """
    rows = DestructionAct.objects.select_for_update(of=("self",), skip_locked=True)
    act = rows.filter(pk=act_id, state=DestructionState.APPROVED).first()
    if act is None:
        return False
    people = ContactPerson.objects.select_for_update(of=("self",))
    act.person = people.get(pk=act.person_id)
    grounds = grounds_of([act.person.client_id])
    if grounds:
        why = "; ".join(grounds[act.person.client_id])[:500]
        with verb("destruction.declined", by=None):
            move(act, DESTRUCTION_MOVES, DestructionState.DECLINED, comment=why)
        return False
    words = words_of(act.person)
    with verb("destruction.done", by=act.decided_by):
        _anonymise(act.person, now=now)
        masked = mask_everywhere(act, words)
        _finish(act, masked, has_namesake=words.has_namesake, now=now)
    notify_many(
        {act.proposed_by_id, act.decided_by_id} - {None},
        kind=DONE,
        params={"number": act.number},
        url=act.get_absolute_url(),
        dedupe_key=f"{DONE}:{act.pk}",
    )
    return True


def _anonymise(person: ContactPerson, *, now: datetime) -> None:
    end_consents(person, now=now, by=None)
    person.full_name = ANONYMISED.format(pk=person.pk)
    person.anonymised_at, person.archived_at = now, person.archived_at or now
    person.version += 1
    for name, value in NOTHING.items():
        setattr(person, name, value)
    set_person_keys(person)
    changed = ["full_name", "anonymised_at", "archived_at", "version", *NOTHING, *PERSON_KEYS]
    person.save(update_fields=changed)


def _finish(act: DestructionAct, masked: Masked, *, has_namesake: bool, now: datetime) -> None:
    act.refresh_from_db()  # its own words were masked too
    kept: list[dict[str, str]] = [{"table": label, "why": "law"} for label in sorted(DOCUMENTS)]
    if has_namesake:
        kept.append({"table": "", "why": "namesake"})
    kept += masked.kept
    changes: dict[str, Any] = {"executed_at": now, "extract": masked.rows, "kept": kept}
    move(act, DESTRUCTION_MOVES, DestructionState.DONE, **changes)
    request = act.request
    if request is not None and request.is_open:
        text = _("The personal data was destroyed, act %(number)s.") % {"number": act.number}
        answered = {"answer": text, "answered_on": now.date(), "answered_by": act.decided_by}
        move(request, SUBJECT_MOVES, SubjectRequestState.ANSWERED, **answered)


@transaction.atomic
def tell_candidates(*, today: date) -> int:
    """Weekly: people whose data has outlived its term are told of, once each; none is destroyed."""
    found: list[Candidate] = candidates(today)
    keepers = User.objects.working().filter(role__in=[Role.LAWYER, Role.ADMIN])
    people = list(keepers.values_list("pk", flat=True))
    return sum(
        notify_many(
            people,
            kind=CANDIDATES,
            params={"person": one.person.pk},
            url=address("clients:retention_list"),
            dedupe_key=f"{CANDIDATES}:{one.person.pk}",
            email=False,
        )
        for one in found
    )
