"""Distribution of the demo: new clients that waited for a manager, and hand-overs."""

from __future__ import annotations

from datetime import date, timedelta

from clients.actions.assignments import Handover, transfer_clients
from clients.models import Client, ClientAssignment
from crm.calendar import add_working_days
from reports.demo.people import Staff

LATE = (2, 3, 5)  # working days after which each got its manager


def add_distribution(staff: Staff, today: date) -> None:
    """Three of the newest clients were given away late; two change hands, two more will."""
    newest = ClientAssignment.objects.filter(
        client__archived_at=None, valid_from__lt=today - timedelta(days=10)
    )
    for row, days in zip(newest.order_by("-valid_from", "pk"), LATE, strict=False):
        given = add_working_days(row.valid_from, days)
        ClientAssignment.objects.filter(pk=row.pk).update(valid_from=given)
    giver, taker = staff.managers[:2]
    rows = Client.objects.open().filter(manager=giver, category="C").order_by("-pk")
    chosen = list(rows.values_list("pk", flat=True)[:4])
    for keys, on in ((chosen[:2], today), (chosen[2:], add_working_days(today, 8))):
        if keys:
            transfer_clients(
                by=staff.head_of(giver),
                handover=Handover(
                    to_manager_id=taker.pk, on=on, kind="rebalance", note="Ровнее нагрузка"
                ),
                today=today,
                client_ids=keys,
            )
