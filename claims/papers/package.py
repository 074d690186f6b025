"""The package for the court, in Russian: what goes into it, what is missing, its list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Model

from claims.models import Lawsuit, OutgoingClaim
from claims.outgoing.sheets import Sheet
from claims.papers import claim as paper
from claims.papers.claim import PAPERS, contracts_of
from crm import papers
from crm.files.models import Attachment
from crm.files.storage import open_file
from deals.models import Contract, Invoice, ReconciliationAct, Shipment, ShipmentDocument
from deals.papers import act as act_paper
from deals.papers.contract import our_company
from deals.papers.contract import pdf_of as contract_pdf

PIECE = 1024 * 1024
LONGEST = 90
CONTENTS = "00 Опись.pdf"


@dataclass(frozen=True)
class Piece:
    """A document of the package: its title, its suffix, and whence its bytes come."""

    title: str
    suffix: str
    parts: Callable[[], Iterator[bytes]]

    def file(self, place: int) -> str:
        """Its name in the archive."""
        plain = "".join(sign if sign.isalnum() or sign in " -" else " " for sign in self.title)
        return f"{place:02d} {' '.join(plain.split())[:LONGEST].strip()}.{self.suffix}"


@dataclass
class Gathered:
    """What was found, in its order, and what the court will ask for besides."""

    pieces: list[Piece] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def rows(self) -> list[dict[str, Any]]:
        """Places, titles and names of files."""
        return [
            {"place": place, "title": piece.title, "file": piece.file(place)}
            for place, piece in enumerate(self.pieces, start=1)
        ]


def gather(lawsuit: Lawsuit) -> Gathered:
    """Claim with proof, calculation, contracts, papers of deliveries, invoices, acts."""
    found, claim = Gathered(), lawsuit.claim
    _claim(found, claim)
    sheet = Sheet.of(lawsuit.calculation)
    title = f"Расчёт исковых требований на {sheet.to:%d.%m.%Y}"
    _made(found, title, lambda: paper.sheet_pdf(claim, sheet, claim.accrual_paid))
    contracts = list(contracts_of(claim))
    for contract in contracts:
        _contract(found, contract)
    invoices = list(
        Invoice.objects.filter(outgoing_lines__claim=claim)
        .select_related("shipment", "contract")
        .fifo()
    )
    for invoice in invoices:
        _delivery(found, invoice)
    _acts(found, claim, min(invoice.issued_on for invoice in invoices), contracts)
    if lawsuit.state_duty is None:
        found.missing.append("Платёжное поручение об уплате государственной пошлины")
    return found


def contents_pdf(lawsuit: Lawsuit, found: Gathered, today: date) -> bytes:
    """The numbered list of contents with what is missing."""
    claim = lawsuit.claim
    entity = claim.counterparty
    return papers.typeset(
        PAPERS / "contents.typ",
        {
            "us": our_company(),
            "them": {
                "name": entity.full_name if entity else claim.client.name,
                "inn": entity.inn if entity else "",
            },
            "court": lawsuit.court,
            "case_number": lawsuit.case_number,
            "amount": lawsuit.amount,
            "principal": lawsuit.principal,
            "accrual": lawsuit.accrual,
            "to": lawsuit.calculated_to,
            "duty": "" if lawsuit.state_duty is None else lawsuit.state_duty,
            "claim": {
                "number": claim.number,
                "sent_on": claim.sent_on,
                "proof": f"{claim.get_sent_by_display()}, {claim.proof}",
                "due": claim.response_due,
            },
            "rows": found.rows(),
            "missing": found.missing,
            "made": today,
        },
    )


def _claim(found: Gathered, claim: OutgoingClaim) -> None:
    """The claim as it was sent, its proof and the answer."""
    _made(found, f"Претензия № {claim.number}", lambda: paper.pdf_of(claim))
    if not _kept(found, claim, f"К претензии № {claim.number}"):
        found.missing.append(
            f"Доказательство направления претензии № {claim.number} "
            f"({claim.get_sent_by_display()}, {claim.proof})"
        )


def _contract(found: Gathered, contract: Contract) -> None:
    """Scans of the contract, else its text with a mark that the signed copy is missing."""
    title = f"Договор № {contract.number}"
    if not _kept(found, contract, title):
        if not contract.is_imported:
            _made(found, f"{title} (текст без подписей)", lambda: contract_pdf(contract))
        found.missing.append(f"Подписанный экземпляр: договор № {contract.number}")


def _delivery(found: Gathered, invoice: Invoice) -> None:
    """The invoice with its scan, and the papers of its shipment."""
    title = f"Счёт № {invoice.number} от {invoice.issued_on:%d.%m.%Y}"
    in_invoice = _kept(found, invoice, title)
    if invoice.contract_id is None:
        found.missing.append(f"Договор, по которому выставлен документ № {invoice.number}")
    shipment = invoice.shipment
    if shipment is None:
        if not in_invoice:
            found.missing.append(f"Документ об отгрузке и счёт № {invoice.number}")
        return
    name = f"УПД № {shipment.number} от {shipment.posted_on or shipment.dated_on:%d.%m.%Y}"
    if not _kept(found, shipment, name) and not in_invoice:
        found.missing.append(f"Подписанный экземпляр: {name}{_where_it_is(shipment)}")


def _where_it_is(shipment: Shipment) -> str:
    """What is noted about the paper of the shipment, to look for it."""
    rows = ShipmentDocument.objects.filter(shipment=shipment, kind="upd")
    noted = rows.first()
    if noted is None:
        return ""
    if noted.returned_on:
        return f" (вернулся подписанным {noted.returned_on:%d.%m.%Y}, скана нет)"
    if noted.handed_on:
        return f" (передан клиенту {noted.handed_on:%d.%m.%Y}, не вернулся)"
    return ""


def _acts(found: Gathered, claim: OutgoingClaim, first: date, contracts: list[Contract]) -> None:
    """Signed acts that concern these debts, with their scans."""
    ids = {None, *(contract.pk for contract in contracts)}
    rows = ReconciliationAct.objects.filter(
        client=claim.client_id, item__state="signed", date_to__gte=first
    )
    acts = [act for act in rows.for_paper().order_by("date_to") if act.contract_id in ids]
    for act in acts:
        title = f"Акт сверки № {act.number} на {act.date_to:%d.%m.%Y}"
        if not _kept(found, act, title):
            _made(found, title, _printed(act))
            found.missing.append(f"Подписанный экземпляр: акт сверки № {act.number}")
    if not acts:
        found.missing.append("Подписанный акт сверки взаимных расчётов")


def _printed(act: ReconciliationAct) -> Callable[[], bytes]:
    return lambda: act_paper.pdf_of(act_paper.paper_of(act))


def _made(found: Gathered, title: str, make: Callable[[], bytes]) -> None:
    """A document that the product prints."""
    found.pieces.append(Piece(title, "pdf", lambda: iter([make()])))


def _kept(found: Gathered, record: Model, title: str) -> bool:
    """The files that stand with a record; whether there are any."""
    rows = list(Attachment.objects.of_record(record).open().order_by("created_at", "pk"))
    for row in rows:
        stem = row.name.rpartition(".")[0] or row.name
        found.pieces.append(Piece(f"{title}: {stem}", row.format, _bytes_of(row)))
    return bool(rows)


def _bytes_of(row: Attachment) -> Callable[[], Iterator[bytes]]:
    def parts() -> Iterator[bytes]:
        with open_file(row.key) as file:
            while part := file.read(PIECE):
                yield part

    return parts
