"""What a client owes over a period, document by document (D.3, REC-2): positive is owed to us."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from clients.models import Client
from crm.accounts.models import User
from deals.models import Invoice, Payment, Shipment
from reports import links
from reports.parameters import Period
from reports.registry import Params, Row

ZERO = Decimal(0)


@dataclass(frozen=True)
class Entry:
    """A document: what it adds to the debt, or takes from it when negative."""

    day: date
    order: int
    number: str
    words: str
    change: Decimal
    url: str


@dataclass(frozen=True)
class Documents:
    """The three kinds of documents that change what a client owes."""

    shipments: QuerySet[Shipment]
    invoices: QuerySet[Invoice]
    payments: QuerySet[Payment]


def documents_of(user: User, client: Client) -> Documents:
    """Shipments and returns, debts that no shipment made, money received and given back."""
    payments = Payment.objects.visible_to(user).filter(client=client)
    payments = payments.exclude(state__in=["reversed", "ignored", "unmatched"])
    return Documents(
        Shipment.objects.visible_to(user).counted().filter(client=client),
        Invoice.objects.visible_to(user).debts().filter(client=client, shipment=None),
        payments.filter(Q(kind="customer", direction="in") | Q(kind="refund", direction="out")),
    )


def opening(found: Documents, first: date) -> Decimal:
    """What was owed before the day."""
    shipped = _sum(found.shipments.filter(posted_on__lt=first))
    billed = _sum(found.invoices.filter(issued_on__lt=first))
    paid = (
        found.payments.filter(paid_on__lt=first)
        .order_by()
        .aggregate(
            received=Sum("amount", filter=Q(direction="in")),
            refunded=Sum("amount", filter=Q(direction="out")),
        )
    )
    return shipped + billed - (paid["received"] or ZERO) + (paid["refunded"] or ZERO)


def _sum(rows: QuerySet[Any]) -> Decimal:
    total: Decimal | None = rows.order_by().aggregate(total=Sum("amount"))["total"]
    return total or ZERO


def entries(found: Documents, period: Period) -> list[Entry]:
    """Documents of the period by day; debts before money within a day."""
    rows = [*_shipped(found, period), *_billed(found, period), *_paid(found, period)]
    return sorted(rows, key=lambda row: (row.day, row.order, row.number))


def _shipped(found: Documents, period: Period) -> Iterator[Entry]:
    for row in found.shipments.in_period(period.first, period.last):  # type: ignore[attr-defined]
        words = f"{row.get_kind_display()} {row.number}"
        if row.reverses_id:
            words = _("Reversal: %(document)s") % {"document": words}
        url = links.record("deals:shipment_detail", row.pk)
        yield Entry(row.posted_on, 1, row.number, words, row.amount, url)


def _billed(found: Documents, period: Period) -> Iterator[Entry]:
    rows = found.invoices.filter(issued_on__gte=period.first, issued_on__lte=period.last)
    for row in rows:
        words = _("Invoice %(number)s") % {"number": row.number}
        url = links.record("deals:invoice_detail", row.pk)
        yield Entry(row.issued_on, 2, row.number, words, row.amount, url)


def _paid(found: Documents, period: Period) -> Iterator[Entry]:
    for row in found.payments.in_period(period.first, period.last):  # type: ignore[attr-defined]
        back = row.direction == "out"
        text = _("Refund %(number)s") if back else _("Payment %(number)s")
        change = row.amount if back else -row.amount
        url = links.record("deals:payment_detail", row.pk)
        yield Entry(row.paid_on, 3, row.number, text % {"number": row.number}, change, url)


def balance_rows(user: User, params: Params) -> Iterator[Row]:
    """Documents with debit, credit and the balance after each."""
    found = documents_of(user, params["client"])
    balance = opening(found, params["period"].first)
    for entry in entries(found, params["period"]):
        balance += entry.change
        yield {
            "day": entry.day,
            "document": entry.words,
            "url": entry.url,
            "debit": entry.change if entry.change > 0 else None,
            "credit": -entry.change if entry.change < 0 else None,
            "balance": balance,
        }


def balance_totals(user: User, params: Params, rows: Sequence[Row]) -> Row:
    """Opening and closing; closing = opening + debit − credit."""
    first = opening(documents_of(user, params["client"]), params["period"].first)
    last = rows[-1]["balance"] if rows else first
    return {"opening": first, "closing": last, "balance": last}
