"""The course of debts: the nightly photographs, by day (C.6)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TypedDict

from django.db.models import Count, F, Sum

from crm.accounts.models import User
from deals.models import AgeingLine


class DayOfDebt(TypedDict):
    """Roubles with VAT as the books stood in the night to the day."""

    on: date
    clients: int
    total: Decimal
    overdue: Decimal


def debts_by_day(user: User, first: date, last: date) -> list[DayOfDebt]:
    """Debts of the clients that the person sees now, of the days from first to last."""
    rows = AgeingLine.objects.visible_to(user)
    rows = rows.filter(snapshot__on__gte=first, snapshot__on__lte=last).order_by("snapshot__on")
    days = rows.values(on=F("snapshot__on")).annotate(
        clients=Count("pk"), total_sum=Sum("total"), overdue_sum=Sum("overdue")
    )
    return [
        DayOfDebt(
            on=row["on"],
            clients=row["clients"],
            total=row["total_sum"],
            overdue=row["overdue_sum"],
        )
        for row in days
    ]
