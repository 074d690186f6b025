"""Many posted documents at once: invoices by COPY, set-offs in one statement.

They do to each document what `settle_document` does to one; imports and the assigning of documents
to clients call them inside their own transaction and verb.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from crm.accounts.models import User
from crm.copying import copy_values
from deals.conditions.client_terms import TermsTable
from deals.models import Allocation, AllocationKind, Invoice, InvoiceKind

INVOICE_COLUMNS = (
    *("shipment_id", "client_id", "contract_id", "number", "issued_on", "due_on"),
    *("amount", "vat_amount"),
)


class Debt(NamedTuple):
    """What an invoice takes from its posted document."""

    shipment_id: int
    client_id: int
    contract_id: int | None
    number: str
    posted_on: date
    amount: Decimal
    vat_amount: Decimal


def issue_invoices(debts: Collection[Debt], *, terms: TermsTable, by: User | None) -> list[int]:
    """Invoices of posted positive documents with clients, due by the terms of their days.

    `terms` has been loaded for the clients and contracts. Returns the keys in the order of debts.
    """
    due_on = terms.due_on
    return copy_values(
        Invoice,
        INVOICE_COLUMNS,
        [
            (
                *(debt.shipment_id, debt.client_id, debt.contract_id, debt.number),
                *(debt.posted_on, due_on(debt.client_id, debt.contract_id, debt.posted_on)),
                *(debt.amount, debt.vat_amount),
            )
            for debt in debts
        ],
        kind=InvoiceKind.POSTPAY,
        created_by_id=by.pk if by else None,
    )


# Credits and invoices of a client stand each on a line of roubles from zero; where two stretches
# overlap, that much of the credit settles the invoice. Nothing here trusts the statistics of the
# tables: an import fills them faster than they are counted.
_LOCK_CREDITS = """
    SELECT client_id FROM deals_shipment
    WHERE id = ANY(%(ids)s) AND amount < 0 AND client_id IS NOT NULL
    ORDER BY id FOR UPDATE
"""
_LOCK_DEBTS = """
    SELECT id FROM deals_invoice
    WHERE open_amount > 0 AND kind = 'postpay' AND client_id = ANY(%(clients)s)
    ORDER BY id FOR UPDATE
"""
_CREDIT = """
    credit AS MATERIALIZED (
        SELECT id, client_id, posted_on, coalesce(reverses_id, original_id) AS sale_id,
               -amount - applied_amount AS free
        FROM deals_shipment
        WHERE id = ANY(%(ids)s) AND amount < 0 AND client_id IS NOT NULL)
"""
_OF_ORIGINAL = f"""
    WITH {_CREDIT}, stretch AS (
        SELECT c.id AS credit_id, i.id AS invoice_id, c.posted_on, i.open_amount, free,
               sum(free) OVER (PARTITION BY i.id ORDER BY c.posted_on, c.id) AS upto
        FROM credit c
        JOIN deals_invoice i ON i.shipment_id = c.sale_id AND i.client_id = c.client_id
        WHERE i.open_amount > 0)
    SELECT credit_id, invoice_id, least(upto, open_amount) - (upto - free), posted_on
    FROM stretch WHERE upto - free < open_amount AND free > 0
"""  # noqa: S608
_FIFO = f"""
    WITH {_CREDIT}, line AS (
        SELECT id, client_id, posted_on, free,
               sum(free) OVER (PARTITION BY client_id ORDER BY posted_on, id) AS upto
        FROM credit WHERE free > 0),
    debt AS MATERIALIZED (
        SELECT id, client_id, open_amount,
               sum(open_amount) OVER (
                   PARTITION BY client_id ORDER BY due_on, issued_on, number, id) AS upto
        FROM deals_invoice
        WHERE open_amount > 0 AND kind = 'postpay' AND client_id = ANY(%(clients)s))
    SELECT c.id, d.id,
           least(c.upto, d.upto) - greatest(c.upto - c.free, d.upto - d.open_amount),
           c.posted_on
    FROM line c JOIN debt d ON d.client_id = c.client_id
        AND d.upto > c.upto - c.free AND c.upto > d.upto - d.open_amount
"""  # noqa: S608
ALLOCATION_COLUMNS = ("credit_id", "invoice_id", "amount", "on_day")


def apply_credits(shipment_ids: Iterable[int], *, by: User | None) -> list[int]:
    """Let returns lower invoices: those of their original sales first, then the earliest due.

    The same as `apply_credit` for each in the order of posting, in two statements for all. What is
    left stays the client's credit. An allocation counts from the posting of the return: on a day
    before a later invoice the credit was still free.
    """
    values: dict[str, list[int]] = {"ids": list(shipment_ids)}
    if not values["ids"]:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_CREDITS, values)
        values["clients"] = sorted({row[0] for row in cursor})
        cursor.execute(_LOCK_DEBTS, values)
        made = _allocate(cursor, _OF_ORIGINAL, values, by=by)
        # The two lines meet by a hash: of rows of this very statement nobody knows how many.
        cursor.execute("SET LOCAL enable_nestloop = off")
        made += _allocate(cursor, _FIFO, values, by=by)
    return made


def _allocate(cursor: Any, statement: str, values: dict[str, Any], *, by: User | None) -> list[int]:
    """Write what the statement finds; ids of the new allocations."""
    cursor.execute(statement, values)
    found = cursor.fetchall()
    cursor.execute("SET LOCAL enable_nestloop = on")  # for the triggers
    user_id = by.pk if by else None
    return copy_values(
        Allocation, ALLOCATION_COLUMNS, found, kind=AllocationKind.RETURN, created_by_id=user_id
    )
