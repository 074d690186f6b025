"""Figures of the accountant's home page: a month's receipts by day and what was expected."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum

from claims.models import Return
from crm.accounts.models import User
from deals.models import Allocation, BankStatement, Invoice, Payment, Shipment

STATEMENTS = 5


@dataclass(frozen=True)
class Day:
    """Roubles received on the day, and those due on it."""

    on: date
    received: Decimal
    expected: Decimal


@dataclass(frozen=True)
class Accounting:
    """What the accounting looks at in the morning."""

    month: date
    last_day: date
    days: list[Day]
    statements: list[BankStatement]
    advances: Decimal
    unassigned: int
    returns: int

    @property
    def received(self) -> Decimal:
        return sum((day.received for day in self.days), Decimal(0))

    @property
    def expected(self) -> Decimal:
        return sum((day.expected for day in self.days), Decimal(0))


def accounting(user: User, month: date, days: list[Day]) -> Accounting:
    """The figures of the month that the person sees; `days` are those of `days_of`."""
    advances = Payment.objects.visible_to(user).advances().aggregate(total=Sum("left"))
    return Accounting(
        month=month,
        last_day=_last_of(month),
        days=days,
        statements=list(BankStatement.objects.visible_to(user).for_list()[:STATEMENTS]),
        advances=advances["total"] or Decimal(0),
        unassigned=Shipment.objects.visible_to(user).unassigned().count(),
        returns=Return.objects.visible_to(user).to_credit().count(),
    )


def days_of(user: User, month: date) -> list[Day]:
    """Every day of the month with what was received and what was expected.

    Received: clients' money by the day of the bank. Expected: of invoices due in the month what was
    open when the month began, or when they were issued in it. That is what is open now and what
    has been paid since.
    """
    last = _last_of(month)
    received = _by_day(
        Payment.objects.visible_to(user).incoming().in_period(month, last), "paid_on", "amount"
    )
    left = _by_day(_due(user, month), "due_on", "open_amount")
    paid = _by_day(_paid_since(user, month), "invoice__due_on", "amount")
    zero = Decimal(0)
    return [
        Day(on, received.get(on, zero), left.get(on, zero) + paid.get(on, zero))
        for number in range(1, last.day + 1)
        for on in [month.replace(day=number)]
    ]


def _due(user: User, month: date) -> QuerySet[Invoice]:
    """Invoices due in the month; those settled before it were not expected any more."""
    rows = Invoice.objects.visible_to(user).debts().filter(due_on__range=(month, _last_of(month)))
    return rows.filter(Q(settled_on=None) | Q(settled_on__gte=month))


def _paid_since(user: User, month: date) -> QuerySet[Allocation]:
    """What has been paid for invoices due in the month since it began."""
    return Allocation.objects.visible_to(user).filter(
        invoice__due_on__range=(month, _last_of(month)),
        invoice__kind="postpay",
        invoice__cancelled_on=None,
        on_day__gte=month,
    )


@dataclass(frozen=True)
class Expected:
    """An invoice due in the month: roubles still open, and paid since the month began."""

    invoice: Invoice
    left: Decimal
    paid: Decimal


def expected_of(user: User, month: date) -> list[Expected]:
    """The invoices behind what `days_of` expects, by their due days: three queries."""
    left = dict(_due(user, month).order_by().values_list("pk", "open_amount"))
    paid = _by_day(_paid_since(user, month), "invoice", "amount")
    rows = Invoice.objects.filter(pk__in={*left, *paid}).select_related("client")
    return [
        Expected(one, left.get(one.pk, Decimal(0)), paid.get(one.pk, Decimal(0)))
        for one in rows.order_by("due_on", "number", "pk")
    ]


def _last_of(month: date) -> date:
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def _by_day(rows: QuerySet[Any], day: str, amount: str) -> dict[Any, Decimal]:
    sums = rows.order_by().values_list(day).annotate(total=Sum(amount))
    return dict(sums)
