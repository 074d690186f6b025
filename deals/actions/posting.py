"""Posting and reversing documents of sale (C.5 no. 13): debts, due days, whose plan it is."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from clients.models import Client
from crm.accounts.models import User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from deals import permissions
from deals.actions.allocations import apply_credit, free_payment, lock_payments
from deals.actions.matching import spread_advances
from deals.actions.order_shipping import follow_order_of, lock_order_of
from deals.conditions.client_terms import terms_of
from deals.conditions.terms import due_date
from deals.models import (
    SHIPMENT_MOVES,
    Allocation,
    Invoice,
    InvoiceKind,
    Payment,
    Shipment,
    ShipmentKind,
    ShipmentState,
)


@transaction.atomic
def post_shipment(
    shipment_id: int, *, by: User | None, on: date, version: int | None = None
) -> Shipment:
    """Put a draft into the books of the day; a sale makes its invoice, a return lowers debts.

    Raises RuleViolation for a document that is not a draft or has no client.
    """
    document = _locked(shipment_id, by, version)
    _check_move(document, ShipmentState.POSTED)
    if document.client_id is None:
        raise RuleViolation(_("Name the client first."))
    lock_order_of(document)
    _lock_money(document)
    with verb("shipment.posted", by=by):
        client = Client.objects.select_related("org_unit").get(pk=document.client_id)
        document.state, document.posted_on = ShipmentState.POSTED, on
        document.client, document.manager_id = client, client.manager_id
        document.org_unit_id = client.org_unit_id
        document.version += 1
        document.save(update_fields=["state", "posted_on", "manager", "org_unit", "version"])
        settle_document(document, by=by)
        follow_order_of(document, by=by)
    return document


@transaction.atomic
def reverse_shipment(
    shipment_id: int, *, by: User, on: date, reason: str, version: int | None = None
) -> Shipment:
    """Take a posted document back by a mirror of the day; returns the mirror.

    The original stays in its month. Payments of its invoice become free, and the mirror sets the
    invoice off. Raises RuleViolation for a document that is not posted, or a day before it.
    """
    document = _locked(shipment_id, by, version)
    _check_move(document, ShipmentState.REVERSED)
    _check_reversal(document, on)
    lock_order_of(document, reversing=True)
    _lock_money(document)
    with verb("shipment.reversed", by=by):
        document.state = ShipmentState.REVERSED
        document.version += 1
        document.save(update_fields=["state", "version"])
        _free_everything(document, by)
        mirror = Shipment.objects.create(
            kind=document.kind,
            state=ShipmentState.POSTED,
            number=document.number,
            client_id=document.client_id,
            contract_id=document.contract_id,
            reverses=document,
            original_id=document.original_id,
            dated_on=on,
            posted_on=on,
            amount=-document.amount,
            vat_amount=-document.vat_amount,
            manager_id=document.manager_id,
            org_unit_id=document.org_unit_id,
            note=reason,
            created_by=by,
        )
        settle_document(mirror, by=by)
        follow_order_of(document, by=by)
    return mirror


def _lock_money(document: Shipment) -> None:
    """What may be moved: advances, what pays the document's invoice or its order's prepayments.

    Before any invoice is, so that nobody who allocates meanwhile waits for us while we wait.
    """
    advances = Payment.objects.unspent().filter(client=document.client_id)
    billed = Q(shipment=document.pk)
    if document.order_id is not None:
        billed |= Q(order=document.order_id)
    invoices = list(Invoice.objects.filter(billed).values_list("pk", flat=True))
    pks = set(advances.values_list("pk", flat=True))
    if invoices:
        standing = Allocation.objects.filter(invoice__in=invoices, payment__isnull=False)
        pks |= set(standing.values_list("payment", flat=True))
    lock_payments(pks)


def _check_reversal(document: Shipment, on: date) -> None:
    if document.reverses_id is not None:
        raise RuleViolation(_("This document takes another one back itself."))
    if document.posted_on is not None and on < document.posted_on:
        raise RuleViolation(_("Not earlier than the document itself."), field="on")


def settle_document(document: Shipment, *, by: User | None) -> None:
    """What a posted document does to debts: an invoice for a positive one, a set-off else."""
    if document.client_id is None or document.amount == 0:
        return
    if document.amount < 0:
        apply_credit(document.pk, by=by)
    else:
        issue_invoice(document, by=by)
        spread_advances([document.client_id], by=None)


def issue_invoice(document: Shipment, *, by: User | None) -> Invoice:
    """The debt that a posted positive document makes, due by the terms of its day."""
    assert document.client is not None
    assert document.posted_on is not None
    terms = terms_of(document.client, document.contract, document.posted_on)
    return Invoice.objects.create(
        kind=InvoiceKind.POSTPAY,
        number=document.number,
        client=document.client,
        contract_id=document.contract_id,
        shipment=document,
        issued_on=document.posted_on,
        due_on=due_date(document.posted_on, terms),
        amount=document.amount,
        vat_amount=document.vat_amount,
        created_by=by,
    )


def _free_everything(document: Shipment, by: User) -> None:
    """Nothing pays the reversed document any more, and it pays nothing."""
    Allocation.objects.filter(credit=document).delete()
    invoice = Invoice.objects.filter(shipment=document).first()
    if invoice is None:
        return
    paying = Allocation.objects.filter(invoice=invoice, payment__isnull=False)
    for payment_id in paying.order_by("payment_id").values_list("payment_id", flat=True):
        free_payment(payment_id, by=by, invoice_id=invoice.pk)
    credits = Allocation.objects.filter(invoice=invoice, credit__isnull=False)
    credits.exclude(credit__kind=ShipmentKind.RETURN, credit__original=document).delete()


@transaction.atomic
def cancel_draft(shipment_id: int, *, by: User, version: int) -> Shipment:
    """Throw a draft away; its number stays taken. RuleViolation for a posted document."""
    document = _locked(shipment_id, by, version)
    _check_move(document, ShipmentState.CANCELLED)
    with verb("shipment.cancelled", by=by):
        document.state = ShipmentState.CANCELLED
        document.version += 1
        document.save(update_fields=["state", "version"])
    return document


def _locked(shipment_id: int, by: User | None, version: int | None) -> Shipment:
    rows = Shipment.objects.all()
    if by is not None:
        if not permissions.can_enter_documents(by):
            raise PermissionDenied
        rows = rows.visible_to(by)
    found: Shipment = rows.select_for_update(of=("self",)).get(pk=shipment_id)
    if version is not None and found.version != version:
        raise StaleVersion(of=found)
    return found


def _check_move(document: Shipment, state: str) -> None:
    if state not in SHIPMENT_MOVES[document.state]:
        raise RuleViolation(_("The document is not in a state for this."))
