"""How money is spread over invoices: the named one first, then the earliest due (D.17).

Pure arithmetic over what is open; `deals.actions.allocations` locks and writes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from deals.models.payments import AllocationKind


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


def spread(
    money: Decimal, invoices: Iterable[OpenInvoice], *, named: Collection[int] = ()
) -> tuple[list[Part], Decimal]:
    """Parts of the money by invoice, and what is left as an advance.

    Invoices named by the payer come first in their own order, the rest by FIFO (Civil Code
    319.1); no part exceeds what is open on its invoice.
    """
    payable = (row for row in invoices if row.is_debt or row.pk in named)
    rows = sorted(payable, key=lambda row: (row.pk not in named, row.order))
    parts, left = [], money
    for row in rows:
        if left <= 0:
            break
        amount = min(left, row.open_amount)
        if amount > 0:
            kind = AllocationKind.DESIGNATED if row.pk in named else AllocationKind.FIFO
            parts.append(Part(row.pk, amount, kind))
            left -= amount
    return parts, left
