"""Writing of documents: posted at once with their debts, payments spread over what is open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from crm.imports.registry import Run
from crm.money import round_half_up
from deals.actions.allocations import add_allocations
from deals.actions.posting import settle_document
from deals.importers.commerceml.content import Goods, Paper
from deals.importers.commerceml.operations import Fate
from deals.importers.commerceml.sides import Sides
from deals.importers.commerceml.taxes import taxed
from deals.importers.parties import Owner
from deals.models import (
    Allocation,
    Invoice,
    InvoiceKind,
    Payment,
    PaymentDirection,
    PaymentKind,
    PaymentState,
    Product,
    Shipment,
    ShipmentKind,
    ShipmentLine,
    ShipmentState,
)
from deals.spreading import OpenInvoice, Part, spread
from deals.vat import RateTable, vat_inside

# Sales before what corrects or pays them.
ORDER = (Fate.SALE, Fate.RETURN, Fate.INVOICE, Fate.PAYMENT, Fate.REFUND)


@dataclass(frozen=True)
class Plan:
    """A document that is to be written."""

    paper: Paper
    fate: Fate
    external_id: str


class PaperWriter:
    """Writes the documents of one file."""

    def __init__(self, run: Run, sides: Sides) -> None:
        self.run = run
        self.sides = sides
        self.rates = RateTable()
        self.products: dict[str, Product | None] = {}

    def write(self, plans: Iterable[Plan]) -> None:
        """Write one portion; the clients are there already."""
        ordered = sorted(plans, key=lambda plan: (ORDER.index(plan.fate), plan.paper.day))
        self._find_products([line for plan in ordered for line in plan.paper.lines])
        for plan in ordered:
            assert plan.paper.side is not None
            owner = self.sides.owner(plan.paper.side)
            assert owner is not None
            if plan.fate in {Fate.SALE, Fate.RETURN}:
                self._write_shipment(plan, owner)
            elif plan.fate == Fate.INVOICE:
                self._write_invoice(plan, owner)
            else:
                self._write_payment(plan, owner)

    def _find_products(self, lines: Sequence[Goods]) -> None:
        wanted = {line.id for line in lines} | {line.id.partition("#")[0] for line in lines}
        fresh = wanted - self.products.keys() - {""}
        self.products |= dict.fromkeys(fresh)
        rows = Product.objects.filter(external_id__in=fresh)
        self.products |= {product.external_id: product for product in rows}

    # Sales and returns

    def _write_shipment(self, plan: Plan, owner: Owner) -> None:
        paper, sign = plan.paper, -1 if plan.fate == Fate.RETURN else 1
        original = self._original(plan, owner)
        assert paper.day is not None
        document = Shipment(
            kind=ShipmentKind.RETURN if sign < 0 else ShipmentKind.SALE,
            state=ShipmentState.POSTED,
            number=paper.number or paper.id,
            client_id=owner.client_id,
            original=original,
            dated_on=paper.day,
            posted_on=paper.day,
            amount=sign * round_half_up(paper.amount),
            manager_id=owner.manager_id,
            org_unit_id=owner.org_unit_id,
            note=paper.note,
            external_id=plan.external_id,
            created_by=self.run.by,
        )
        rate_day = original.posted_on if original and original.posted_on else paper.day
        lines = [self._line(goods, sign, n, rate_day) for n, goods in enumerate(paper.lines, 1)]
        for line in lines:
            line.shipment = document
        document.vat_amount = (
            sum((line.vat_amount for line in lines), Decimal(0))
            if lines
            else vat_inside(document.amount, self.rates.percent("standard", rate_day))
        )
        document.save(force_insert=True)
        self._settle(document, lines)

    def _line(self, goods: Goods, sign: int, position: int, day: object) -> ShipmentLine:
        product = self._product(goods)
        kind = product.vat_kind if product else "standard"
        found = taxed(goods, kind=kind, day=day, rates=self.rates)  # type: ignore[arg-type]
        return ShipmentLine(
            position=position,
            product=product,
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

    def _original(self, plan: Plan, owner: Owner) -> Shipment | None:
        """The sale that a return names as its ground."""
        basis = plan.paper.basis
        if plan.fate != Fate.RETURN or not basis:
            return None
        names = [basis, f"commerceml:{Fate.SALE}:{basis}"]
        rows = Shipment.objects.counted().filter(
            external_id__in=names, client=owner.client_id, amount__gt=0
        )
        return rows.first()

    def _settle(self, document: Shipment, lines: list[ShipmentLine]) -> None:
        """Lines, debt and set-off, all of it in the journal."""
        made = ShipmentLine.objects.bulk_create(lines)
        settle_document(document, by=self.run.by)
        note = self.run.journal.add
        note(Shipment, [document.pk])
        note(ShipmentLine, [line.pk for line in made])
        note(Invoice, _ids(Invoice.objects.filter(shipment=document)))
        note(Allocation, _ids(Allocation.objects.filter(credit=document)))

    # Invoices and money

    def _write_invoice(self, plan: Plan, owner: Owner) -> None:
        paper = plan.paper
        assert paper.day is not None
        amount = round_half_up(paper.amount)
        invoice = Invoice.objects.create(
            kind=InvoiceKind.PREPAY,
            number=paper.number or paper.id,
            client_id=owner.client_id,
            issued_on=paper.day,
            due_on=max(paper.due_on or paper.day, paper.day),
            amount=amount,
            vat_amount=self._vat(paper, amount),
            note=paper.note,
            external_id=plan.external_id,
            created_by=self.run.by,
        )
        self.run.journal.add(Invoice, [invoice.pk])

    def _vat(self, paper: Paper, amount: Decimal) -> Decimal:
        assert paper.day is not None
        lines = [self._line(goods, 1, n, paper.day) for n, goods in enumerate(paper.lines, 1)]
        if lines:
            return sum((line.vat_amount for line in lines), Decimal(0))
        return vat_inside(amount, self.rates.percent("standard", paper.day))

    def _write_payment(self, plan: Plan, owner: Owner) -> None:
        """A client's money pays what is open, earliest due first; the rest is an advance."""
        paper, refund = plan.paper, plan.fate == Fate.REFUND
        assert paper.side is not None
        assert paper.day is not None
        amount, party = round_half_up(paper.amount), self.sides.find(paper.side).party
        parts: list[Part] = []
        left = amount
        if not refund:
            parts, left = spread(amount, _open(owner.client_id), named=_named(paper, owner))
        payment = Payment.objects.create(
            direction=PaymentDirection.OUT if refund else PaymentDirection.IN,
            kind=PaymentKind.REFUND if refund else PaymentKind.CUSTOMER,
            state=PaymentState.MATCHED if left else PaymentState.ALLOCATED,
            number=(paper.number or paper.id)[:50],
            dated_on=paper.day,
            paid_on=paper.day,
            amount=amount,
            document_type=paper.operation,
            party_name=paper.side.shown,
            party_inn=party.inn,
            party_kpp=party.kpp,
            purpose=paper.note,
            client_id=owner.client_id,
            matched_by="inn" if party.inn else "name",
            external_id=plan.external_id,
            created_by=self.run.by,
        )
        self.run.journal.add(Payment, [payment.pk])
        if parts:
            add_allocations(parts, payment=payment, by=self.run.by)
            rows = Allocation.objects.filter(payment=payment)
            self.run.journal.add(Allocation, _ids(rows))


def _ids(rows: object) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))  # type: ignore[attr-defined]


def _named(paper: Paper, owner: Owner) -> list[int]:
    """The invoice that a payment names as its ground, or that of the shipment it names."""
    if not paper.basis:
        return []
    bases = [
        paper.basis,
        *(f"commerceml:{fate}:{paper.basis}" for fate in (Fate.INVOICE, Fate.SALE)),
    ]
    means = Q(external_id__in=bases) | Q(shipment__external_id__in=bases)
    return _ids(Invoice.objects.filter(means, client=owner.client_id))


def _open(client_id: int) -> list[OpenInvoice]:
    """What is open on the client's invoices, locked in the order of their keys."""
    rows = Invoice.objects.filter(client=client_id, open_amount__gt=0).order_by("pk")
    fields = ("pk", "number", "due_on", "issued_on", "open_amount")
    locked = rows.select_for_update(of=("self",)).values_list(*fields)
    return [OpenInvoice(*row) for row in locked]
