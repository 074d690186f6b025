"""Escalations: handed up, taken up, settled, passed on by a person or by the clock (CM-05)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import permissions
from claims.actions import claims
from claims.ladder import Rung, rung_above, runs_out_on
from claims.models import (
    ESCALATION_MOVES,
    Claim,
    ClaimState,
    Escalation,
    EscalationKind,
    EscalationState,
)
from clients.models import Client
from crm.accounts.models import Role, User
from crm.calendar import is_working_day
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.notices.actions import notify, notify_many
from crm.refusals import politely
from crm.states import move
from deals.actions.contract_parts import lead_from_above
from deals.actions.contracts import absent, said
from deals.models import Contract, ContractState

ONCE_TEXT = gettext_lazy("This has been handed up already and is not settled yet.")
OPEN_ONCE = ("escalation_of_claim_once", "escalation_of_contract_once", "escalation_of_client_once")
ONCE: dict[str, tuple[Any, str | None]] = dict.fromkeys(OPEN_ONCE, (ONCE_TEXT, None))


@dataclass(frozen=True)
class Matter:
    """What is handed up: its kind, the record where there is one, and what was tried."""

    kind: str
    subject: str
    tried: str
    claim_id: int | None = None
    contract_id: int | None = None


@transaction.atomic
def escalate(client_id: int, matter: Matter, *, by: User, today: date, key: UUID) -> Escalation:
    """Admit a fiasco: the next level above the person has the matter from now on. Once per `key`.

    Raises RuleViolation for what is handed up already, a record of another client, and where
    nobody is above.
    """
    rows = Client.objects.visible_to(by).select_related("org_unit", "manager")
    client = rows.select_for_update(of=("self",), no_key=True).get(pk=client_id)
    if not permissions.can_escalate(by, client):
        raise PermissionDenied
    before: Escalation | None = Escalation.objects.filter(idempotency_key=key).first()
    if before is not None:
        return before
    claim, contract = _claim(matter, client), _contract(matter, client)
    rung = rung_above(client, below=_own_level(by), without=by.pk, today=today)
    if rung is None:
        raise RuleViolation(_("Nobody is above you who could settle it."))
    row = Escalation(
        kind=matter.kind,
        client=client,
        claim=claim,
        contract=contract,
        subject=said(matter.subject, "subject"),
        tried=said(matter.tried, "tried"),
        from_user=by,
        idempotency_key=key,
        **_of(rung, today),
    )
    with verb("escalation.opened", by=by, on_behalf_of=absent(by, client)), politely(ONCE):
        row.save(force_insert=True)
        _begin(row, by)
    _tell(row)
    return row


@transaction.atomic
def take_up(escalation_id: int, *, by: User, version: int) -> Escalation:
    """The person of the level begins; the others see that somebody is at it."""
    row = _locked(escalation_id, by, version)
    if not permissions.can_settle_escalation(by, row):
        raise PermissionDenied
    with verb("escalation.taken_up", by=by):
        move(row, ESCALATION_MOVES, EscalationState.IN_WORK)
    return row


@transaction.atomic
def settle(escalation_id: int, *, by: User, version: int, outcome: str, today: date) -> Escalation:
    """It is settled, and how; a claim goes back to review with it."""
    _lock_claim_of(escalation_id)
    row = _locked(escalation_id, by, version)
    if not permissions.can_settle_escalation(by, row):
        raise PermissionDenied
    with verb("escalation.settled", by=by):
        move(
            row,
            ESCALATION_MOVES,
            EscalationState.RESOLVED,
            outcome=said(outcome, "outcome"),
            ended_on=today,
        )
        if row.claim is not None and row.claim.state == ClaimState.ESCALATED:
            claims.take_back(row.claim.pk, by=by)
    notify_many(
        sorted(_people_below(row) - {by.pk}),
        kind="escalation.settled",
        dedupe_key=f"escalation:{row.pk}:settled",
        url=row.get_absolute_url(),
        params=_params(row) | {"outcome": row.outcome},
    )
    return row


@transaction.atomic
def hand_higher(
    escalation_id: int, *, by: User, version: int, tried: str, today: date
) -> Escalation:
    """This level came to nothing: the next one has it; returns the escalation above."""
    row = _locked(escalation_id, by, version)
    if not permissions.can_hand_higher(by, row):
        raise PermissionDenied
    rung = _rung_over(row, today)
    if rung is None:
        raise RuleViolation(_("Nobody is above you who could settle it."))
    with verb("escalation.fiasco", by=by):
        move(
            row,
            ESCALATION_MOVES,
            EscalationState.FIASCO,
            outcome=said(tried, "tried"),
            ended_on=today,
        )
        return _go_on(row, rung, by=by, today=today)


@transaction.atomic
def pass_over(escalation_id: int, *, today: date) -> Escalation | None:
    """The clock: the level's time has run out, the next one has it (ESC-1).

    Nothing happens to one that is settled, not late, or that nobody above could take: the last
    level is reminded and not passed over. Returns the escalation above.
    """
    rows = Escalation.objects.open().select_for_update(of=("self",))
    rows = rows.select_related("client__org_unit", "claim", "contract")
    found: Escalation | None = rows.filter(pk=escalation_id).first()
    if found is None or not is_passed_over(found, today):
        return None
    rung = _rung_over(found, today)
    if rung is None:
        return None
    with verb("escalation.time_ran_out", by=None):
        move(
            found,
            ESCALATION_MOVES,
            EscalationState.FIASCO,
            by_time=True,
            ended_on=today,
        )
        return _go_on(found, rung, by=None, today=today)


def pass_over_late(*, today: date) -> int:
    """Hand up everything whose time has run out, each in a transaction of its own; how many."""
    late = Escalation.objects.late(today).order_by("pk").values_list("pk", flat=True)
    return sum(pass_over(pk, today=today) is not None for pk in list(late))


def remind_late(*, today: date) -> int:
    """Whoever is late and is not passed over, and the directors; once. How many were told."""
    told = 0
    for row in Escalation.objects.late(today).exclude(level="sector_head").select_related("client"):
        directors = User.objects.filter(role=Role.DIRECTOR, is_active=True).values_list("pk")
        told += notify_many(
            sorted({row.to_user_id, *(pk for (pk,) in directors)}),
            kind="escalation.late",
            dedupe_key=f"escalation:{row.pk}:late",
            url=row.get_absolute_url(),
            params=_params(row),
        )
    return told


def is_passed_over(row: Escalation, today: date) -> bool:
    """A sector head's turn ends by itself; who acts in person, and the director, are reminded."""
    automatic = row.level == "sector_head"
    return automatic and is_working_day(today) and today >= runs_out_on(row.due_on)


