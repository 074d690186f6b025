"""A document of sale as its rows in a file tell it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError

from crm.imports import synonyms, values
from crm.imports.reading import header_key
from crm.money import round_half_up
from crm.said import gettext as _
from deals.importers.days import DayReader
from deals.importers.numbers import money, number, vat_percent
from deals.importers.parties import NOBODY, Party, read_party
from deals.models import ShipmentKind
from deals.pricing.vat import RateTable, vat_inside

Row = dict[str, str]
LINE_FIELDS = ("sku", "product", "quantity", "price")
MOST = Decimal(10) ** 13
_NAMED = re.compile(synonyms.DOCUMENT_OF)
_KIND_WORDS = {
    word: kind for kind, words in synonyms.DOCUMENT_KINDS.items() for word in (kind, *words)
}


@dataclass(slots=True)
class DocLine:
    """A line; the amount is exact until the document is rounded."""

    sku: str
    name: str
    quantity: Decimal
    price: Decimal
    amount: Decimal
    vat_percent: Decimal | None
    vat: Decimal


@dataclass(slots=True)
class Document:
    """A document that may be imported."""

    kind: str
    number: str
    day: date
    party: Party
    amount: Decimal
    vat: Decimal
    external_id: str
    contract: str = ""
    original: str = ""
    note: str = ""
    lines: list[DocLine] = field(default_factory=list)


class DocumentReader:
    """Reads documents of one file; raises ValidationError for one that cannot be imported."""

    def __init__(self, days: DayReader, vat_kind: str) -> None:
        self.days = days
        self.vat_kind = vat_kind
        self.rates = RateTable()
        self._percent: dict[date, Decimal | None] = {}
        self._kinds: dict[str, str] = {}
        self._parties: dict[tuple[str | None, ...], Party] = {}

    def head(self, row: Row) -> Document:
        """A document of one row."""
        document = self._head(row)
        if "amount" not in row:
            raise ValidationError(_("There is no amount."))
        total = money(row["amount"])
        self._set_amount(document, total, self._vat_of(row, document, total))
        return document

    def with_lines(self, rows: Sequence[Row]) -> Document:
        """A document of several rows, a line each; the sum is rounded once, half up."""
        document = self._head(rows[0])
        exact = vat = Decimal(0)
        for row in rows:
            line = self._line(row, document)
            document.lines.append(line)
            exact += line.amount
            vat += line.vat
        for row in rows[1:]:
            self._check_same(rows[0], row)
        self._set_amount(document, round_half_up(exact), vat)
        return document

    def _head(self, row: Row) -> Document:
        if "number" not in row:
            raise ValidationError(_("There is no number."))
        if "day" not in row:
            raise ValidationError(_("There is no date."))
        if "currency" in row and header_key(row["currency"]) not in synonyms.ROUBLE_WORDS:
            raise ValidationError(
                _("Documents in roubles are imported, not in “%(currency)s”.")
                % {"currency": row["currency"][:20]}
            )
        name, day = values.text(row["number"], 100), self.days.read(row["day"])
        return Document(
            kind=self._kind(row, name),
            number=name,
            day=day,
            party=self._party(row),
            amount=Decimal(0),
            vat=Decimal(0),
            external_id=row.get("external_id", "")[:200],
            contract=values.text(row["contract"], 100) if "contract" in row else "",
            original=row.get("original", ""),
            note=values.text(row["note"], 500) if "note" in row else "",
        )

    def _kind(self, row: Row, name: str) -> str:
        """By the column, else by the letter before the number, else the sign will tell."""
        text = row.get("kind", "")
        if not text:
            marked = name[:1] in synonyms.CREDIT_PREFIXES and name[1:].isdigit()
            return synonyms.CREDIT_PREFIXES[name[0]] if marked else ""
        found = self._kinds.get(text)
        if found is None:
            key = header_key(text)
            found = _KIND_WORDS.get(key, "") or _by_first_word(key)
            if not found:
                raise ValidationError(_("“%(text)s” is not a document type.") % {"text": text[:60]})
            self._kinds[text] = found
        return found

    def _party(self, row: Row) -> Party:
        key = tuple(map(row.get, ("client_id", "client", "inn", "kpp")))
        found = self._parties.get(key)
        if found is None:
            found = self._parties[key] = read_party(row) if any(key) else NOBODY
        return found

    def _line(self, row: Row, document: Document) -> DocLine:
        quantity = number(row["quantity"]) if "quantity" in row else Decimal(1)
        if "amount" in row:
            amount = number(row["amount"])
            price = number(row["price"]) if "price" in row else _price(amount, quantity)
        elif "price" in row:
            price = number(row["price"])
            amount = quantity * price
        else:
            raise ValidationError(_("There is neither an amount nor a price."))
        if abs(amount) >= MOST or abs(quantity) >= MOST / 100 or abs(price) >= MOST:
            raise ValidationError(_("The amount is too large."))
        percent = self._percent_of(row, document)
        vat = money(row["vat"]) if "vat" in row else vat_inside(amount, percent)
        return DocLine(
            sku=row.get("sku", "")[:100],
            name=row.get("product", "")[:500],
            quantity=quantity,
            price=price,
            amount=amount,
            vat_percent=percent,
            vat=vat,
        )

    def _percent_of(self, row: Row, document: Document) -> Decimal | None:
        """The rate of the row, else the one of the options on the day of the document."""
        if "vat_rate" in row:
            return vat_percent(row["vat_rate"])
        day = document.day
        if day not in self._percent:
            self._percent[day] = self.rates.percent(self.vat_kind, day)
        return self._percent[day]

    def _vat_of(self, row: Row, document: Document, total: Decimal) -> Decimal:
        if "vat" in row and header_key(row["vat"]) not in synonyms.WITHOUT_VAT:
            return money(row["vat"])
        if "vat" in row:
            return Decimal(0)
        return vat_inside(total, self._percent_of(row, document))

    def _set_amount(self, document: Document, total: Decimal, vat: Decimal) -> None:
        """Sign and kind agree: programs write returns with either sign."""
        if abs(total) >= MOST or abs(vat) > abs(total):
            raise ValidationError(_("The amount is too large."))
        if not document.kind or (document.kind == ShipmentKind.SALE and total < 0):
            document.kind = ShipmentKind.RETURN if total < 0 else ShipmentKind.SALE
        if document.kind == ShipmentKind.RETURN and total > 0:
            total, vat = -total, -vat
            for line in document.lines:
                line.quantity, line.amount, line.vat = -line.quantity, -line.amount, -line.vat
        document.amount, document.vat = total, vat if (vat < 0) == (total < 0) else -vat
        if not document.external_id:
            document.external_id = f"{document.kind}|{document.number}|{document.day}"

    def _check_same(self, first: Row, other: Row) -> None:
        """Rows of one document name one client."""
        if self._party(first).key != self._party(other).key:
            raise ValidationError(_("The rows of the document name different clients."))


def named_document(text: str) -> str:
    """The number in «Реализация … № 12 от 01.02.2026», or the text itself."""
    found = _NAMED.search(text)
    return found["number"] if found else text.strip()


def _by_first_word(key: str) -> str:
    """«Возврат товаров от покупателя 12 от …»: the longest known beginning."""
    words = key.split()
    for count in range(len(words) - 1, 0, -1):
        if found := _KIND_WORDS.get(" ".join(words[:count])):
            return found
    return ""


def _price(amount: Decimal, quantity: Decimal) -> Decimal:
    return round_half_up(amount / quantity) if quantity else Decimal(0)


def has_lines(columns: Mapping[str, int]) -> bool:
    """Whether a row is a line of a document and not a document."""
    return any(name in columns for name in LINE_FIELDS)
