"""What must hold among returns at any quiet moment (crm.work.invariants)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from crm.work import invariants

# Of credited returns with lines of their own: sums of the lines, of the return and of its document
# are one; and where the document has lines, it has as many pieces as the warehouse took.
DISAGREE = """
    SELECT r.id FROM claims_return r
    JOIN deals_shipment d ON d.id = r.document_id AND d.state = 'posted'
    JOIN LATERAL (
        SELECT sum(amount) AS amount, sum(coalesce(accepted_quantity, quantity)) AS quantity
        FROM claims_returnline WHERE return_request_id = r.id
    ) ours ON ours.quantity IS NOT NULL
    LEFT JOIN LATERAL (
        SELECT -sum(quantity) AS quantity FROM deals_shipmentline WHERE shipment_id = d.id
    ) theirs ON true
    WHERE r.state IN ('credited', 'closed') AND (
        r.amount <> -d.amount OR ours.amount <> r.amount
        OR (d.note = r.number AND ours.quantity <> theirs.quantity)
    )
    ORDER BY r.id LIMIT %s
"""
BEYOND = """
    SELECT l.id FROM deals_shipmentline l
    JOIN claims_returnline r ON r.shipment_line_id = l.id
    JOIN claims_return t ON t.id = r.return_request_id AND t.state NOT IN ('rejected', 'withdrawn')
    GROUP BY l.id HAVING sum(coalesce(r.accepted_quantity, r.quantity)) > l.quantity
    ORDER BY l.id LIMIT %s
"""


def register_return_invariants() -> None:
    """Declare the checks."""
    invariants.register("credited returns agree with their documents", credits_agree)
    invariants.register("no more came back than was sold", nothing_beyond_sold)


def credits_agree(_now: datetime) -> Iterable[str]:
    """Accepted lines of credited returns are what their documents say."""
    return _names("return", DISAGREE)


def nothing_beyond_sold(_now: datetime) -> Iterable[str]:
    """The trigger of the lines holds it; whoever switched it off is found here."""
    return _names("line of a shipment", BEYOND)


def _names(noun: str, sql: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [invariants.SHOWN])
        return [f"{noun} {pk}" for (pk,) in cursor.fetchall()]