def _go_on(row: Escalation, rung: Rung, *, by: User | None, today: date) -> Escalation:
    above = Escalation(
        kind=row.kind,
        client=row.client,
        claim=row.claim,
        contract=row.contract,
        subject=row.subject,
        tried=row.outcome or row.tried,
        from_user=by,
        parent=row,
        **_of(rung, today),
    )
    above.save(force_insert=True)
    if above.contract_id is not None:
        lead_from_above(above.contract_id, above.to_user, by=by)
    _tell(above)
    return above


def _begin(row: Escalation, by: User) -> None:
    """What becomes of the record that was handed up."""
    if row.claim_id is not None:
        claims.hand_up(row.claim_id, by=by)
    if row.contract_id is not None:
        lead_from_above(row.contract_id, row.to_user, by=by)


def _rung_over(row: Escalation, today: date) -> Rung | None:
    return rung_above(row.client, below=row.level, without=row.to_user_id, today=today)


def _of(rung: Rung, today: date) -> dict[str, Any]:
    return {
        "level": rung.level,
        "to_user": rung.person,
        "personally": rung.personally,
        "opened_on": today,
        "due_on": rung.until,
    }


def _own_level(by: User) -> str | None:
    """A head that admits a fiasco is a level itself."""
    levels = {"sector_head", "department_head"}
    return by.role if by.role in levels else None


def _claim(matter: Matter, client: Client) -> Claim | None:
    if matter.kind != EscalationKind.CLAIM:
        return None
    found = Claim.objects.select_for_update().filter(client=client, pk=matter.claim_id or 0).first()
    if found is None:
        raise RuleViolation(_("This is a claim of another client."), field="claim")
    if found.state not in {ClaimState.IN_REVIEW, ClaimState.REGISTERED}:
        raise RuleViolation(_("A claim is handed up while it is looked into."), field="claim")
    return found


def _contract(matter: Matter, client: Client) -> Contract | None:
    if matter.kind != EscalationKind.CONTRACT:
        return None
    found = Contract.objects.filter(client=client, pk=matter.contract_id or 0).first()
    if found is None:
        raise RuleViolation(_("This is a contract of another client."), field="contract")
    if not found.is_in_negotiation or found.state == ContractState.ON_APPROVAL:
        raise RuleViolation(_("The talks about this contract are over, or it is being decided."))
    return found


def _people_below(row: Escalation) -> set[int]:
    """The client's manager, and whoever had it before."""
    people, level = [row.client.manager_id], row
    while True:
        people.append(level.from_user_id)
        if level.parent is None:
            return {person for person in people if person is not None}
        level = level.parent
        people.append(level.to_user_id)


def _tell(row: Escalation) -> None:
    notify(
        row.to_user_id,
        kind="escalation.personally" if row.personally else "escalation.opened",
        dedupe_key=f"escalation:{row.pk}",
        url=row.get_absolute_url(),
        params=_params(row),
    )
    manager = row.client.manager_id
    if row.parent_id is not None and manager is not None and manager != row.to_user_id:
        notify(
            manager,
            kind="escalation.went_up",
            dedupe_key=f"escalation:{row.pk}:manager",
            url=row.get_absolute_url(),
            params=_params(row) | {"person": row.to_user.short_name},
        )


def _params(row: Escalation) -> dict[str, str]:
    return {
        "client": row.client.name,
        "subject": row.subject,
        "due": f"{row.due_on:%d.%m.%Y}",
    }


def _lock_claim_of(escalation_id: int) -> None:
    """The claim is locked before its escalation, as whoever decides the claim does."""
    rows = Claim.objects.filter(escalations=escalation_id).select_for_update(of=("self",))
    rows.values_list("pk").first()


def _locked(escalation_id: int, by: User, version: int) -> Escalation:
    rows = Escalation.objects.visible_to(by).select_for_update(of=("self",))
    row: Escalation = rows.select_related("client__org_unit", "claim", "contract", "to_user").get(
        pk=escalation_id
    )
    if row.version != version:
        raise StaleVersion(of=row)
    return row
