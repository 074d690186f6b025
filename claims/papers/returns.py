"""The act of a return on paper, in Russian: what came back of which sale and what was taken."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils import translation

from claims.models import Return, ReturnLine
from clients.models import Counterparty
from crm import papers
from crm.money import amount_in_words, format_money, round_half_up
from crm.shell.templatetags.formats import qty
from deals.papers.contract import BLANK, our_company
from deals.pricing.vat import vat_inside

PAPERS = Path(__file__).parent


def pdf_of(back: Return) -> bytes:
    """The act as a PDF."""
    return papers.typeset(PAPERS / "return.typ", values_of(back))


def docx_of(back: Return) -> bytes:
    """The act as a file of Word."""
    return papers.fill_docx((PAPERS / "return.docx").read_bytes(), values_of(back))


def values_of(back: Return) -> dict[str, Any]:
    """What stands on paper, as it is printed; a return of the books takes its document's lines."""
    us, entity = our_company(), _entity(back)
    with translation.override("ru"):
        rows = [_row(line, back) for line in _lines(back)] or _booked(back)
        reason = str(back.reason) if back.reason else BLANK
    return {
        "number": back.number,
        "date": back.accepted_on or back.received_on or back.asked_on,
        "us": {"name": us["full_name"], "inn": us["inn"]},
        "them": {
            "name": entity.full_name if entity else back.client.name,
            "inn": entity.inn if entity else "",
        },
        "sale": f"№ {back.shipment.number} от {back.shipment.posted_on:%d.%m.%Y}"
        if back.shipment
        else BLANK,
        "claim": back.claim.number if back.claim else "",
        "reason": reason,
        "justification": back.justification,
        "note": back.acceptance_note,
        "approved": f"{back.decided_by.short_name}, {back.decided_on:%d.%m.%Y}"
        if back.decided_by and back.decided_on
        else BLANK,
        "received": back.received_on or BLANK,
        "rows": rows,
        "total": format_money(back.amount),
        "words": amount_in_words(back.amount),
        "accepted_by": back.accepted_by.short_name if back.accepted_by else BLANK,
        "document": _document(back),
    }


def _lines(back: Return) -> list[ReturnLine]:
    return list(back.lines.select_related("shipment_line", "product").order_by("position"))


def _row(line: ReturnLine, back: Return) -> dict[str, str]:
    sold = line.shipment_line
    percent = sold.vat_percent if sold else None
    taken = line.accepted_quantity
    return {
        "number": str(line.position),
        "name": line.name,
        "sku": sold.sku if sold else "",
        "unit": line.product.unit if line.product else "",
        "asked": qty(line.quantity),
        "taken": "" if taken is None else qty(taken),
        "price": format_money(line.price),
        "amount": format_money(line.amount),
        "vat": _vat(line.amount, percent),
    }


def _booked(back: Return) -> list[dict[str, str]]:
    if back.document is None:
        return []
    rows = back.document.lines.select_related("product")
    return [
        {
            "number": str(row.position),
            "name": row.name or row.sku,
            "sku": row.sku,
            "unit": row.product.unit if row.product else "",
            "asked": qty(-row.quantity),
            "taken": qty(-row.quantity),
            "price": format_money(row.price),
            "amount": format_money(-row.amount),
            "vat": _vat(-row.amount, row.vat_percent),
        }
        for row in rows
    ]


def _vat(amount: Decimal, percent: Decimal | None) -> str:
    if percent is None:
        return "без НДС"
    shown = f"{round_half_up(percent, 2).normalize():f}".replace(".", ",")
    return f"{shown} %, {format_money(vat_inside(amount, percent))}"


def _entity(back: Return) -> Counterparty | None:
    rows = Counterparty.objects.filter(client=back.client_id)
    return rows.order_by("-is_main", "pk").first()


def _document(back: Return) -> str:
    if back.document is None or back.document.posted_on is None:
        return ""
    number = back.credit_note_number or back.document.number
    return f"№ {number} от {back.document.posted_on:%d.%m.%Y}"
