"""Writing of imported invoices and of the payments that settled them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy

from crm.copying import copy_values
from crm.errors import RuleViolation
from crm.imports.registry import Run
from crm.refusals import Sentence, politely
from crm.said import gettext as _
from deals.conditions.client_terms import TermsTable
from deals.importers.contracts import Contracts
from deals.importers.invoice_facts import InvoiceFacts
from deals.importers.parties import Parties
from deals.models import (
    Allocation,
    AllocationKind,
    Invoice,
    InvoiceKind,
    Payment,
    PaymentDirection,
    PaymentKind,
    PaymentState,
)

INVOICE_COLUMNS = (
    *("number", "client_id", "contract_id", "issued_on", "due_on", "amount", "vat_amount"),
    *("is_disputed", "note", "external_id"),
)
PAYMENT_COLUMNS = (
    *("number", "client_id", "contract_id", "dated_on", "paid_on", "amount", "external_id"),
)
ALLOCATION_COLUMNS = ("payment_id", "invoice_id", "amount", "on_day")
_MEANWHILE = gettext_lazy("Somebody imported one of these invoices meanwhile. Import again.")
CONSTRAINTS: dict[str, Sentence] = {
    "invoice_external_id_once": (_MEANWHILE, None),
    "payment_external_id_once": (_MEANWHILE, None),
}


class InvoiceWriter:
    """Writes the invoices of one file."""

    def __init__(self, run: Run, parties: Parties) -> None:
        self.run = run
        self.parties = parties
        self.contracts = Contracts(run)
        self.terms = TermsTable()

    @property
    def _author_id(self) -> int | None:
        return self.run.by.pk if self.run.by else None

    def create(self, plans: Sequence[InvoiceFacts]) -> None:
        """Write new invoices; raises RuleViolation when the base changed under them."""
        if not plans:
            return
        self.parties.create()
        pairs = [(plan, self._client_id(plan)) for plan in plans]
        self.contracts.load((client_id, plan.contract) for plan, client_id in pairs)
        clients = {client_id for _plan, client_id in pairs}
        self.terms.load(clients, list(self.contracts.ids.values()))
        with politely(CONSTRAINTS):
            ids = copy_values(
                Invoice,
                INVOICE_COLUMNS,
                [self._invoice(plan, client_id) for plan, client_id in pairs],
                kind=InvoiceKind.POSTPAY,
                created_by_id=self._author_id,
            )
            self.run.journal.add(Invoice, ids)
            self._pay(
                [
                    (plan, pk, client_id, plan.amount)
                    for pk, (plan, client_id) in zip(ids, pairs, strict=True)
                    if plan.settled_on
                ]
            )

    def _client_id(self, plan: InvoiceFacts) -> int:
        owner = self.parties.owner(plan.party)
        assert owner is not None
        return owner.client_id

    def _invoice(self, plan: InvoiceFacts, client_id: int) -> tuple[object, ...]:
        contract = self.contracts.find(client_id, plan.contract)
        due = plan.due_on or self.terms.due_on(client_id, contract, plan.day)
        return (
            *(plan.number, client_id, contract, plan.day, due, plan.amount, plan.vat),
            *(bool(plan.disputed), plan.note, plan.external_id),
        )

    def _pay(self, settled: Sequence[tuple[InvoiceFacts, int, int, Decimal]]) -> None:
        """The payment of each settled invoice, named by its payer."""
        ids = copy_values(
            Payment,
            PAYMENT_COLUMNS,
            [self._payment(plan, client_id, amount) for plan, _pk, client_id, amount in settled],
            direction=PaymentDirection.IN,
            kind=PaymentKind.CUSTOMER,
            state=PaymentState.ALLOCATED,
            matched_by="invoice",
            created_by_id=self._author_id,
        )
        self.run.journal.add(Payment, ids)
        rows = [
            (payment_id, invoice_id, amount, plan.settled_on)
            for payment_id, (plan, invoice_id, _client, amount) in zip(ids, settled, strict=True)
        ]
        kind = AllocationKind.DESIGNATED
        made = copy_values(
            Allocation, ALLOCATION_COLUMNS, rows, kind=kind, created_by_id=self._author_id
        )
        self.run.journal.add(Allocation, made)

    def _payment(self, plan: InvoiceFacts, client_id: int, amount: Decimal) -> tuple[object, ...]:
        day: date | None = plan.settled_on
        contract = self.contracts.find(client_id, plan.contract)
        key = f"settled|{plan.external_id}"[:200]
        return (plan.number[:50], client_id, contract, day, day, amount, key)

    def update(self, plans: Sequence[InvoiceFacts]) -> None:
        """Pay and mark known invoices, as a later file says."""
        ids = sorted(plan.known.pk for plan in plans if plan.known)
        locked = Invoice.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
        fresh = {invoice.pk: invoice for invoice in locked}
        for plan in plans:
            assert plan.known is not None
            invoice = fresh[plan.known.pk]
            if (invoice.version, invoice.open_amount) != (
                plan.known.version,
                plan.known.open_amount,
            ):
                raise RuleViolation(
                    _("Somebody changed “%(name)s” meanwhile. Import the file again.")
                    % {"name": invoice.number}
                )
            if plan.disputes:
                self._mark(invoice, is_disputed=bool(plan.disputed))
        with politely(CONSTRAINTS):
            paid = [fresh[plan.known.pk] for plan in plans if plan.pays and plan.known]
            paying = [plan for plan in plans if plan.pays]
            self._pay(
                [
                    (plan, invoice.pk, invoice.client_id, invoice.open_amount)
                    for plan, invoice in zip(paying, paid, strict=True)
                ]
            )

    def _mark(self, invoice: Invoice, *, is_disputed: bool) -> None:
        former = {"is_disputed": invoice.is_disputed, "version": invoice.version}
        self.run.journal.change(invoice, former)
        invoice.is_disputed = is_disputed
        invoice.version += 1
        invoice.save(update_fields=["is_disputed", "version"])
