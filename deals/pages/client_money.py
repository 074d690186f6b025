"""What the card of a client shows of money: debt, limit, stops, turnover by month (ux.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Q, Subquery, Sum
from django.db.models.functions import Coalesce, TruncMonth
from django.utils.translation import gettext as _

from clients.models import Client
from crm.calendar import month_start
from crm.money import percent
from deals.models import Payment, RetroBonusAccrual, Shipment
from deals.querysets.shipments import ZERO
from deals.receivables.debts import Debt, ShipCheck, can_ship, debt_of

if TYPE_CHECKING:
    from crm.accounts.models import User

MONTHS = 12
ROWS = 20


@dataclass(frozen=True)
class Money:
    """What the client owes today, roubles with VAT; advances and credits are never netted."""

    debt: Debt
    check: ShipCheck
    advance: Decimal
    credit: Decimal
    month_shipped: Decimal
    # Retro bonuses accrued and not given; roubles without VAT.
    retro: Decimal

    @property
    def percent_of_month(self) -> Decimal | None:
        """Debt to the net shipments of the running month; None before the first one."""
        return percent(self.debt.total, self.month_shipped) if self.month_shipped > 0 else None

    @property
    def limit(self) -> Decimal | None:
        """The credit limit in force."""
        return self.check.exposure.limit

    @property
    def limit_used(self) -> Decimal | None:
        """Debt and reserved orders to the credit limit (CRED-1)."""
        return percent(self.check.exposure.exposure, self.limit) if self.limit else None


def money_of(client: Client, user: User, today: date) -> Money:
    """The figures of the header, a handful of short queries by index."""
    debt = debt_of(client.pk, today)
    advances = Payment.objects.visible_to(user).filter(client=client).spare()
    documents = Shipment.objects.visible_to(user).filter(client=client).counted()
    credits = documents.credits().aggregate(
        free=Coalesce(-Sum("amount") - Sum("applied_amount"), ZERO)
    )
    month = documents.in_period(today.replace(day=1), today).turnover()
    accrued = RetroBonusAccrual.objects.visible_to(user).filter(client=client)
    advance, retro = Client.objects.filter(pk=client.pk).values_list(
        Coalesce(Subquery(_of_client(advances, Sum("spare"))), ZERO),
        Coalesce(Subquery(_of_client(accrued, accrued.left)), ZERO),
    )[0]
    return Money(
        debt=debt,
        check=can_ship(client, today, debt=debt),
        advance=advance,
        credit=credits["free"],
        month_shipped=Decimal(str(month["net"])),
        retro=retro,
    )


def _of_client(rows: Any, total: Any) -> Any:
    """A sum over the rows of one client, as a subquery."""
    return rows.order_by().values("client").annotate(total=total).values("total")


@dataclass(frozen=True)
class MonthOfClient:
    """Turnover of a month, roubles with VAT."""

    first: date
    shipped: Decimal
    returned: Decimal
    received: Decimal

    @property
    def net(self) -> Decimal:
        return self.shipped + self.returned


def months_of(client: Client, user: User, today: date) -> list[MonthOfClient]:
    """The running month and the eleven before it, oldest first: two queries."""
    first = month_start(today, 1 - MONTHS)
    sold = Shipment.objects.visible_to(user).filter(client=client, posted_on__gte=first).counted()
    rows = (
        sold.annotate(month=TruncMonth("posted_on"))
        .values("month")
        .annotate(
            shipped=Coalesce(Sum("amount", filter=Q(amount__gt=0)), ZERO),
            returned=Coalesce(Sum("amount", filter=Q(amount__lt=0)), ZERO),
        )
        .order_by("month")
    )
    came = Payment.objects.visible_to(user).filter(client=client, paid_on__gte=first).incoming()
    received = dict(
        came.annotate(month=TruncMonth("paid_on"))
        .values_list("month")
        .annotate(Sum("amount"))
        .order_by("month")
    )
    by_month = {row["month"]: row for row in rows}
    made = []
    for number in range(MONTHS):
        month = month_start(first, number)
        row = by_month.get(month, {"shipped": Decimal(0), "returned": Decimal(0)})
        made.append(
            MonthOfClient(month, row["shipped"], row["returned"], received.get(month, Decimal(0)))
        )
    return made


def chart_of(months: list[MonthOfClient]) -> dict[str, Any]:
    """Net shipments and receipts by month for templates/shell/_chart.html."""
    return {
        "type": "bar",
        "unit": "money",
        "rows_title": _("Month"),
        "labels": [f"{month.first:%m.%y}" for month in months],
        "datasets": [
            {"label": _("Net shipments"), "data": [m.net for m in months], "tone": "accent"},
            {"label": _("Receipts"), "data": [m.received for m in months], "tone": "success"},
        ],
    }
