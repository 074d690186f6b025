"""Documents typed by hand, for those who have no 1C: drafts of sales, pre-payment invoices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from clients.models import Client
from crm.accounts.models import User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.lines import write_lines
from crm.money import round_half_up
from crm.numbering import format_number, one_at_a_time, take_numbers
from deals import permissions
from deals.models import (
    Contract,
    Invoice,
    InvoiceKind,
    Order,
    Product,
    Shipment,
    ShipmentKind,
    ShipmentLine,
    ShipmentState,
    VatKind,
)
from deals.pricing.vat import RateTable, vat_inside

PREFIXES = {
    ShipmentKind.SALE: "РТ",
    ShipmentKind.RETURN: "ВЗ",
    ShipmentKind.ADJUSTMENT: "КР",
}
ORDER_PREFIXES = {"regular": "ЗК", "made_to_order": "ЗП"}
PROPOSAL_PREFIX = "КП"
MOST_LINES = 200


@dataclass(frozen=True)
class Line:
    """A typed line; quantity is positive, the document's kind gives the sign."""

    product: Product | None
    name: str
    quantity: Decimal
    price: Decimal


@dataclass(frozen=True)
class Head:
    """What a typed document says above its lines."""

    kind: ShipmentKind
    client: Client
    contract: Contract | None
    original: Shipment | None
    dated_on: date
    note: str = ""


@transaction.atomic
def create_document(*, by: User, head: Head, lines: list[Line], key: UUID) -> Shipment:
    """Write a draft with its lines and a number of the year; once per `key` (G-RL7).

    VAT is of the date of the document, of a return that of its original sale (VAT-4). Raises
    RuleViolation for a document without lines or a return of another client's sale.
    """
    if not permissions.can_enter_documents(by):
        raise PermissionDenied
    one_at_a_time(key)
    before: Shipment | None = Shipment.objects.filter(idempotency_key=key, created_by=by).first()
    return before or draft_document(by=by, head=head, lines=lines, key=key)


def draft_document(*, by: User, head: Head, lines: list[Line], key: UUID) -> Shipment:
    """The draft of `create_document`, for an action that has checked the right itself."""
    _check(head, lines)
    number = take_numbers(f"shipment.{head.kind}", year=head.dated_on.year)[0]
    document = Shipment(
        kind=head.kind,
        state=ShipmentState.DRAFT,
        number=format_number(PREFIXES[head.kind], head.dated_on.year, number),
        created_by=by,
        idempotency_key=key,
        amount=0,
    )
    with verb("shipment.created", by=by):
        _write(document, head, lines)
    return document


@transaction.atomic
def edit_document(
    shipment_id: int, *, by: User, version: int, head: Head, lines: list[Line]
) -> Shipment:
    """Replace what a draft says; StaleVersion when somebody was faster."""
    if not permissions.can_enter_documents(by):
        raise PermissionDenied
    document = _draft(shipment_id, by, version)
    _check(head, lines)
    with verb("shipment.edited", by=by):
        document.version += 1
        _write(document, head, lines)
    return document


@transaction.atomic
def create_prepayment(
    *,
    by: User,
    client: Client,
    contract: Contract | None,
    amount: Decimal,
    due_on: date,
    today: date,
    key: UUID,
    note: str = "",
    order: Order | None = None,
) -> Invoice:
    """Ask a client for an advance, for a prepaid order or not; no debt arises. Once per `key`."""
    if not permissions.can_enter_documents(by):
        raise PermissionDenied
    one_at_a_time(key)
    before: Invoice | None = Invoice.objects.filter(idempotency_key=key, created_by=by).first()
    if before is not None:
        return before
    if due_on < today:
        raise RuleViolation(_("Not earlier than today."), field="due_on")
    number = take_numbers("invoice.prepay", year=today.year)[0]
    rate = RateTable().percent("standard", today)
    with verb("invoice.created", by=by):
        return Invoice.objects.create(
            kind=InvoiceKind.PREPAY,
            number=format_number("СЧ", today.year, number),
            client=client,
            contract=contract,
            issued_on=today,
            due_on=due_on,
            amount=amount,
            vat_amount=vat_inside(amount, rate),
            note=note,
            order=order,
            created_by=by,
            idempotency_key=key,
        )


