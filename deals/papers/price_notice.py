"""The letter to a client about new prices: values for the PDF, in Russian."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from crm import papers
from crm.money import format_number
from crm.phones import format_phone
from deals.models import PriceChangeNotice
from deals.pages.price_changes import goods_of
from deals.papers.contract import PAPERS, our_company


def values_of(notice: PriceChangeNotice, today: date) -> dict[str, Any]:
    """Everything that the letter shows; prices are with VAT."""
    manager = notice.client.manager
    return {
        "date": today,
        "client": notice.client.name,
        "effective": notice.change.effective_from,
        "us": our_company(),
        "lines": [_line(line) for line in goods_of(notice)],
        "manager": manager.get_full_name() if manager else "",
        "phone": format_phone(manager.phone) if manager else "",
    }


def pdf_of(notice: PriceChangeNotice, today: date) -> bytes:
    """The letter as a PDF."""
    return papers.typeset(PAPERS / "price_notice.typ", values_of(notice, today))


def file_name(notice: PriceChangeNotice) -> str:
    """A name that every file system takes."""
    name = "".join(sign if sign.isalnum() else " " for sign in notice.client.name)
    title = _("New prices: %(client)s") % {"client": " ".join(name.split())[:60]}
    return f"{title.replace(':', '')}.pdf"


def _line(line: Any) -> dict[str, Any]:
    sign = "+" if line.percent > 0 else ""
    return {
        "sku": line.product.sku,
        "name": line.product.name,
        "unit": line.product.unit,
        "old": line.old_price,
        "new": line.price,
        "percent": f"{sign}{format_number(line.percent, 2)}",
    }
