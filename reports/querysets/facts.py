"""Reads of facts: seen by whom they are credited to, and by the heads of that unit.

A client that has been handed over stays in the months of the manager it left: what a person
brought is theirs to see, whoever answers for the client today.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from reports.querysets.plans import OfManagerQuerySet, seen_parts

if TYPE_CHECKING:
    from crm.accounts.models import User


class OfMonthQuerySet(OfManagerQuerySet):
    """Rows of a month that are credited to somebody."""

    def of_month(self, month: date) -> Self:
        """Of the month of the day."""
        return self.filter(month=month.replace(day=1))

    def of_months(self, months: Iterable[date]) -> Self:
        """Of these months, each by its first day."""
        return self.filter(month__in=list(months))


class ClientMonthQuerySet(OfMonthQuerySet):
    """Reads of the months of clients."""

    def with_trade(self) -> Self:
        """Something was sold or paid, or came back."""
        return self.filter(Q(sales__gt=0) | ~Q(ship=0) | ~Q(cash=0))

    def totals(self) -> dict[str, Any]:
        """Sums of the rows, as of now and as of the closing; active clients are counted once."""
        return self.order_by().aggregate(**sums())


class GroupMonthQuerySet(OfMonthQuerySet):
    """Reads of the months of product groups."""


def sums() -> dict[str, Any]:
    """What is added up over months of clients."""
    return {
        # Before the sum of sales, whose name is that of the column.
        "active": Count("client", distinct=True, filter=Q(sales__gt=0)),
        "ship": Coalesce(Sum("ship"), 0, output_field=MONEY),
        "cash": Coalesce(Sum("cash"), 0, output_field=MONEY),
        "sales": Coalesce(Sum("sales"), 0),
        "contacts": Coalesce(Sum("contacts"), 0),
        "final_ship": Sum("final_ship"),
        "final_cash": Sum("final_cash"),
        "final_contacts": Sum("final_contacts"),
        "final_active": Count("client", distinct=True, filter=Q(final_sales__gt=0)),
    }


def group_sums() -> dict[str, Any]:
    """What is added up over months of product groups."""
    return {
        "ship": Coalesce(Sum("ship"), 0, output_field=MONEY),
        "final_ship": Sum("final_ship"),
    }


MONEY = models.DecimalField(max_digits=17, decimal_places=2)


class KpiSnapshotQuerySet(OfMonthQuerySet):
    """Reads of the figures of months."""

    def company(self) -> Self:
        """Of everything, with what belongs to no unit."""
        return self.filter(level="company")

    def units(self) -> Self:
        """Of departments and sectors, each with all below it."""
        return self.filter(level="unit")

    def managers(self) -> Self:
        """Of managers, each in the unit of the last day of the month."""
        return self.filter(level="manager")


class LateChangeQuerySet(models.QuerySet[Any]):
    """Reads of changes after the closing."""

    def visible_to(self, user: User) -> Self:
        """Of clients whose months the person sees."""
        condition = seen_parts(user)
        if condition is None:
            return self.none()
        if not condition:
            return self
        months: Any = self.model._meta.apps.get_model("reports", "ClientMonth")
        seen = months.objects.filter(condition, month=models.OuterRef("month"))
        return self.filter(models.Exists(seen.filter(client=models.OuterRef("client"))))
