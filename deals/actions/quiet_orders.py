"""Clients whose rhythm of orders is broken, told to the manager once for each silence (C.6)."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from clients.models import Client
from crm.notices.actions import Told, notify_each
from crm.shell.nav import address
from deals.rhythm import quiet_clients

QUIET = "order.quiet"
TOLD_WITHIN = timedelta(days=7)  # an outage is caught up; silences older than that are no news


@transaction.atomic
def alert_quiet_clients(*, today: date) -> int:
    """Daily: every silence that became too long of late, once by client and last order."""
    found = [
        one
        for one in quiet_clients(Client.objects.all(), today)
        if one.broken_on > today - TOLD_WITHIN
    ]
    rows = Client.objects.filter(pk__in=[one.client_id for one in found], manager__is_active=True)
    clients = rows.only("name", "manager").in_bulk()
    return notify_each(
        [
            Told(
                manager,
                QUIET,
                {"client": client.name, "days": one.silent, "usual": str(one.usual)},
                f"{address('deals:order_list')}?client={client.pk}",
                f"{QUIET}:{client.pk}:{one.last_on}",
            )
            for one in found
            if (client := clients.get(one.client_id)) and (manager := client.manager_id)
        ],
        email=False,
    )
