"""Unpromising clients of the demo that their managers propose for the trading hall."""

from __future__ import annotations

from datetime import date

from clients.actions.halls import propose_hall
from clients.models import Client, ClientCategory, ClientStatus
from clients.unpromising import bounds, prospects_of
from reports.demo.scales import Scale


def add_halls(scale: Scale, today: date) -> None:
    """Some of the candidates wait for the decision of their head."""
    rows = Client.objects.filter(
        status=ClientStatus.CLIENT, category=ClientCategory.C, manager__isnull=False
    )
    limits = bounds()
    found = prospects_of(rows, today=today)
    weak = [pk for pk, one in found.items() if one.unpromising(limits)]
    chosen = Client.objects.filter(pk__in=weak).select_related("manager")
    one_each = chosen.order_by("manager", "pk").distinct("manager")
    for client in one_each[: max(2, scale.decisions // 4)]:
        assert client.manager is not None
        reason = "Заказов давно нет, закупают в другом месте; звонки ничего не меняют."
        propose_hall(client.pk, by=client.manager, reason=reason, today=today)
