"""Orders that were not shipped in time, told once for each order and promised day (C.6)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db import transaction
from django.db.models import F

from clients.heads import heads_by_client
from crm.notices.actions import notify
from crm.shell.nav import address
from deals.models import Order


@transaction.atomic
def alert_late_orders(*, today: date) -> int:
    """Daily: one digest to each manager and head of the orders that have become late meanwhile.

    What was told of an order holds until it is promised for another day, so a second run tells
    nobody and a run after an outage tells of all its days. Returns how many orders were new.
    """
    late = Order.objects.late(today).exclude(late_told_for__isnull=False, late_told_for=F("_due"))
    rows = late.select_for_update(of=("self",)).order_by("pk")
    orders = list(rows.select_related("client__manager"))
    for order in orders:
        order.late_told_for = order.due_on
    Order.objects.bulk_update(orders, ["late_told_for"], batch_size=500)
    for person, theirs in sorted(_by_person(orders).items()):
        notify(
            person,
            kind="order.late",
            params={"count": len(theirs), "which": ", ".join(order.number for order in theirs[:5])},
            url=f"{address('deals:order_list')}?late=1",
            dedupe_key=f"order.late:{today}:{theirs[0].pk}:{theirs[0].late_told_for}",
        )
    return len(orders)


def _by_person(orders: list[Order]) -> dict[int, list[Order]]:
    """Whose orders they are, and the heads above."""
    found: defaultdict[int, list[Order]] = defaultdict(list)
    heads = heads_by_client({order.client_id for order in orders})
    for order in orders:
        manager = order.client.manager
        told = {head for head, clients in heads.items() if order.client_id in clients}
        if manager is not None and manager.is_active:
            told.add(manager.pk)
        for person in told:
            found[person].append(order)
    return dict(found)
