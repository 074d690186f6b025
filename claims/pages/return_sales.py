"""The sales of a client of which goods may come back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.db.models import Q

from clients.models import Client
from crm.accounts.models import User
from crm.work.registry import setting
from deals.models import Shipment, ShipmentKind

ROWS = 20


@dataclass(frozen=True)
class SalesToReturn:
    """The latest sales, narrowed by number or goods."""

    client: Client
    user: User
    today: date
    text: str = ""

    @property
    def since(self) -> date:
        """Older sales are no longer offered."""
        return self.today - timedelta(days=setting("return.sales_days"))

    @cached_property
    def rows(self) -> list[Shipment]:
        """In the books, with lines, the latest first."""
        found = Shipment.objects.visible_to(self.user).filter(
            client=self.client, kind=ShipmentKind.SALE
        )
        found = found.live().in_period(self.since, self.today).filter(lines__quantity__gt=0)
        if self.text:
            named = Q(number__icontains=self.text) | Q(lines__name__icontains=self.text)
            found = found.filter(named | Q(lines__sku__istartswith=self.text))
        return list(found.distinct().order_by("-posted_on", "-pk")[:ROWS])
