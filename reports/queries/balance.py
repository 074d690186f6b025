"""What a client owes over a period, document by document (D.3, REC-2): positive is owed to us."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clients.models import Client
from crm.accounts.models import User
from deals.models import Invoice, Payment, Shipment
from deals.receivables.settlements import Documents, Entry
from reports import links
from reports.registry import Params, Row

PAGES = {
    Shipment: "deals:shipment_detail",
    Invoice: "deals:invoice_detail",
    Payment: "deals:payment_detail",
}


def documents_of(user: User, client: Client) -> Documents:
    """Those that the person sees."""
    return Documents.of(
        client.pk,
        shipments=Shipment.objects.visible_to(user),
        invoices=Invoice.objects.visible_to(user),
        payments=Payment.objects.visible_to(user),
    )


def balance_rows(user: User, params: Params) -> Iterator[Row]:
    """Documents with debit, credit and the balance after each."""
    found, period = documents_of(user, params["client"]), params["period"]
    balance = found.opening(period.first)
    for entry in found.entries(period.first, period.last):
        balance += entry.change
        yield {
            "day": entry.day,
            "document": entry.words,
            "url": _url(entry),
            "debit": entry.debit or None,
            "credit": entry.credit or None,
            "balance": balance,
        }


def _url(entry: Entry) -> str:
    return links.record(PAGES[type(entry.record)], entry.record.pk)


def balance_totals(user: User, params: Params, rows: Sequence[Row]) -> Row:
    """Opening and closing; closing = opening + debit − credit."""
    first = documents_of(user, params["client"]).opening(params["period"].first)
    last = rows[-1]["balance"] if rows else first
    return {"opening": first, "closing": last, "balance": last}
