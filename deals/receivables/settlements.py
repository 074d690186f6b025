"""Mutual settlements with a client, document by document (D.3, REC-2): positive is owed to us.

Amounts are roubles with VAT. Who may see them is decided before: rows are given by the caller.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from deals.models import Invoice, Payment, Shipment

ZERO = Decimal(0)
NOT_IN_BOOKS = ("reversed", "ignored", "unmatched")


@dataclass(frozen=True)
class Entry:
    """A document: what it adds to the debt, or takes from it when negative."""

    day: date
    order: int
    record: Shipment | Invoice | Payment
    words: str
    change: Decimal

    @property
    def number(self) -> str:
        """The number of the document, which a payment may lack."""
        return self.record.number

    @property
    def debit(self) -> Decimal:
        """What raises the debt; nothing of a document that lowers it."""
        return max(self.change, ZERO)

    @property
    def credit(self) -> Decimal:
        """What lowers the debt; nothing of a document that raises it."""
        return max(-self.change, ZERO)


@dataclass(frozen=True)
class Documents:
    """The three kinds of documents that change what a client owes."""

    shipments: QuerySet[Shipment]
    invoices: QuerySet[Invoice]
    payments: QuerySet[Payment]

    @classmethod
    def of(
        cls,
        client_id: int,
        *,
        contract_id: int | None = None,
        shipments: QuerySet[Shipment] | None = None,
        invoices: QuerySet[Invoice] | None = None,
        payments: QuerySet[Payment] | None = None,
    ) -> Documents:
        """Shipments and returns, debts that no shipment made, money received and given back.

        Of one contract, if it is named; of the rows given, if there are any.
        """
        whose: dict[str, int] = {"client": client_id}
        if contract_id is not None:
            whose["contract"] = contract_id
        sold = Shipment.objects.all() if shipments is None else shipments
        billed = Invoice.objects.all() if invoices is None else invoices
        paid = Payment.objects.all() if payments is None else payments
        return of_clients(sold.filter(**whose), billed.filter(**whose), paid.filter(**whose))

    def opening(self, first: date) -> Decimal:
        """What was owed before the day."""
        paid = (
            self.payments.filter(paid_on__lt=first)
            .order_by()
            .aggregate(
                received=Sum("amount", filter=Q(direction="in")),
                refunded=Sum("amount", filter=Q(direction="out")),
            )
        )
        shipped = _sum(self.shipments.filter(posted_on__lt=first))
        billed = _sum(self.invoices.filter(issued_on__lt=first))
        return shipped + billed - (paid["received"] or ZERO) + (paid["refunded"] or ZERO)

    def entries(self, first: date, last: date) -> list[Entry]:
        """Documents from the first to the last day; debts before money within a day."""
        rows = [*self._shipped(first, last), *self._billed(first, last), *self._paid(first, last)]
        return sorted(rows, key=lambda row: (row.day, row.order, row.number))

    def _shipped(self, first: date, last: date) -> Iterator[Entry]:
        for row in self.shipments.filter(posted_on__gte=first, posted_on__lte=last):
            words = f"{row.get_kind_display()} {row.number}"
            if row.reverses_id:
                words = _("Reversal: %(document)s") % {"document": words}
            assert row.posted_on  # what counts is posted
            yield Entry(row.posted_on, 1, row, words, row.amount)

    def _billed(self, first: date, last: date) -> Iterator[Entry]:
        for row in self.invoices.filter(issued_on__gte=first, issued_on__lte=last):
            words = _("Invoice %(number)s") % {"number": row.number}
            yield Entry(row.issued_on, 2, row, words, row.amount)

    def _paid(self, first: date, last: date) -> Iterator[Entry]:
        for row in self.payments.filter(paid_on__gte=first, paid_on__lte=last):
            back = row.direction == "out"
            text = _("Refund %(number)s") if back else _("Payment %(number)s")
            change = row.amount if back else -row.amount
            yield Entry(row.paid_on, 3, row, (text % {"number": row.number}).strip(), change)


def of_clients(
    shipments: QuerySet[Shipment], invoices: QuerySet[Invoice], payments: QuerySet[Payment]
) -> Documents:
    """Of the rows given, those that change what a client owes."""
    money = Q(kind="customer", direction="in") | Q(kind="refund", direction="out")
    return Documents(
        shipments.counted(),  # type: ignore[attr-defined]
        invoices.debts().filter(shipment=None),  # type: ignore[attr-defined]
        payments.filter(money).exclude(state__in=NOT_IN_BOOKS),
    )


def _sum(rows: QuerySet[Any]) -> Decimal:
    total: Decimal | None = rows.order_by().aggregate(total=Sum("amount"))["total"]
    return total or ZERO
