"""What a decision about a return rests on: goods, claim, how much the client gives back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from claims.models import Claim, Return
from clients.models import Client
from crm.accounts.models import User
from crm.calendar import month_start
from crm.money import percent
from crm.work.registry import setting
from deals.models import Shipment
from deals.permissions import can_see_money

SHOWN = 5


@dataclass(frozen=True)
class ReturnRate:
    """Shipped and returned roubles with VAT since the day (CLAIM-2)."""

    since: date
    shipped: Decimal
    returned: Decimal

    @property
    def share(self) -> Decimal | None:
        """Returned of shipped, percent; None where nothing was shipped."""
        return percent(self.returned, self.shipped)


def return_rate(client: Client, user: User, today: date) -> ReturnRate:
    """Of the last full months and the running one; what was reversed counts on neither side."""
    since = month_start(today, -setting("return.rate_months"))
    rows = Shipment.objects.visible_to(user).filter(client=client).live()
    found: dict[str, Any] = rows.in_period(since, today).turnover()
    return ReturnRate(since, found["shipped"], -found["returned"])


def goods_part(back: Return, user: User) -> dict[str, Any]:
    """Lines of the return, its sale and its claim; nothing of it without money."""
    sees = can_see_money(user)
    seen = Claim.objects.visible_to(user).filter(pk=back.claim_id).select_related("reason")
    return {
        "back": back,
        "sees": sees,
        "lines": back.lines.select_related("shipment_line", "product"),
        "share": percent(back.amount, back.shipment.amount) if back.shipment else None,
        "claim": seen.first() if back.claim_id else None,
    }


def client_part(back: Return, user: User, today: date) -> dict[str, Any]:
    """The rate of the client, and its returns before this one."""
    others = Return.objects.visible_to(user).filter(client=back.client_id).exclude(pk=back.pk)
    return {
        "back": back,
        "rate": return_rate(back.client, user, today) if can_see_money(user) else None,
        "others": others.select_related("reason")[:SHOWN],
    }
