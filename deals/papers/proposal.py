"""What a proposal says on paper: values for the PDF, in Russian."""

from __future__ import annotations

from typing import Any

from crm import papers
from crm.money import amount_in_words, format_percent
from crm.phones import format_phone
from deals.models import Proposal, ProposalLine
from deals.papers.contract import PAPERS, our_company


def values_of(proposal: Proposal) -> dict[str, Any]:
    """Everything that the paper shows."""
    return {
        "number": proposal.number,
        "date": proposal.dated_on,
        "valid_to": proposal.valid_to or "",
        "client": proposal.client.name,
        "individual": proposal.is_individual,
        "us": our_company(),
        "lines": [_line(line) for line in proposal.lines.select_related("product")],
        "total": proposal.total,
        "total_words": amount_in_words(proposal.total),
        "vat": proposal.vat_amount,
        "terms": proposal.terms,
        "retro_terms": retro_words(proposal),
        "manager": proposal.client.manager.get_full_name() if proposal.client.manager else "",
        "phone": format_phone(proposal.client.manager.phone) if proposal.client.manager else "",
    }


def retro_words(proposal: Proposal) -> str:
    """The promised percent and its terms; empty without a retro bonus."""
    pct = f"{format_percent(proposal.retro_pct)}." if proposal.retro_pct else ""
    return " ".join(part for part in (pct, proposal.retro_terms) if part)


def pdf_of(proposal: Proposal) -> bytes:
    """The proposal as a PDF."""
    return papers.typeset(PAPERS / "proposal.typ", values_of(proposal))


def file_name(proposal: Proposal) -> str:
    """A name that every file system takes."""
    return f"{proposal.number.replace('/', '-').replace(chr(92), '-')}.pdf"


def _line(line: ProposalLine) -> dict[str, Any]:
    quantity = f"{line.quantity.normalize():f}".replace(".", ",")
    discount = f"{line.discount_pct.normalize():f}".replace(".", ",") if line.discount_pct else ""
    return {
        "position": line.position,
        "sku": line.product.sku,
        "name": line.product.name,
        "quantity": f"{quantity} {line.product.unit}".strip(),
        "price": line.price,
        "discount": discount,
        "net_price": line.net_price,
        "amount": line.amount,
    }
