"""Clients that order less often than they used to, the longest silent first (DL-07)."""

from __future__ import annotations

from django.utils import timezone

from clients.models import Client
from crm.accounts.models import User
from deals.rhythm import quiet_clients
from reports import links
from reports.registry import Params, Row


def quiet_rows(user: User, params: Params) -> list[Row]:
    """Visible clients whose rhythm is broken today."""
    rows = Client.objects.visible_to(user)
    if params.get("manager"):
        rows = rows.filter(manager=params["manager"])
    if params.get("unit"):
        rows = rows.filter(org_unit__path__startswith=params["unit"].path)
    found = {one.client_id: one for one in quiet_clients(rows, timezone.localdate())}
    shown = Client.objects.filter(pk__in=found).select_related("manager")
    made = [
        {
            "code": client.code,
            "client": client.name,
            "client_url": links.client_card(client.pk),
            "category": client.category,
            "manager": client.manager.short_name if client.manager else "",
            "last_on": found[client.pk].last_on,
            "silent": found[client.pk].silent,
            "usual": found[client.pk].usual,
            "allowed": found[client.pk].allowed,
            "url": links.documents("deals:order_list", client=client.pk),
        }
        for client in shown
    ]
    return sorted(made, key=lambda row: (row["allowed"] - row["silent"], row["client"]))
