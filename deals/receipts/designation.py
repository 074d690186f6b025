"""Which open invoices of a client a purpose names (decision 8: the named one is paid first)."""

from __future__ import annotations

from collections.abc import Iterable

from deals.receipts.purposes import Named, Reference
from deals.receipts.spreading import Debts


def designated(references: Iterable[Reference], debts: Debts) -> set[int]:
    """Keys of the named invoices; without them those of the named contracts.

    Of several invoices with one number those of the date beside it are meant, where there are any.
    """
    named: set[int] = set()
    under: set[int] = set()
    for reference in references:
        if reference.kind == Named.CONTRACT:
            under |= {row.pk for row in debts.by_contract.get(reference.key, ())}
            continue
        same = debts.by_number.get(reference.key, [])
        dated = [row for row in same if row.issued_on == reference.on]
        named |= {row.pk for row in dated or same}
    return named or under
