"""The invoices behind a figure of receivables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from django.db.models import F, Sum

from crm.accounts.models import User
from deals.models import Invoice
from deals.receivables.limitation import Limitation, with_limitation
from reports.queries.receivables.ageing import NOTHING, open_invoices
from reports.queries.receivables.grouping import narrowed

MOST = 500


class Question(Protocol):
    """What the address asks for."""

    as_of: date
    today: date
    due_from: date | None
    due_to: date | None
    where: dict[str, Any]


@dataclass(frozen=True)
class OpenDocument:
    """An invoice with what was open on it, and how late it was."""

    invoice: Invoice
    open: Decimal
    days_overdue: int
    # To the end of limitation, while it is near; None: it is far.
    days_left: int | None = None


@dataclass(frozen=True)
class Documents:
    """The earliest due ones, and how many there are with how much."""

    rows: list[OpenDocument]
    count: int
    total: Decimal


def _document(invoice: Invoice, day: date, term: Limitation) -> OpenDocument:
    left = term.days_left(day) if term.is_near(day) else None
    return OpenDocument(invoice, invoice.open_on_day, max(0, (day - invoice.due_on).days), left)  # type: ignore[attr-defined]


def documents_behind(user: User, asked: Question) -> Documents:
    """Visible invoices of the group and of the due days that were open at the end of the day."""
    rows = narrowed(open_invoices(user, as_of=asked.as_of, today=asked.today), asked.where)
    if asked.due_from:
        rows = rows.filter(due_on__gte=asked.due_from)
    if asked.due_to:
        rows = rows.filter(due_on__lte=asked.due_to)
    amount = "open_amount" if asked.as_of >= asked.today else "open_then"
    rows = rows.annotate(open_on_day=F(amount))
    total = rows.order_by().aggregate(total=Sum("open_on_day"))["total"] or NOTHING
    shown = rows.select_related("client", "client__manager", "contract").fifo()[:MOST]
    documents = [_document(invoice, asked.as_of, term) for invoice, term in with_limitation(shown)]
    count = len(documents) if len(documents) < MOST else rows.order_by().count()
    return Documents(documents, count, total)
