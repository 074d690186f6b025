"""Writing of imported documents: posted at once, by COPY, with invoices and set-offs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy

from crm.copying import copy_values
from crm.imports.registry import Run
from crm.money import round_half_up
from crm.refusals import Sentence, politely
from deals.actions.bulk import Debt, apply_credits, issue_invoices
from deals.conditions.client_terms import TermsTable
from deals.importers.contracts import Contracts
from deals.importers.parties import NOBODY, Owner, Parties
from deals.importers.sales_facts import Document, named_document
from deals.models import (
    Allocation,
    Invoice,
    Product,
    Shipment,
    ShipmentLine,
    ShipmentState,
)

SHIPMENT_COLUMNS = (
    *("kind", "number", "client_id", "client_text", "contract_id", "original_id"),
    *("dated_on", "posted_on", "amount", "vat_amount", "manager_id", "org_unit_id"),
    *("note", "external_id"),
)
LINE_COLUMNS = (
    *("shipment_id", "position", "product_id", "sku", "name", "quantity", "price", "amount"),
    *("vat_percent", "vat_amount"),
)
CONSTRAINTS: dict[str, Sentence] = {
    "shipment_external_id_once": (
        gettext_lazy("Somebody imported one of these documents meanwhile. Import the file again."),
        None,
    ),
}
Pair = tuple[int, str]  # client and number


class SalesWriter:
    """Writes the documents of one file."""

    def __init__(self, run: Run, parties: Parties) -> None:
        self.run = run
        self.parties = parties
        self.terms = TermsTable()
        self.contracts = Contracts(run)
        self.products: dict[str, int | None] = {}
        self.credits: list[int] = []

    def write(self, documents: Sequence[Document]) -> None:
        """Write one portion; raises RuleViolation when the base changed under it."""
        if not documents:
            return
        self.parties.create()
        owners = [self.parties.owner(document.party) for document in documents]
        self.contracts.load(
            (owner.client_id, document.contract)
            for document, owner in zip(documents, owners, strict=True)
            if owner
        )
        # Sales before what corrects them: an original is known by then.
        together = list(zip(documents, owners, strict=True))
        plain = [pair for pair in together if not pair[0].original]
        with politely(CONSTRAINTS):
            self._write_shipments(plain)
            self._write_shipments([pair for pair in together if pair[0].original])

    def _write_shipments(self, pairs: list[tuple[Document, Owner | None]]) -> None:
        if not pairs:
            return
        originals = self._originals(pairs)
        rows = [self._shipment(document, owner, originals) for document, owner in pairs]
        ids = copy_values(
            Shipment,
            SHIPMENT_COLUMNS,
            rows,
            state=ShipmentState.POSTED,
            created_by_id=self.run.author_id,
        )
        self.run.journal.add(Shipment, ids)
        self._write_lines(zip(ids, (document for document, _owner in pairs), strict=True))
        self._write_invoices(ids, rows)

    def _shipment(
        self, document: Document, owner: Owner | None, originals: dict[Pair, int]
    ) -> tuple[Any, ...]:
        client_id = owner.client_id if owner else None
        contract = original = None
        if client_id:
            contract = self.contracts.find(client_id, document.contract)
            if document.original:
                original = originals.get((client_id, named_document(document.original)))
        return (
            *(document.kind, document.number, client_id, self._client_text(document)),
            *(contract, original, document.day, document.day, document.amount, document.vat),
            *((owner.manager_id, owner.org_unit_id) if owner else (None, None)),
            *(document.note, document.external_id),
        )

    def _client_text(self, document: Document) -> str:
        return "" if document.party == NOBODY else document.party.shown[:300]

    def _write_invoices(self, ids: list[int], rows: list[tuple[Any, ...]]) -> None:
        debts = []
        for pk, row in zip(ids, rows, strict=True):
            client_id, contract_id, day, amount = row[2], row[4], row[7], row[8]
            if client_id and amount > 0:
                debts.append(Debt(pk, client_id, contract_id, row[1], day, amount, row[9]))
            elif client_id and amount < 0:
                self.credits.append(pk)
        clients = {debt.client_id for debt in debts}
        self.terms.load(clients, {debt.contract_id for debt in debts if debt.contract_id})
        made = issue_invoices(debts, terms=self.terms, by=self.run.by)
        self.run.journal.add(Invoice, made)

    def _write_lines(self, numbered: Iterable[tuple[int, Document]]) -> None:
        documents = [(pk, document) for pk, document in numbered if document.lines]
        if not documents:
            return
        self._find_products({line.sku for _pk, doc in documents for line in doc.lines})
        rows = [
            (
                *(pk, position, self.products.get(line.sku), line.sku, line.name),
                *(line.quantity, line.price, round_half_up(line.amount)),
                *(line.vat_percent, line.vat),
            )
            for pk, document in documents
            for position, line in enumerate(document.lines, start=1)
        ]
        self.run.journal.add(ShipmentLine, copy_values(ShipmentLine, LINE_COLUMNS, rows))

    def _find_products(self, skus: set[str]) -> None:
        fresh = skus - self.products.keys() - {""}
        if fresh:
            self.products |= dict.fromkeys(fresh)
            self.products |= dict(Product.objects.filter(sku__in=fresh).values_list("sku", "pk"))

    def _originals(self, pairs: list[tuple[Document, Owner | None]]) -> dict[Pair, int]:
        """Sales that the documents of the portion correct, by client and number."""
        named = {named_document(document.original) for document, _owner in pairs}
        named.discard("")
        if not named:
            return {}
        clients = {owner.client_id for _document, owner in pairs if owner}
        rows = Shipment.objects.counted().filter(
            number__in=named, client__in=clients, amount__gt=0, reverses=None
        )
        keyed = rows.order_by("posted_on", "pk").values_list("client_id", "number", "pk")
        return {(client_id, number): pk for client_id, number, pk in keyed}

    def finish(self) -> None:
        """Let the returns of the file lower invoices, original sales first."""
        self.run.journal.add(Allocation, apply_credits(self.credits, by=self.run.by))
