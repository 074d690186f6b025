"""Receipts to come: by due day and by promise (D.6), promises of clients to pay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum

from clients.models import ContactLog
from crm.accounts.models import User
from deals.models import Invoice
from deals.receivables.promises import with_received
from reports.queries.receivables.ageing import NOTHING


@dataclass(frozen=True)
class ExpectedDay:
    """What falls due and what was promised for a day; None is everything that is overdue."""

    day: date | None
    due: Decimal = NOTHING
    invoices: int = 0
    promised: Decimal = NOTHING
    promises: int = 0


def expected_receipts(user: User, *, today: date, days: int = 60) -> list[ExpectedDay]:
    """The overdue first, then each day on which something falls due or was promised.

    Promised money is a part of the debt too: the columns are not added to each other.
    """
    last = today + timedelta(days=days)
    unpaid = Invoice.objects.visible_to(user).unpaid()
    counted = {"amount": Sum("open_amount"), "count": Count("pk")}
    overdue = unpaid.order_by().filter(due_on__lt=today).aggregate(**counted)
    by_due = unpaid.order_by().filter(due_on__gte=today, due_on__lte=last).values("due_on")
    due = {row["due_on"]: row for row in by_due.annotate(**counted)}
    promised = {row["promise_on"]: row for row in _promised(user, today, last)}
    rows = [ExpectedDay(None, overdue["amount"] or NOTHING, overdue["count"])]
    for day in sorted({*due, *promised}):
        here, word = due.get(day, {}), promised.get(day, {})
        rows.append(
            ExpectedDay(
                day,
                here.get("amount", NOTHING),
                here.get("count", 0),
                word.get("amount", NOTHING),
                word.get("count", 0),
            )
        )
    return rows


def _promised(user: User, today: date, last: date) -> Any:
    open_ones = ContactLog.objects.of_clients_visible_to(user).with_promise()
    open_ones = open_ones.filter(promise_kept=None, promise_on__gte=today, promise_on__lte=last)
    by_day = open_ones.order_by().values("promise_on")
    return by_day.annotate(amount=Sum("promise_amount"), count=Count("pk"))


@dataclass(frozen=True)
class PromiseRow:
    """A promise to pay with what came since the contact, by the promised day."""

    contact: ContactLog
    received: Decimal

    @property
    def state(self) -> str:
        """open, kept or broken."""
        if self.contact.promise_kept is None:
            return "open"
        return "kept" if self.contact.promise_kept else "broken"


def promises(
    user: User, first: date, last: date, *, state: str = "", limit: int = 2000
) -> list[PromiseRow]:
    """Promises for the days from the first to the last, the earliest first."""
    rows = ContactLog.objects.of_clients_visible_to(user).with_promise()
    rows = rows.filter(promise_on__gte=first, promise_on__lte=last)
    if state:
        rows = rows.filter(promise_kept={"open": None, "kept": True, "broken": False}[state])
    rows = rows.select_related("client", "client__manager", "person", "manager")
    rows = with_received(rows).order_by("promise_on", "pk")[:limit]
    return [PromiseRow(contact, contact.received) for contact in rows]
