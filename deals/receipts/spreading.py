"""How money is spread over invoices: the named one first, then the earliest due (D.17).

Pure arithmetic over what is open; `deals.actions.allocations` locks and writes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import islice

from deals.models.payments import AllocationKind
from deals.receipts.purposes import number_key


@dataclass(frozen=True)
class OpenInvoice:
    """What is left to pay on one invoice, roubles."""

    pk: int
    number: str
    due_on: date
    issued_on: date
    open_amount: Decimal
    # A pre-payment invoice is no debt: it is paid only where the payer names it.
    is_debt: bool = True
    contract: str = ""  # its number

    @property
    def order(self) -> tuple[date, date, str, int]:
        """Earlier due, then earlier shipped, then by number (FIFO-1)."""
        return (self.due_on, self.issued_on, self.number, self.pk)


@dataclass(frozen=True)
class Part:
    """So much of the money goes to the invoice."""

    invoice_id: int
    amount: Decimal
    kind: AllocationKind


class Debts:
    """What is open on invoices of one client, lowered by each taking."""

    def __init__(self, invoices: Iterable[OpenInvoice]) -> None:
        self.rows = sorted(invoices, key=lambda row: row.order)
        self._open = {row.pk: row.open_amount for row in self.rows}
        self._by_pk = {row.pk: row for row in self.rows}
        self._first = 0  # rows before it are settled

    @cached_property
    def by_number(self) -> dict[str, list[OpenInvoice]]:
        """Invoices by the key of their number."""
        return _grouped(self.rows, lambda row: row.number)

    @cached_property
    def by_contract(self) -> dict[str, list[OpenInvoice]]:
        """Invoices by the key of their contract's number."""
        return _grouped((row for row in self.rows if row.contract), lambda row: row.contract)

    def take(self, money: Decimal, named: Collection[int] = ()) -> tuple[list[Part], Decimal]:
        """Pay the named ones, then the earliest due; returns parts and what is left."""
        parts, left = [], money
        for row in self._payable(named):
            if left <= 0:
                break
            amount = min(left, self._open[row.pk])
            if amount > 0:
                kind = AllocationKind.DESIGNATED if row.pk in named else AllocationKind.FIFO
                parts.append(Part(row.pk, amount, kind))
                self._open[row.pk] -= amount
                left -= amount
        return parts, left

    def _payable(self, named: Collection[int]) -> Iterator[OpenInvoice]:
        wanted = [self._by_pk[pk] for pk in named if pk in self._by_pk]
        yield from sorted(wanted, key=lambda row: row.order)
        while self._first < len(self.rows) and not self._open[self.rows[self._first].pk]:
            self._first += 1
        for row in islice(self.rows, self._first, None):
            if row.is_debt and row.pk not in named:
                yield row


def spread(
    money: Decimal, invoices: Iterable[OpenInvoice], *, named: Collection[int] = ()
) -> tuple[list[Part], Decimal]:
    """Parts of the money by invoice, and what is left as an advance.

    Invoices named by the payer come first in their own order, the rest by FIFO (Civil Code
    319.1); no part exceeds what is open on its invoice.
    """
    return Debts(invoices).take(money, named)


def _grouped(
    rows: Iterable[OpenInvoice], name: Callable[[OpenInvoice], str]
) -> dict[str, list[OpenInvoice]]:
    found: dict[str, list[OpenInvoice]] = defaultdict(list)
    for row in rows:
        found[number_key(name(row))].append(row)
    return dict(found)
