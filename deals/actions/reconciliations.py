"""Items of reconciliations: added, moved, cancelled, asked for in an emergency (DL-12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.models import Client
from crm.accounts.models import User
from crm.approvals import actions as approvals
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.refusals import politely
from crm.states import move
from deals import permissions
from deals.actions.contracts import absent, said
from deals.actions.reconciliation_schedules import days_of
from deals.models import (
    ITEM_MOVES,
    Contract,
    ItemKind,
    ItemState,
    ReconciliationItem,
    ReconciliationSchedule,
)

KIND = "reconciliation.emergency"
ONCE = {
    "item_once": (gettext_lazy("This client is reconciled as of this day already."), "as_of"),
}


@dataclass(frozen=True)
class Emergency:
    """Why and as of which day an emergency reconciliation is needed, of one contract or of all."""

    reason: str
    as_of: date
    comment: str = ""
    contract_id: int | None = None


@transaction.atomic
def request_emergency(
    client_id: int, asked: Emergency, *, by: User, today: date
) -> ReconciliationItem:
    """Ask the head for a reconciliation beyond the schedule; the head's own needs no other word.

    Raises RuleViolation for a day to come, a foreign contract or the same day twice.
    """
    rows = Client.objects.visible_to(by).select_related("org_unit", "manager")
    client = rows.select_for_update(of=("self",), no_key=True).get(pk=client_id)
    if not permissions.can_ask_reconciliation(by, client):
        raise PermissionDenied
    if asked.as_of > today:
        raise RuleViolation(_("The day has not come yet."), field="as_of")
    decides = permissions.approves_reconciliations(by, client.org_unit_id)
    item = ReconciliationItem(
        client=client,
        kind=ItemKind.EMERGENCY,
        contract=_contract(asked, client),
        reason=asked.reason,
        comment=asked.comment.strip(),
        state=ItemState.PLANNED if decides else ItemState.REQUESTED,
        requested_by=by,
        approved_by=by if decides else None,
        **_terms(asked.as_of, today),
    )
    behalf = absent(by, client)
    with verb("reconciliation.asked", by=by, on_behalf_of=behalf), politely(ONCE):
        item.save(force_insert=True)
    if not decides:
        submit_item(item, by=by, today=today, on_behalf_of=behalf)
    return item


def submit_item(
    item: ReconciliationItem,
    *,
    by: User,
    today: date,
    on_behalf_of: User | None = None,
    way: approvals.Way | None = None,
) -> None:
    """Send an emergency to the head; RuleViolation where nobody is there to decide."""
    approvals.submit(
        item,
        kind=KIND,
        by=by,
        title=f"{item.client.name}, {item.as_of:%d.%m.%Y}",
        org_unit=item.client.org_unit,
        today=today,
        on_behalf_of=on_behalf_of,
        way=way,
    )


@transaction.atomic
def add_item(
    schedule_id: int, client_id: int, *, by: User, as_of: date, today: date
) -> ReconciliationItem:
    """Put a client of the department into its schedule on a day of the half-year."""
    rows = ReconciliationSchedule.objects.visible_to(by).select_for_update(of=("self",))
    schedule = rows.get(pk=schedule_id)
    if not permissions.can_add_item(by, schedule):
        raise PermissionDenied
    client = Client.objects.visible_to(by).select_related("org_unit").get(pk=client_id)
    path = client.org_unit.path if client.org_unit else ""
    if f"/{schedule.org_unit_id}/" not in path:
        raise RuleViolation(_("This is a client of another department."), field="client")
    _check_half(schedule, as_of)
    item = ReconciliationItem(
        schedule=schedule, client=client, kind=ItemKind.PLANNED, **_terms(as_of, None)
    )
    with verb("reconciliation.added", by=by), politely(ONCE):
        item.save(force_insert=True)
    return item


@transaction.atomic
def move_item(item_id: int, *, by: User, version: int, as_of: date) -> ReconciliationItem:
    """Another day of the same half-year; the terms follow it."""
    item = locked_item(item_id, by, version)
    if not permissions.can_move_item(by, item) or item.state != ItemState.PLANNED:
        raise PermissionDenied
    if item.schedule is not None:
        _check_half(item.schedule, as_of)
    for name, value in _terms(as_of, None).items():
        setattr(item, name, value)
    item.version += 1
    with verb("reconciliation.moved", by=by), politely(ONCE):
        item.save(update_fields=["as_of", "send_by", "sign_by", "version"])
    return item


@transaction.atomic
def cancel_item(item_id: int, *, by: User, version: int, reason: str) -> ReconciliationItem:
    """No reconciliation on this day; the head says why (C.5 no. 18)."""
    item = locked_item(item_id, by, version)
    if not permissions.can_cancel_item(by, item):
        raise PermissionDenied
    with verb("reconciliation.cancelled", by=by):
        move(
            item,
            ITEM_MOVES,
            ItemState.CANCELLED,
            cancel_reason=said(reason),
            manager=item.client.manager,
        )
    return item


def locked_item(item_id: int, by: User, version: int) -> ReconciliationItem:
    """The item as it was shown, with the client; StaleVersion if it has changed since."""
    rows = ReconciliationItem.objects.visible_to(by).select_for_update(of=("self",))
    item: ReconciliationItem = rows.select_related(
        "client__manager", "client__org_unit", "schedule", "contract"
    ).get(pk=item_id)
    if item.version != version:
        raise StaleVersion(of=item)
    return item


def _terms(as_of: date, today: date | None) -> dict[str, Any]:
    days = days_of(as_of, today=today)
    return {"as_of": days.as_of, "send_by": days.send_by, "sign_by": days.sign_by}


def _check_half(schedule: ReconciliationSchedule, as_of: date) -> None:
    if not schedule.first_day <= as_of <= schedule.last_day:
        raise RuleViolation(_("The day is outside the half-year."), field="as_of")


def _contract(asked: Emergency, client: Client) -> Contract | None:
    if asked.contract_id is None:
        return None
    found = Contract.objects.filter(client=client, pk=asked.contract_id).first()
    if found is None:
        raise RuleViolation(_("This is a contract of another client."), field="contract")
    return found
