"""Use of credit limits (CRED-1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from crm.accounts.models import User
from crm.money import percent
from deals.debts import Exposure, reserved_for
from deals.models import CreditLimit, Invoice

NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class CreditUse:
    """The limit of a client and how much of it is used."""

    client_id: int
    exposure: Exposure

    @property
    def used_percent(self) -> Decimal | None:
        """None for a limit of zero."""
        return percent(self.exposure.exposure, self.exposure.limit or 0)


def credit_use(user: User, day: date) -> list[CreditUse]:
    """Visible clients with a limit in force on the day against what they owe now."""
    limits = CreditLimit.objects.visible_to(user).on(day)
    amounts = dict(limits.order_by().values_list("client", "amount"))
    owed = Invoice.objects.unpaid().filter(client__in=list(amounts)).order_by().values("client")
    sums = dict(owed.annotate(s=Sum("open_amount")).values_list("client", "s"))
    reserved = reserved_for(list(amounts))
    rows = [
        CreditUse(pk, Exposure(limit, sums.get(pk, NOTHING), reserved.get(pk, NOTHING)))
        for pk, limit in amounts.items()
    ]
    return sorted(rows, key=lambda row: (-(row.used_percent or 0), row.client_id))
