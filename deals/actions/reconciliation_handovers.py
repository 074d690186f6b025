"""A client that goes to another manager is reconciled as of the former one's last day (D.11)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from clients.hooks import Taken
from clients.models import Client
from crm.accounts.models import User
from crm.errors import RuleViolation
from crm.history import verb
from crm.work.registry import setting
from deals import permissions
from deals.actions.reconciliation_schedules import days_of
from deals.actions.reconciliations import submit_item
from deals.models import (
    EmergencyReason,
    Invoice,
    ItemKind,
    ItemState,
    Payment,
    ReconciliationItem,
    Shipment,
)


@transaction.atomic
def ask_on_handover(taken: Sequence[Taken], today: date) -> int:
    """Ask for an emergency for each client with settlements; how many.

    In the name of whoever handed over, or of the new manager; the head's own needs no other word.
    Nothing is asked where nobody could decide: a hand-over does not fail for it.
    """
    if not setting("reconciliation.on_handover"):
        return 0
    clients = _to_reconcile(taken).select_related("org_unit", "manager").in_bulk()
    people = User.objects.in_bulk({one.by_id for one in taken} | {one.manager_id for one in taken})
    count = 0
    for one in taken:
        if client := clients.get(one.client_id):
            by = people.get(one.by_id or 0)
            by = by if by is not None and by.is_active else people[one.manager_id]
            count += _ask(client, one.on - timedelta(days=1), by=by, today=today)
    return count


def _to_reconcile(taken: Sequence[Taken]) -> QuerySet[Client]:
    """Open clients with documents, for which no such emergency is on its way."""
    settled = Q()
    for model in (Shipment, Invoice, Payment):
        settled |= Q(Exists(model.objects.filter(client=OuterRef("pk")).order_by()))
    asked = ReconciliationItem.objects.filter(
        client=OuterRef("pk"), reason=EmergencyReason.MANAGER_CHANGE
    ).exclude(state__in=[ItemState.SIGNED, ItemState.CANCELLED])
    rows = Client.objects.filter(settled, ~Exists(asked), archived_at=None)
    return rows.filter(pk__in=[one.client_id for one in taken])


def _ask(client: Client, as_of: date, *, by: User, today: date) -> bool:
    """One item in a savepoint of its own."""
    same = ReconciliationItem.objects.filter(client=client, as_of=as_of, kind=ItemKind.EMERGENCY)
    if same.exclude(state=ItemState.CANCELLED).exists():
        return False
    decides = permissions.approves_reconciliations(by, client.org_unit_id)
    days = days_of(as_of, today=today)
    item = ReconciliationItem(
        client=client,
        kind=ItemKind.EMERGENCY,
        reason=EmergencyReason.MANAGER_CHANGE,
        as_of=days.as_of,
        send_by=days.send_by,
        sign_by=days.sign_by,
        state=ItemState.PLANNED if decides else ItemState.REQUESTED,
        requested_by=by,
        approved_by=by if decides else None,
    )
    try:
        with transaction.atomic(), verb("reconciliation.asked", by=by):
            item.save(force_insert=True)
            if not decides:
                submit_item(item, by=by, today=today)
    except RuleViolation:
        return False
    return True
