"""Writing of payments: spread over what is open, many at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from crm.copying import copy_values
from crm.imports.registry import Run
from crm.money import round_half_up
from deals.actions.allocations import lock_open_invoices
from deals.importers.commerceml.operations import Fate
from deals.importers.commerceml.plans import Plan
from deals.importers.commerceml.sides import Sides
from deals.models import (
    Allocation,
    Invoice,
    Payment,
    PaymentDirection,
    PaymentKind,
    PaymentState,
)
from deals.receipts.spreading import Debts, Part

COLUMNS = (
    *("direction", "kind", "state", "number", "dated_on", "paid_on", "amount", "document_type"),
    *("party_name", "party_inn", "party_kpp", "purpose", "client_id", "matched_by"),
    "external_id",
)
PART_COLUMNS = ("payment_id", "invoice_id", "amount", "kind", "on_day")
Named = dict[tuple[int, str], set[int]]  # invoices by client and what names them


class PaymentWriter:
    """Writes clients' money and what was given back to them."""

    def __init__(self, run: Run, sides: Sides) -> None:
        self.run = run
        self.sides = sides

    def write(self, plans: Sequence[Plan]) -> None:
        """A client's money pays what it names, then the earliest due; the rest is an advance."""
        coming = [plan for plan in plans if plan.fate == Fate.PAYMENT]
        clients = {self.sides.owner_of(plan.paper).client_id for plan in coming}
        locked = lock_open_invoices(clients)
        debts = {client: Debts(invoices) for client, invoices in locked.items()}
        named = _invoices_named(coming)
        spread = [self._spread(plan, debts, named) for plan in plans]
        both = list(zip(plans, spread, strict=True))
        rows = [self._row(plan, left=left) for plan, (_parts, left) in both]
        ids = copy_values(Payment, COLUMNS, rows, created_by_id=self.run.author_id)
        self.run.journal.add(Payment, ids)
        parts = [
            (pk, part.invoice_id, part.amount, part.kind, plan.day)
            for pk, (plan, (own, _left)) in zip(ids, both, strict=True)
            for part in own
        ]
        made = copy_values(Allocation, PART_COLUMNS, parts, created_by_id=self.run.author_id)
        self.run.journal.add(Allocation, made)

    def _spread(self, plan: Plan, debts: dict[int, Debts], named: Named) -> tuple[list[Part], bool]:
        """Parts of the money, and whether something is left."""
        client = self.sides.owner_of(plan.paper).client_id
        owed = debts.get(client) if plan.fate == Fate.PAYMENT else None
        if owed is None:
            return [], True
        grounds = plan.grounds(Fate.INVOICE, Fate.SALE)
        wanted = set().union(*(named.get((client, name), ()) for name in grounds))
        parts, left = owed.take(round_half_up(plan.paper.amount), wanted)
        return parts, bool(left)

    def _row(self, plan: Plan, *, left: bool) -> tuple[Any, ...]:
        paper, refund = plan.paper, plan.fate == Fate.REFUND
        assert paper.side is not None
        party = self.sides.find(paper.side).party
        return (
            PaymentDirection.OUT if refund else PaymentDirection.IN,
            PaymentKind.REFUND if refund else PaymentKind.CUSTOMER,
            PaymentState.MATCHED if left else PaymentState.ALLOCATED,
            *((paper.number or paper.id)[:50], plan.day, plan.day, round_half_up(paper.amount)),
            *(paper.operation, paper.side.shown, party.inn, party.kpp, paper.note),
            self.sides.owner_of(paper).client_id,
            "inn" if party.inn else "name",
            plan.external_id,
        )


def _invoices_named(plans: Sequence[Plan]) -> Named:
    """Invoices that payments name as their ground, or those of the shipments they name."""
    names = {name for plan in plans for name in plan.grounds(Fate.INVOICE, Fate.SALE)}
    found: Named = defaultdict(set)
    if names:
        means = Q(external_id__in=names) | Q(shipment__external_id__in=names)
        rows = Invoice.objects.filter(means).order_by()
        facts = rows.values_list("pk", "client_id", "external_id", "shipment__external_id")
        for pk, client, *ids in facts:
            for name in ids:
                found[client, name].add(pk)
    return found
