"""Papers of shipments: the package of one, and whether documents of paid invoices are made in time.

DOC-1: documents are made within so many working days (a setting) after the payment.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, DateField, Exists, OuterRef, Q, Subquery, When
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.calendar import add_working_days
from crm.work.registry import setting
from deals.models import Invoice, Shipment, ShipmentDocument, ShipmentDocumentKind

STEP_WORDS = {
    "made": gettext_lazy("Document made"),
    "handed": gettext_lazy("Document handed over"),
    "returned": gettext_lazy("Document came back signed"),
}


@dataclass(frozen=True)
class PackageLine:
    """A kind of paper that the shipment needs, or has."""

    kind: str
    document: ShipmentDocument | None
    is_required: bool

    @property
    def label(self) -> str:
        return str(ShipmentDocumentKind(self.kind).label)

    @property
    def next_step(self) -> str:
        """What comes next: made, handed, returned; empty when all is done."""
        if self.document is None:
            return "made"
        if self.document.handed_on is None:
            return "handed"
        return "" if self.document.returned_on else "returned"


def package_of(shipment: Shipment) -> list[PackageLine]:
    """Required papers first, then what else there is."""
    known = {document.kind: document for document in shipment.documents.all()}
    wanted = setting("shipment.documents")
    kinds = [kind for kind in ShipmentDocumentKind.values if kind in wanted or kind in known]
    kinds.sort(key=lambda kind: kind not in wanted)
    return [PackageLine(kind, known.get(kind), kind in wanted) for kind in kinds]


def documents_deadline(paid_on: date) -> date:
    """The last day on which documents of a payment are in time (DOC-1)."""
    return add_working_days(paid_on, setting("shipment.documents_days"))


def is_late(paid_on: date, made_on: date | None, as_of: date) -> bool:
    """Made after the deadline, or not made and the deadline has passed (DOC-1)."""
    return (made_on or as_of) > documents_deadline(paid_on)


def paid_invoices() -> Any:
    """Advances that are paid in full, with `documents_on`: the first day on which their goods were
    posted, null while there are none.

    Goods of an order are those of its shipments; without an order any sale to the client that was
    posted on the day of the payment or later counts.
    """
    of_order, of_client = _sales_after()
    made = Case(
        When(order__isnull=False, then=_first_day(of_order)),
        default=_first_day(of_client),
        output_field=DateField(),
    )
    return _paid().annotate(documents_on=made)


def paid_invoices_without_documents() -> Any:
    """Those of `paid_invoices` whose documents have not been made, asked for without their days."""
    of_order, of_client = _sales_after()
    return _paid().exclude(
        Q(order__isnull=False) & Exists(of_order) | Q(order=None) & Exists(of_client)
    )


def _paid() -> Any:
    """Advances have no shipment (`invoice_of_shipment_is_postpay`): said, so that they are read
    from the index of shipments and not from all invoices that were settled in the days."""
    advances = Invoice.objects.filter(kind="prepay", shipment=None)
    return advances.filter(cancelled_on=None, settled_on__isnull=False)


def _sales_after() -> tuple[Any, Any]:
    sales = Shipment.objects.live().filter(kind="sale").order_by()
    of_client = sales.filter(client=OuterRef("client"), posted_on__gte=OuterRef("settled_on"))
    return sales.filter(order=OuterRef("order")), of_client


def _first_day(sales: Any) -> Subquery:
    return Subquery(sales.order_by("posted_on").values("posted_on")[:1])


@dataclass(frozen=True)
class WaitingInvoice:
    """A paid invoice without documents: since when, until when, and whether that has passed."""

    invoice: Invoice
    deadline: date
    late: bool


def waiting_invoices(user: User, as_of: date) -> Iterable[WaitingInvoice]:
    """The list of DOC-1 on a day, the oldest payment first."""
    rows = paid_invoices_without_documents().visible_to(user).filter(settled_on__lte=as_of)
    for invoice in rows.select_related("client__manager").order_by("settled_on", "pk"):
        deadline = documents_deadline(invoice.settled_on)
        yield WaitingInvoice(invoice, deadline, is_late(invoice.settled_on, None, as_of))
