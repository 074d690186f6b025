"""Which open invoices of a client a purpose names (decision 8: the named one is paid first)."""

from __future__ import annotations

from collections.abc import Iterable

from deals.purposes import Named, Reference, number_key
from deals.spreading import OpenInvoice


def designated(references: Iterable[Reference], invoices: Iterable[OpenInvoice]) -> set[int]:
    """Keys of the named invoices; without them those of the named contracts.

    Of several invoices with one number those of the date beside it are meant, where there are any.
    """
    rows = list(invoices)
    named: set[int] = set()
    contracts = set()
    for reference in references:
        if reference.kind == Named.CONTRACT:
            contracts.add(reference.key)
            continue
        same = [row for row in rows if number_key(row.number) == reference.key]
        dated = [row for row in same if row.issued_on == reference.on]
        named |= {row.pk for row in dated or same}
    if named or not contracts:
        return named
    return {row.pk for row in rows if row.contract and number_key(row.contract) in contracts}
