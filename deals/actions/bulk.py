"""Many posted documents at once: invoices by COPY, set-offs in one statement.

They do to each document what `settle_document` does to one; imports and the assigning of documents
to clients call them inside their own transaction and verb.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db import connection

from crm.accounts.models import User
from crm.copying import copy_values
from deals.client_terms import TermsTable
from deals.models import Invoice, InvoiceKind

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
# overlap, that much of the credit settles the invoice.
_OF_ORIGINAL = """
    WITH stretch AS (
        SELECT c.id AS credit_id, i.id AS invoice_id, c.posted_on, i.issued_on, i.open_amount,
               -c.amount - c.applied_amount AS free,
               sum(-c.amount - c.applied_amount)
                   OVER (PARTITION BY i.id ORDER BY c.posted_on, c.id) AS upto
        FROM deals_shipment c
        JOIN deals_invoice i ON i.shipment_id = coalesce(c.reverses_id, c.original_id)
        WHERE c.id = ANY(%(ids)s) AND c.amount < 0 AND i.client_id = c.client_id
          AND i.open_amount > 0)
    INSERT INTO deals_allocation
        (credit_id, invoice_id, amount, kind, on_day, created_by_id, created_at)
    SELECT credit_id, invoice_id, least(upto, open_amount) - (upto - free), 'return',
           greatest(posted_on, issued_on), %(by)s, now()
    FROM stretch WHERE upto - free < open_amount AND free > 0
    RETURNING id
"""
_FIFO = """
    WITH credit AS (
        SELECT id, client_id, posted_on, free,
               sum(free) OVER (PARTITION BY client_id ORDER BY posted_on, id) AS upto
        FROM (SELECT id, client_id, posted_on, -amount - applied_amount AS free
              FROM deals_shipment
              WHERE id = ANY(%(ids)s) AND amount < 0 AND client_id IS NOT NULL) c
        WHERE free > 0),
    debt AS (
        SELECT id, client_id, issued_on, open_amount,
               sum(open_amount) OVER (
                   PARTITION BY client_id ORDER BY due_on, issued_on, number, id) AS upto
        FROM deals_invoice
        WHERE open_amount > 0 AND kind = 'postpay'
          AND client_id IN (SELECT client_id FROM credit))
    INSERT INTO deals_allocation
        (credit_id, invoice_id, amount, kind, on_day, created_by_id, created_at)
    SELECT c.id, d.id,
           least(c.upto, d.upto) - greatest(c.upto - c.free, d.upto - d.open_amount), 'return',
           greatest(c.posted_on, d.issued_on), %(by)s, now()
    FROM credit c JOIN debt d ON d.client_id = c.client_id
        AND d.upto > c.upto - c.free AND c.upto > d.upto - d.open_amount
    RETURNING id
"""
_LOCK_CREDITS = """
    SELECT id FROM deals_shipment WHERE id = ANY(%(ids)s) AND amount < 0 ORDER BY id FOR UPDATE
"""
_LOCK_DEBTS = """
    SELECT id FROM deals_invoice WHERE open_amount > 0 AND kind = 'postpay' AND client_id IN
        (SELECT client_id FROM deals_shipment WHERE id = ANY(%(ids)s) AND amount < 0)
    ORDER BY id FOR UPDATE
"""


def apply_credits(shipment_ids: Iterable[int], *, by: User | None) -> list[int]:
    """Let returns lower invoices: those of their original sales first, then the earliest due.

    The same as `apply_credit` for each in the order of posting, in two statements for all. What is
    left stays the client's credit. An allocation counts from the later day of the two documents.
    """
    values = {"ids": list(shipment_ids), "by": by.pk if by else None}
    if not values["ids"]:
        return []
    made: list[int] = []
    with connection.cursor() as cursor:
        cursor.execute("VALUES (1)")  # the next statements must know who writes
        cursor.execute(_LOCK_CREDITS, values)
        cursor.execute(_LOCK_DEBTS, values)
        for statement in (_OF_ORIGINAL, _FIFO):
            cursor.execute(statement, values)
            made += [row[0] for row in cursor.fetchall()]
    return sorted(made)
