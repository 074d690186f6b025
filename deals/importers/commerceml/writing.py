"""Writing of documents: posted at once with their lines, debts and set-offs, by COPY."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from crm.copying import copy_values
from crm.imports.registry import Run
from crm.money import round_half_up
from deals.actions.bulk import Debt, apply_credits, issue_invoices
from deals.actions.matching import spread_advances
from deals.conditions.client_terms import TermsTable
from deals.importers.commerceml.content import Goods, Paper
from deals.importers.commerceml.operations import Fate
from deals.importers.commerceml.ordering import OrderDraft, write_orders
from deals.importers.commerceml.paying import PaymentWriter
from deals.importers.commerceml.plans import Plan
from deals.importers.commerceml.sides import Sides
from deals.importers.commerceml.taxes import taxed
from deals.importers.parties import Owner
from deals.importers.sales_writing import LINE_COLUMNS, SHIPMENT_COLUMNS
from deals.models import (
    Allocation,
    Invoice,
    InvoiceKind,
    Product,
    Shipment,
    ShipmentKind,
    ShipmentLine,
    ShipmentState,
)
from deals.pricing.vat import RateTable, vat_inside

INVOICE_COLUMNS = (
    *("number", "client_id", "issued_on", "due_on", "amount", "vat_amount", "note"),
    "external_id",
)


class _Line(NamedTuple):
    """A line as it is stored, its document apart."""

    position: int
    product_id: int | None
    sku: str
    name: str
    quantity: Decimal
    price: Decimal
    amount: Decimal
    vat_percent: Decimal | None
    vat_amount: Decimal


@dataclass(frozen=True, slots=True)
class _Original:
    """The sale that a return takes back in part."""

    pk: int
    posted_on: date


class PaperWriter:
    """Writes the documents of one file."""

    def __init__(self, run: Run, sides: Sides) -> None:
        self.run = run
        self.sides = sides
        self.rates = RateTable()
        self.terms = TermsTable()
        self.payments = PaymentWriter(run, sides)
        self.products: dict[str, Product | None] = {}

    def write(self, plans: Iterable[Plan]) -> None:
        """Write one portion, sales before what corrects or pays them; the clients are there."""
        by_fate: dict[Fate, list[Plan]] = defaultdict(list)
        for plan in sorted(plans, key=lambda plan: plan.day):
            by_fate[plan.fate].append(plan)
        self._find_products([g for some in by_fate.values() for p in some for g in p.paper.lines])
        self._write_orders(by_fate[Fate.ORDER])
        sales = self._write_shipments(by_fate[Fate.SALE])
        self._issue(sales)
        returns = self._write_shipments(by_fate[Fate.RETURN])
        credits = apply_credits([debt.shipment_id for debt in returns], by=self.run.by)
        self.run.journal.add(Allocation, credits)
        self._write_invoices(by_fate[Fate.INVOICE])
        self.payments.write([*by_fate[Fate.PAYMENT], *by_fate[Fate.REFUND]])

    def _find_products(self, lines: Sequence[Goods]) -> None:
        wanted = {line.id for line in lines} | {line.id.partition("#")[0] for line in lines}
        fresh = wanted - self.products.keys() - {""}
        self.products |= dict.fromkeys(fresh)
        rows = Product.objects.filter(external_id__in=fresh)
        self.products |= {product.external_id: product for product in rows}

    def _write_orders(self, plans: Sequence[Plan]) -> None:
        """Orders that wait for the check, which the periodic work or a person makes."""
        drafts = [
            OrderDraft(
                client_id=self.sides.owner_of(plan.paper).client_id,
                number=plan.paper.number or plan.paper.id,
                day=plan.day,
                amount=round_half_up(plan.paper.amount),
                note=plan.paper.note,
                external_id=plan.external_id,
                lines=self._lines(plan.paper, plan.day, plan.fate),
            )
            for plan in plans
        ]
        write_orders(drafts, self.run)

    # Sales and returns

    def _write_shipments(self, plans: Sequence[Plan]) -> list[Debt]:
        """Documents of one fate with their lines; what each of them does to debts."""
        originals = self._originals(plans)
        rows, lines = [], []
        for plan in plans:
            owner = self.sides.owner_of(plan.paper)
            original = self._original(plan, owner, originals)
            made = self._lines(plan.paper, original.posted_on if original else plan.day, plan.fate)
            rows.append(self._shipment(plan, owner, original, made))
            lines.append(made)
        ids = copy_values(
            Shipment,
            SHIPMENT_COLUMNS,
            rows,
            state=ShipmentState.POSTED,
            created_by_id=self.run.author_id,
        )
        self.run.journal.add(Shipment, ids)
        stored = [(pk, *line) for pk, own in zip(ids, lines, strict=True) for line in own]
        self.run.journal.add(ShipmentLine, copy_values(ShipmentLine, LINE_COLUMNS, stored))
        return [
            Debt(pk, row[2], None, row[1], row[7], row[8], row[9])
            for pk, row in zip(ids, rows, strict=True)
        ]

    def _shipment(
        self, plan: Plan, owner: Owner, original: _Original | None, lines: Sequence[_Line]
    ) -> tuple[Any, ...]:
        paper, back = plan.paper, plan.fate == Fate.RETURN
        amount = (-1 if back else 1) * round_half_up(paper.amount)
        rate_day = original.posted_on if original else plan.day
        vat = self._vat(amount, lines, rate_day)
        return (
            *(ShipmentKind.RETURN if back else ShipmentKind.SALE, paper.number or paper.id),
            *(owner.client_id, "", None, original.pk if original else None),
            *(plan.day, plan.day, amount, vat, owner.manager_id, owner.org_unit_id),
            *(paper.note, plan.external_id),
        )

    def _vat(self, amount: Decimal, lines: Sequence[_Line], day: date) -> Decimal:
        if lines:
            return sum((line.vat_amount for line in lines), Decimal(0))
        return vat_inside(amount, self.rates.percent("standard", day))

    def _lines(self, paper: Paper, day: date, fate: Fate) -> list[_Line]:
        sign = -1 if fate == Fate.RETURN else 1
        return [self._line(goods, sign, n, day) for n, goods in enumerate(paper.lines, 1)]

    def _line(self, goods: Goods, sign: int, position: int, day: date) -> _Line:
        product = self._product(goods)
        kind = product.vat_kind if product else "standard"
        found = taxed(goods, kind=kind, day=day, rates=self.rates)
        return _Line(
            position=position,
            product_id=product.pk if product else None,
            sku=goods.sku or (product.sku if product else ""),
            name=goods.name,
            quantity=sign * round(goods.quantity, 3),
            price=round_half_up(goods.price),
            amount=sign * found.amount,
            vat_percent=found.percent,
            vat_amount=sign * found.vat,
        )

    def _product(self, goods: Goods) -> Product | None:
        """The goods by their id; with a characteristic after `#`, else by what is before it."""
        return self.products.get(goods.id) or self.products.get(goods.id.partition("#")[0])

    def _originals(self, plans: Sequence[Plan]) -> dict[tuple[int | None, str], _Original]:
        """Sales that the returns name as their ground, by client and external id."""
        names = [name for p in plans if p.fate == Fate.RETURN for name in p.grounds(Fate.SALE)]
        rows = Shipment.objects.counted().filter(external_id__in=names, amount__gt=0)
        facts = rows.order_by().values_list("client_id", "external_id", "pk", "posted_on")
        return {
            (client, name): _Original(pk, on) for client, name, pk, on in facts if on is not None
        }

    @staticmethod
    def _original(
        plan: Plan, owner: Owner, originals: dict[tuple[int | None, str], _Original]
    ) -> _Original | None:
        named = (originals.get((owner.client_id, name)) for name in plan.grounds(Fate.SALE))
        return next(filter(None, named), None) if plan.fate == Fate.RETURN else None

    def _issue(self, sales: Sequence[Debt]) -> None:
        """Invoices of the sales; what their clients had paid in advance pays them."""
        debts = [debt for debt in sales if debt.amount > 0]
        clients = {debt.client_id for debt in debts}
        self.terms.load(clients)
        made = issue_invoices(debts, terms=self.terms, by=self.run.by)
        self.run.journal.add(Invoice, made)
        spread_advances(clients, by=None)

    # Invoices

    def _write_invoices(self, plans: Sequence[Plan]) -> None:
        rows = []
        for plan in plans:
            paper, amount = plan.paper, round_half_up(plan.paper.amount)
            vat = self._vat(amount, self._lines(paper, plan.day, plan.fate), plan.day)
            rows.append(
                (
                    *(paper.number or paper.id, self.sides.owner_of(paper).client_id, plan.day),
                    *(max(paper.due_on or plan.day, plan.day), amount, vat, paper.note),
                    plan.external_id,
                )
            )
        made = copy_values(
            Invoice,
            INVOICE_COLUMNS,
            rows,
            kind=InvoiceKind.PREPAY,
            created_by_id=self.run.author_id,
        )
        self.run.journal.add(Invoice, made)
