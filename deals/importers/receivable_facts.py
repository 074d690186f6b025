"""What a line of 1C's report about debts becomes: a debt, money or goods back."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from crm.imports import synonyms
from crm.imports.values import day as read_day
from deals.importers.debt_tree import document_kind
from deals.importers.parties import Party, read_party

INVOICE, PAYMENT, RETURN = "invoice", "payment", "return"
_NAMED = re.compile(synonyms.DOCUMENT_OF)
ZERO = Decimal(0)


@dataclass(slots=True)
class Item:
    """One document to be written."""

    what: str
    number: str
    day: date
    amount: Decimal
    due_on: date | None = None
    kind: str = ""  # of a document of sale
    pays: str = ""  # external id of the invoice that the money is for
    external_id: str = ""
    note: str = ""


@dataclass(slots=True)
class Debts:
    """A line of the report."""

    party: Party
    contract: str
    items: list[Item] = field(default_factory=list)


class DebtReader:
    """Reads lines of one report; raises ValidationError for what is not imported."""

    def __init__(self, opening: date, closing: date) -> None:
        self.opening, self.closing = opening, closing

    def read(self, row: dict[str, str]) -> Debts:
        """The documents of a line."""
        party = read_party({"client": row["buyer"], "inn": row.get("inn", "")})
        found = Debts(party, row.get("contract", "")[:100])
        found.items = self._items(row)
        for item in found.items:
            base = item.external_id or f"{item.what}|{item.number}|{item.day}"
            item.external_id = f"debts|{'|'.join(party.key)}|{found.contract}|{base}"[:200]
        for item in found.items:
            if item.pays:
                item.pays = found.items[0].external_id
        return found

    def _items(self, row: dict[str, str]) -> list[Item]:
        sums = {name: Decimal(row[name]) for name in _SUMS if name in row}
        if "document" not in row:
            return self._opening(row, sums)
        name, day = self._named(row["document"])
        kind = document_kind(row["document"])
        if kind == "refund":
            raise ValidationError(_("Money sent back comes with the bank statement."))
        if kind == "write_off":
            return [self._written_off(name, day, sums)]
        sold = sums.get("debt", ZERO) + sums.get("sold", ZERO)
        money = sums.get("advance", ZERO) + sums.get("paid", ZERO) + sums.get("received", ZERO)
        items = []
        if sold > 0:
            items.append(Item(INVOICE, name, day, sold, due_on=self._due(row, day)))
        elif sold < 0:
            of = "return" if kind == "return" else "adjustment"
            items.append(Item(RETURN, name, day, sold, kind=of))
        if money > 0:
            # The report says that a sale was paid, not when: the last day of its period.
            paid_on = day if kind == "payment" else self.closing
            items.append(Item(PAYMENT, name, paid_on, money, pays="x" if sold > 0 else ""))
        return items

    def _written_off(self, name: str, day: date, sums: dict[str, Decimal]) -> Item:
        """A debt given up: an adjustment that lowers it, whichever turnover 1C shows it in.

        An advance kept by us (turnover of the other side) is no matter of debts.
        """
        amount = sums.get("paid", ZERO) - sums.get("sold", ZERO)
        if amount <= 0 or sums.get("advance", ZERO) or sums.get("received", ZERO):
            raise ValidationError(_("Only write-offs of what the client owes are imported."))
        note = _("Write-off of the debt, by the report of 1C")
        return Item(RETURN, name, day, -amount, kind="adjustment", note=note)

    def _opening(self, row: dict[str, str], sums: dict[str, Decimal]) -> list[Item]:
        """What no document explains: balances of the day before the period."""
        text = _("Balance of %(day)s") % {"day": f"{self.opening:%d.%m.%Y}"}
        debt, advance = sums.get("debt", ZERO), sums.get("advance", ZERO)
        items = []
        if debt > 0:
            due = self._due(row, date.min)
            key = f"opening|{self.opening}|{row.get('overdue', '')}"
            day = min(self.opening, due or self.opening)
            items.append(Item(INVOICE, text, day, debt, due_on=due or day, external_id=key))
        if advance > 0:
            key = f"advance|{self.opening}"
            items.append(Item(PAYMENT, text, self.opening, advance, external_id=key))
        for name, kind in (("sold", INVOICE), ("received", PAYMENT), ("paid", PAYMENT)):
            if sums.get(name, ZERO) > 0:
                text = _("Turnover of the period to %(day)s") % {"day": f"{self.closing:%d.%m.%Y}"}
                key = f"{name}|{self.opening}|{self.closing}"
                item = Item(kind, text[:50], self.closing, sums[name], external_id=key)
                items.append(item)
        return items

    def _due(self, row: dict[str, str], day: date) -> date | None:
        """Report 2: so many days overdue on its day; not yet due, so at least that day."""
        if "overdue" not in row:
            return max(day, self.closing) if self.opening == self.closing else None
        return max(day, self.closing - timedelta(days=int(row["overdue"])))

    def _named(self, text: str) -> tuple[str, date]:
        found = _NAMED.search(text)
        if found is None:
            raise ValidationError(_("“%(text)s” has no number.") % {"text": text[:60]})
        return found["number"][:50], read_day(found["day"])


_SUMS = ("debt", "advance", "sold", "paid", "received")