@transaction.atomic
def cancel_invoice(invoice_id: int, *, by: User, version: int, on: date, reason: str) -> Invoice:
    """Withdraw a pre-payment invoice that nothing pays (C.5 no. 14)."""
    invoice = _locked_invoice(invoice_id, by, version)
    if invoice.shipment_id is not None:
        raise RuleViolation(_("The invoice of a shipment goes with it: reverse the shipment."))
    if invoice.cancelled_on is not None:
        raise RuleViolation(_("The invoice is cancelled already."))
    if invoice.allocations.exists():
        raise RuleViolation(_("Payments stand on the invoice: take them off first."))
    invoice.cancelled_on, invoice.note = on, reason
    return _save_invoice(invoice, "invoice.cancelled", by, "cancelled_on", "note")


@transaction.atomic
def dispute_invoice(
    invoice_id: int, *, by: User, version: int, disputed: bool, reason: str
) -> Invoice:
    """Mark that the client does not accept the debt, or that it does again."""
    invoice = _locked_invoice(invoice_id, by, version)
    if invoice.is_disputed == disputed:
        raise disputed_already(disputed)
    invoice.is_disputed, invoice.note = disputed, reason
    return _save_invoice(invoice, "invoice.disputed", by, "is_disputed", "note")


def disputed_already(disputed: bool) -> RuleViolation:
    """What to say to a person whose page is older than the dispute."""
    if disputed:
        return RuleViolation(_("The invoice is marked as disputed already."))
    return RuleViolation(_("The invoice is not disputed any more."))


def _check(head: Head, lines: list[Line]) -> None:
    if not lines:
        raise RuleViolation(_("A document has at least one line."))
    if len(lines) > MOST_LINES:
        raise RuleViolation(_("A document has at most %(most)s lines.") % {"most": MOST_LINES})
    if head.original is not None and head.original.client_id != head.client.pk:
        raise RuleViolation(_("This sale was made to another client."), field="original")
    if head.contract is not None and head.contract.client_id != head.client.pk:
        raise RuleViolation(_("This is the contract of another client."), field="contract")


def _write(document: Shipment, head: Head, lines: list[Line]) -> None:
    """Head, lines and sums; the document's VAT is the sum of its lines (D.16)."""
    rates, day = RateTable(), (head.original or head).dated_on
    sign = -1 if head.kind == ShipmentKind.RETURN else 1
    rows = []
    for position, line in enumerate(lines, start=1):
        percent = rate_of_day(
            rates, line.product.vat_kind if line.product else VatKind.STANDARD, day
        )
        amount = sign * round_half_up(line.quantity * line.price)
        rows.append(
            ShipmentLine(
                shipment=document,
                position=position,
                product=line.product,
                sku=line.product.sku if line.product else "",
                name=line.name or str(line.product),
                quantity=sign * line.quantity,
                price=line.price,
                amount=amount,
                vat_percent=percent,
                vat_amount=vat_inside(amount, percent),
            )
        )
    document.client, document.contract = head.client, head.contract
    document.original, document.dated_on, document.note = head.original, head.dated_on, head.note
    document.kind = head.kind
    document.amount = sum((row.amount for row in rows), Decimal(0))
    document.vat_amount = sum((row.vat_amount for row in rows), Decimal(0))
    document.save()
    write_lines(document.lines.all(), rows, same=lambda line: line.product_id or line.name)


def rate_of_day(rates: RateTable, kind: str, day: date) -> Decimal | None:
    """The rate of the day; a kind that has none then is refused, not taken as without VAT."""
    percent = rates.percent(kind, day)
    if percent is None and kind != VatKind.NONE:
        text = _("No VAT rate of the kind “%(kind)s” holds on %(day)s.")
        raise RuleViolation(text % {"kind": VatKind(kind).label, "day": f"{day:%d.%m.%Y}"})
    return percent


def _draft(shipment_id: int, by: User, version: int) -> Shipment:
    rows = Shipment.objects.visible_to(by).select_for_update(of=("self",))
    document: Shipment = rows.get(pk=shipment_id)
    if document.version != version:
        raise StaleVersion(of=document)
    if document.state != ShipmentState.DRAFT:
        raise RuleViolation(_("The document is not in a state for this."))
    return document


def _locked_invoice(invoice_id: int, by: User, version: int) -> Invoice:
    if not permissions.can_enter_documents(by):
        raise PermissionDenied
    rows = Invoice.objects.visible_to(by).select_for_update(of=("self",))
    invoice: Invoice = rows.get(pk=invoice_id)
    if invoice.version != version:
        raise StaleVersion(of=invoice)
    return invoice


def _save_invoice(invoice: Invoice, name: str, by: User, *fields: str) -> Invoice:
    invoice.version += 1
    with verb(name, by=by):
        invoice.save(update_fields=[*fields, "version"])
    return invoice
