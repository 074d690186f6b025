"""Writing of debts of a report: invoices, money and returns, spread inside their contracts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crm.copying import copy_records
from crm.imports.registry import Run
from deals.actions.allocations import add_allocations
from deals.actions.bulk import apply_credits
from deals.conditions.client_terms import TermsTable
from deals.importers.contracts import Contracts
from deals.importers.parties import Owner, Parties
from deals.importers.receivable_facts import INVOICE, PAYMENT, Debts, Item
from deals.models import (
    Allocation,
    Invoice,
    Payment,
    PaymentDirection,
    PaymentState,
    Shipment,
    ShipmentState,
)
from deals.receipts.spreading import OpenInvoice, spread

FIELDS = ("pk", "number", "due_on", "issued_on", "open_amount")


class DebtWriter:
    """Writes the lines of one report."""

    def __init__(self, run: Run, parties: Parties) -> None:
        self.run = run
        self.parties = parties
        self.contracts = Contracts(run)
        self.terms = TermsTable()
        self.invoices: dict[str, int] = {}  # by external id
        self.payments: list[tuple[int, str]] = []  # and the invoice that each is for
        self.credits: list[int] = []

    def write(self, plans: Sequence[Debts]) -> None:
        """Write one portion."""
        if not plans:
            return
        self.parties.create()
        owners = [self.parties.owner(plan.party) for plan in plans]
        self.contracts.load(
            (owner.client_id, plan.contract)
            for plan, owner in zip(plans, owners, strict=True)
            if owner
        )
        clients = {owner.client_id for owner in owners if owner}
        self.terms.load(clients, list(self.contracts.ids.values()))
        made: dict[str, list[Any]] = {}
        for plan, owner in zip(plans, owners, strict=True):
            assert owner is not None
            for item in plan.items:
                made.setdefault(item.what, []).append(self._record(item, plan, owner))
        for what in sorted(made):
            rows = made[what]
            ids = copy_records(rows)
            self.run.journal.add(type(rows[0]), ids)
        self._remember(plans, made)

    def _record(self, item: Item, plan: Debts, owner: Owner) -> Invoice | Payment | Shipment:
        contract = self.contracts.find(owner.client_id, plan.contract)
        shared: dict[str, Any] = {
            "client_id": owner.client_id,
            "contract_id": contract,
            "number": item.number,
            "amount": item.amount,
            "external_id": item.external_id,
            "created_by": self.run.by,
        }
        if item.what == INVOICE:
            due = item.due_on or self.terms.due_on(owner.client_id, contract, item.day)
            return Invoice(issued_on=item.day, due_on=due, **shared)
        if item.what == PAYMENT:
            return Payment(
                direction=PaymentDirection.IN,
                state=PaymentState.MATCHED,
                dated_on=item.day,
                paid_on=item.day,
                matched_by="report",
                **shared,
            )
        return Shipment(
            kind=item.kind,
            state=ShipmentState.POSTED,
            dated_on=item.day,
            posted_on=item.day,
            note=item.note,
            manager_id=owner.manager_id,
            org_unit_id=owner.org_unit_id,
            **shared,
        )

    def _remember(self, plans: Sequence[Debts], made: dict[str, list[Any]]) -> None:
        pays = {item.external_id: item.pays for plan in plans for item in plan.items}
        self.invoices |= {row.external_id: row.pk for row in made.get(INVOICE, ())}
        self.payments += [(row.pk, pays[row.external_id]) for row in made.get(PAYMENT, ())]
        others = (rows for what, rows in made.items() if what not in {INVOICE, PAYMENT})
        self.credits += [row.pk for rows in others for row in rows]

    def finish(self) -> None:
        """Named invoices first, then the earliest due of the contract; the rest are advances."""
        self.run.journal.add(Allocation, apply_credits(self.credits, by=self.run.by))
        named = {pk: self.invoices.get(of) for pk, of in self.payments}
        payments = Payment.objects.select_for_update(of=("self",)).filter(pk__in=named)
        for payment in payments.order_by("paid_on", "pk"):
            rows = Invoice.objects.unpaid().filter(
                client=payment.client_id, contract=payment.contract_id
            )
            opened = [OpenInvoice(*row) for row in rows.values_list(*FIELDS)]
            first = named[payment.pk]
            parts, _left = spread(payment.free_amount, opened, named=[first] if first else [])
            add_allocations(parts, payment=payment, by=self.run.by)
            payment.refresh_from_db(fields=["free_amount"])
            if payment.free_amount == 0:  # still its first version: nobody has edited it
                payment.state = PaymentState.ALLOCATED
                payment.save(update_fields=["state"])
        made = Allocation.objects.filter(payment__in=named).order_by("pk")
        self.run.journal.add(Allocation, made.values_list("pk", flat=True))
