"""Another category has another norm of the credit limit: a new limit is proposed (C.5 no. 2)."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from clients.models import Client
from crm.money import format_number
from crm.notices.actions import notify_many
from deals.models import CreditLimit
from deals.receivables.norms import limit_norm

KIND = "limit.norm_changed"


def propose_limit(client: Client, today: date) -> int:
    """Tell the manager that the limit in force is not the norm of the new category.

    Without a manager the head of the unit. The limit itself is changed by a request only. Returns
    the notices written; none without a limit in force.
    """
    limit = CreditLimit.objects.filter(client=client).on(today).first()
    norm = limit_norm(client, today)
    if limit is None or limit.amount == norm.amount:
        return 0
    head_id = client.org_unit.head_id if client.org_unit else None
    return notify_many(
        [pk for pk in (client.manager_id or head_id,) if pk],
        kind=KIND,
        params={
            "client": client.name,
            "category": client.category,
            "norm": format_number(norm.amount),
            "limit": format_number(limit.amount),
        },
        url=reverse("deals:credit", args=[client.pk]),
        dedupe_key=f"{KIND}:{client.pk}:{client.category_since}",
    )
