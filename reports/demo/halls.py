"""Unpromising clients of the demo that their managers propose for the trading hall."""

from __future__ import annotations

from datetime import date

from clients.actions.halls import propose_hall
from clients.categorising.unpromising import bounds, prospects_of
from clients.models import Client, ClientCategory, ClientStatus
from crm.accounts.models import User
from reports.demo.scales import Scale

REASON = "Заказов давно нет, закупают в другом месте; звонки ничего не меняют."


def add_halls(scale: Scale, today: date) -> None:
    """A candidate of each of some managers waits for the decision of the head."""
    rows = Client.objects.filter(
        status=ClientStatus.CLIENT, category=ClientCategory.C, archived_at=None
    )
    limits = bounds()
    managers = User.objects.filter(pk__in=rows.values("manager")).order_by("pk")
    for manager in managers[: max(2, scale.decisions // 4)]:
        known = prospects_of(rows.filter(manager=manager), today=today)
        weak = [pk for pk, one in known.items() if one.unpromising(limits)]
        if weak:
            propose_hall(min(weak), by=manager, reason=REASON, today=today)
