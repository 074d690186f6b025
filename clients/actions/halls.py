"""Unpromising clients go to the trading hall by decision of the head and come back (L240)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from clients import permissions
from clients.actions.categories import visible_client
from clients.actions.locks import absent_owner
from clients.categorising.unpromising import bounds, prospects_of
from clients.models import HALL_MOVES, OPEN_HALL, Client, ClientStatus, HallMove, HallState
from clients.models.categories import LEAST_REASON
from clients.permissions.categories import assigning_head
from crm.accounts.models import User
from crm.approvals import actions as approvals
from crm.approvals.models import Approval
from crm.errors import RuleViolation
from crm.history import verb
from crm.states import check_move, move

KIND = "client.hall"


@transaction.atomic
def propose_hall(client_id: int, *, by: User, reason: str, today: date) -> HallMove:
    """Ask the head of the department to move an unpromising client to the trading hall.

    After a return the same proposal is sent again, with what is known of the client now.
    """
    found, client = _locked(client_id, by)
    if not permissions.can_propose_hall(by, client):
        raise PermissionDenied(refusal_of(client))
    absent = absent_owner(client, by)
    with verb(f"{KIND}.proposed", by=by, on_behalf_of=absent):
        proposal = _proposal(found, client, by, _said(reason), today)
    approvals.submit(
        proposal,
        kind=KIND,
        by=by,
        title=client.name,
        org_unit=client.org_unit,
        today=today,
        on_behalf_of=absent,
    )
    return proposal


@transaction.atomic
def move_to_hall(client_id: int, *, by: User, reason: str, today: date) -> HallMove:
    """The head decides at once about a client that waits for nobody's decision."""
    found, client = _locked(client_id, by)
    head = assigning_head(by, client, today=today)
    if head is None:
        raise PermissionDenied(_("The head of the client's department decides."))
    if not permissions.may_go(client):
        raise RuleViolation(refusal_of(client))
    with verb(f"{KIND}.moved", by=by, on_behalf_of=None if head == by else head):
        made = _proposal(found, client, by, _said(reason), today)
        settle(made, client, HallState.MOVED, by=head, today=today)
    return made


@transaction.atomic
def bring_back(client_id: int, *, by: User, reason: str, today: date) -> HallMove:
    """The head gives a client of the hall back to its manager, as a client again.

    One that came to the hall with an import has no decision to be taken back; it gets one.
    """
    found, client = _locked(client_id, by)
    head = assigning_head(by, client, today=today)
    if head is None:
        raise PermissionDenied(_("The head of the client's department decides."))
    if client.status != ClientStatus.TRADING_HALL:
        raise RuleViolation(_("The client is not in the trading hall."))
    why = _said(reason)
    with verb(f"{KIND}.back", by=by, on_behalf_of=None if head == by else head):
        if found is None:
            found = _proposal(None, client, by, why, today)
            move(found, HALL_MOVES, HallState.MOVED, decided_by=head, decided_on=today)
        how: dict[str, Any] = {"back_on": today, "back_by": head, "back_reason": why}
        move(found, HALL_MOVES, HallState.BACK, **how)
        _put(client, ClientStatus.CLIENT)
    return found


def settle(move_: HallMove, client: Client, state: str, *, by: User, today: date) -> None:
    """Write the decision about a locked proposal and its locked client."""
    if state == HallState.MOVED and not permissions.may_go(client):
        raise RuleViolation(refusal_of(client))
    move(move_, HALL_MOVES, state, decided_by=by, decided_on=today)
    if state == HallState.MOVED:
        _put(client, ClientStatus.TRADING_HALL)


def refusal_of(client: Client) -> str:
    """Why the client cannot go to the hall, if so."""
    if client.archived_at is not None:
        return _("The client is in the archive.")
    if client.status == ClientStatus.TRADING_HALL:
        return _("The client is in the trading hall already.")
    if client.status != ClientStatus.CLIENT:
        return _("Only clients go to the trading hall, not prospects.")
    if not permissions.may_go(client):
        return _("Only clients of category C go to the trading hall. Ask for a change of category.")
    return ""


def _locked(client_id: int, by: User) -> tuple[HallMove | None, Client]:
    """The open move before its client: decisions take them in this order too."""
    rows = HallMove.objects.visible_to(by).filter(client=client_id, state__in=OPEN_HALL)
    found: HallMove | None = rows.select_for_update(of=("self",)).first()
    return found, visible_client(client_id, by)


def _proposal(
    found: HallMove | None, client: Client, by: User, reason: str, today: date
) -> HallMove:
    """A new proposal, or the returned one corrected; never past one that waits for the head."""
    known = prospects_of(Client.objects.filter(pk=client.pk), today=today)[client.pk]
    evidence = known.as_kept(bounds())
    if found is None:
        return HallMove.objects.create(client=client, reason=reason, evidence=evidence, author=by)
    if found.state != HallState.PROPOSED:
        check_move(found, HALL_MOVES, HallState.PROPOSED)
    elif Approval.objects.of(found).running().exists():
        raise RuleViolation(_("The move is proposed already."))
    found.reason, found.evidence, found.author = reason, evidence, by
    found.state = HallState.PROPOSED
    found.version += 1
    found.save(update_fields=["reason", "evidence", "author", "state", "version"])
    return found


def _said(reason: str) -> str:
    if len(reason.strip()) < LEAST_REASON:
        text = _("At least %(least)s characters: why.") % {"least": LEAST_REASON}
        raise RuleViolation(text, field="reason")
    return reason.strip()


def _put(client: Client, status: str) -> None:
    client.status = status
    client.version += 1
    client.save(update_fields=["status", "version", "updated_at"])
