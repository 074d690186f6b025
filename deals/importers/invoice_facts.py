"""An invoice as its row in a file tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from crm.imports import synonyms, values
from crm.imports.reading import header_key
from deals.importers.days import DayReader
from deals.importers.numbers import money
from deals.importers.parties import Party, read_party
from deals.models import Invoice

MOST = Decimal(10) ** 13
Row = dict[str, str]


@dataclass(slots=True)
class InvoiceFacts:
    """An invoice that may be imported; `known` is the one that is here already."""

    number: str
    day: date
    due_on: date | None
    party: Party
    contract: str
    amount: Decimal
    vat: Decimal
    disputed: bool | None
    settled_on: date | None
    note: str
    external_id: str
    known: Invoice | None = None
    pays: bool = False
    disputes: bool = False


class InvoiceReader:
    """Reads rows of one file; raises ValidationError for one that cannot be imported."""

    def __init__(self, days: DayReader) -> None:
        self.days = days

    def read(self, row: Row) -> InvoiceFacts:
        """The invoice of a row."""
        for name, reason in (
            ("number", _("There is no number.")),
            ("day", _("There is no date.")),
            ("amount", _("There is no amount.")),
        ):
            if name not in row:
                raise ValidationError(reason)
        if "currency" in row and header_key(row["currency"]) not in synonyms.ROUBLE_WORDS:
            raise ValidationError(
                _("Documents in roubles are imported, not in “%(currency)s”.")
                % {"currency": row["currency"][:20]}
            )
        name, day = values.text(row["number"], 100), self.days.read(row["day"])
        return InvoiceFacts(
            number=name,
            day=day,
            due_on=self._due(row, day),
            party=read_party(row),
            contract=values.text(row["contract"], 100) if "contract" in row else "",
            amount=_amount(row["amount"]),
            vat=_vat(row),
            disputed=values.yes_no(row["disputed"]) if "disputed" in row else None,
            settled_on=self.days.read(row["settled"]) if "settled" in row else None,
            note=values.text(row["note"], 500) if "note" in row else "",
            external_id=row.get("external_id", "")[:200] or f"{name}|{day}",
        )

    def _due(self, row: Row, day: date) -> date | None:
        if "due" not in row:
            return None
        due = self.days.read(row["due"])
        if due < day:
            raise ValidationError(_("The invoice is due before its own date."))
        return due


def _amount(cell: str) -> Decimal:
    amount = money(cell)
    if not 0 < amount < MOST:
        raise ValidationError(_("The amount of an invoice is greater than zero."))
    return amount


def _vat(row: Row) -> Decimal:
    if "vat" not in row or header_key(row["vat"]) in synonyms.WITHOUT_VAT:
        return Decimal(0)
    return money(row["vat"])
