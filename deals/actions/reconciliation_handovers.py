"""A client that goes to another manager is reconciled as of the former one's last day (D.11)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from clients.hooks import Taken
from clients.models import Client
from crm.accounts.models import OrgUnit, User
from crm.approvals import actions as approvals
from crm.errors import RuleViolation
from crm.history import verb
from crm.work.registry import setting
from deals import permissions
from deals.actions.reconciliation_schedules import days_of
from deals.actions.reconciliations import KIND, submit_item
from deals.models import (
    EmergencyReason,
    Invoice,
    ItemKind,
    ItemState,
    Payment,
    ReconciliationItem,
    Shipment,
)

AT_ONCE = 1000  # rows of one statement


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
    items: dict[int, list[ReconciliationItem]] = defaultdict(list)
    for one in taken:
        if client := clients.get(one.client_id):
            by = people.get(one.by_id or 0)
            by = by if by is not None and by.is_active else people[one.manager_id]
            items[by.pk].append(_item(client, one.on - timedelta(days=1), by=by, today=today))
    return sum(_ask(_new(theirs), by=people[by], today=today) for by, theirs in items.items())


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


def _item(client: Client, as_of: date, *, by: User, today: date) -> ReconciliationItem:
    decides = permissions.approves_reconciliations(by, client.org_unit_id)
    days = days_of(as_of, today=today)
    return ReconciliationItem(
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


def _new(items: list[ReconciliationItem]) -> list[ReconciliationItem]:
    """Without those of a client that has an emergency as of the same day."""
    same = ReconciliationItem.objects.filter(
        client__in=[item.client_id for item in items],
        as_of__in={item.as_of for item in items},
        kind=ItemKind.EMERGENCY,
    ).exclude(state=ItemState.CANCELLED)
    known = set(same.values_list("client", "as_of"))
    new = {(item.client_id, item.as_of): item for item in items}
    return [item for key, item in new.items() if key not in known]


def _ask(items: list[ReconciliationItem], *, by: User, today: date) -> int:
    """What the person decides is written at once, the rest is sent on one by one."""
    planned = [item for item in items if item.state == ItemState.PLANNED]
    with verb("reconciliation.asked", by=by):
        ReconciliationItem.objects.bulk_create(planned, batch_size=AT_ONCE)
    ways: dict[int | None, approvals.Way | None] = {}
    count = len(planned)
    for item in items:
        if item.state == ItemState.REQUESTED:
            unit = item.client.org_unit
            if item.client.org_unit_id not in ways:
                ways[item.client.org_unit_id] = _way(by, unit, today)
            count += _submit(item, ways[item.client.org_unit_id], by=by, today=today)
    return count


def _way(by: User, unit: OrgUnit | None, today: date) -> approvals.Way | None:
    """Who would decide for the unit; None where nobody could."""
    try:
        return approvals.way_of(KIND, by, unit, today) if unit else None
    except RuleViolation:
        return None


def _submit(item: ReconciliationItem, way: approvals.Way | None, *, by: User, today: date) -> bool:
    """One item in a savepoint of its own."""
    if way is None:
        return False
    try:
        with transaction.atomic(), verb("reconciliation.asked", by=by):
            item.save(force_insert=True)
            submit_item(item, by=by, today=today, way=way)
    except RuleViolation:
        return False
    return True
