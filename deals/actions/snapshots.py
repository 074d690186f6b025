"""The nightly photograph of debts by age (C.6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction

from clients.models import Client
from deals.models import AgeingLine, AgeingSnapshot, Invoice
from deals.receivables.ageing import current_intervals

BATCH = 5_000


@transaction.atomic
def snapshot_ageing(*, today: date) -> int:
    """Keep what every client owed at the end of the day before, by age on this day; once a day.

    A missed night is made up from payments by the day they came. Returns the clients with debts.
    """
    borders = [interval.last for interval in current_intervals() if interval.last]
    snapshot, is_new = AgeingSnapshot.objects.get_or_create(on=today, defaults={"borders": borders})
    if not is_new:
        return 0
    owed = _owed(today, borders)
    managers = dict(Client.objects.filter(pk__in=owed).values_list("pk", "manager"))
    rows = [
        AgeingLine(
            snapshot=snapshot,
            client_id=client_id,
            manager_id=managers[client_id],
            amounts=amounts,
            total=sum(amounts, Decimal(0)),
            overdue=sum(amounts[1:], Decimal(0)),
        )
        for client_id, amounts in sorted(owed.items())
    ]
    AgeingLine.objects.bulk_create(rows, batch_size=BATCH)
    return len(rows)


def _owed(today: date, borders: Sequence[int]) -> dict[int, list[Decimal]]:
    """Open roubles of each client by interval: not due first, the open interval last."""
    rows = Invoice.objects.open_on(today - timedelta(days=1)).filter(client__isnull=False)
    found: dict[int, list[Decimal]] = {}
    for client_id, due_on, amount in rows.order_by().values_list(
        "client_id", "due_on", "open_then"
    ):
        days = (today - due_on).days
        place = sum(days > border for border in (0, *borders))
        amounts = found.setdefault(client_id, [Decimal(0)] * (len(borders) + 2))
        amounts[place] += amount
    return {client_id: amounts for client_id, amounts in found.items() if any(amounts)}
