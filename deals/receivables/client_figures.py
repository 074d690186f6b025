"""What decisions about a client rest on: its money, all of it asked in one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Func, IntegerField, Q, QuerySet, Sum
from django.db.models.functions import Greatest

from crm.calendar import month_start
from crm.sql import beside, whole
from deals.models import Allocation, CreditLimit, Invoice, Payment, Shipment
from deals.receivables.debts import NOTHING, Debt, debt_from, debt_sums
from deals.receivables.discipline import Discipline

MONTHS = 12


class DaysBetween(Func):
    """Days from the second day to the first."""

    template = "(%(expressions)s)"
    arg_joiner = " - "
    output_field = IntegerField()


@dataclass(frozen=True)
class ClientFigures:
    """Roubles with VAT; discipline and turnover of twelve full months and the running one."""

    debt: Debt
    limit: Decimal | None
    advance: Decimal
    discipline: Discipline
    turnover: Decimal


def year_before(today: date) -> date:
    """The first day of the twelve full months."""
    return month_start(today, -MONTHS)


def figures_of(client_id: int, today: date) -> ClientFigures:
    """Debt, limit, free money, discipline and turnover of the client now."""
    shipments = Shipment.objects.filter(client=client_id).counted()
    bought = shipments.in_period(year_before(today), today)
    limit = CreditLimit.objects.filter(client=client_id).on(today).values_list("amount")[:1]
    [row] = beside(
        whole(Invoice.objects.filter(client=client_id).unpaid(), **debt_sums(today)),
        limit,
        whole(Payment.objects.filter(client=client_id).spare(), free=Sum("spare")),
        whole(shipments.credits(), free=Sum(-F("amount") - F("applied_amount"))),
        paid_by(client_id, today),
        whole(bought, turnover=Sum("amount")),
    )
    money, goods, *paid, turnover = row[4:]
    return ClientFigures(
        debt=debt_from(today, *row[:3]),
        limit=row[3],
        advance=(money or NOTHING) + (goods or NOTHING),
        discipline=discipline_from(*paid),
        turnover=turnover or NOTHING,
    )


def paid_by(client_id: int, today: date) -> QuerySet[Any, Any]:
    """The row of `discipline_from`: how the client paid, weighted by money (DISC-1)."""
    paid = Allocation.objects.filter(invoice__client=client_id).of_money(year_before(today), today)
    late = Greatest(DaysBetween(F("on_day"), F("invoice__due_on")), 0)
    return whole(
        paid,
        paid=Sum("amount"),
        on_time=Sum("amount", filter=Q(on_day__lte=F("invoice__due_on"))),
        late_days=Sum(F("amount") * late),
    )


def discipline_from(
    paid: Decimal | None, on_time: Decimal | None, late_days: Decimal | None
) -> Discipline:
    """The discipline of these sums; nothing paid is none."""
    return Discipline(paid or NOTHING, on_time or NOTHING, late_days or NOTHING)
