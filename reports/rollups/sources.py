"""What a fact is: a document of sale, a payment, a contact, and who answered on its day.

The same statement feeds the months of clients, the lists behind the figures and the course of a
month, so a figure cannot be counted in two ways. Net shipments by the day of posting (decision
2); clients' money in the books less what was given back, by the day of the bank; contacts that
reached the client, by the company's clock. Credited to the primary manager of the day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings

from crm.sql import Statement

# `d` is the document; {keys} narrows it, {day} is its day, {within} its days.
_SHIPMENTS = """
    SELECT 'shipment' AS source, d.id, d.client_id, d.posted_on AS day, d.amount AS ship,
           0::numeric AS cash, 0 AS contacts,
           (d.kind = 'sale' AND d.state = 'posted' AND d.reverses_id IS NULL)::int AS sales
    FROM deals_shipment d {join}
    WHERE d.state IN ('posted', 'reversed') AND {within}
"""
_PAYMENTS = """
    SELECT 'payment' AS source, d.id, d.client_id, d.paid_on AS day, 0::numeric AS ship,
           CASE WHEN d.direction = 'in' THEN d.amount ELSE -d.amount END AS cash,
           0 AS contacts, 0 AS sales
    FROM deals_payment d {join}
    WHERE (d.direction = 'in' AND d.kind = 'customer' AND d.state NOT IN ('reversed', 'ignored')
           OR d.direction = 'out' AND d.kind = 'refund' AND d.state IN ('matched', 'allocated'))
      AND {within}
"""
_CONTACTS = """
    SELECT 'contact' AS source, d.id, d.client_id,
           (d.done_at AT TIME ZONE %(zone)s)::date AS day, 0::numeric AS ship,
           0::numeric AS cash, 1 AS contacts, 0 AS sales
    FROM clients_contactlog d JOIN clients_contactresult r ON r.id = d.result_id AND r.reached
    {join}
    WHERE d.state = 'done' AND {within}
"""
_DAYS = {
    "shipment": (_SHIPMENTS, "d.posted_on"),
    "payment": (_PAYMENTS, "d.paid_on"),
    "contact": (_CONTACTS, "d.done_at"),
}
# One row a document, with who answered for the client on its day.
_CREDITED = """
    SELECT f.*, a.manager_id FROM ({facts}) f
    LEFT JOIN clients_clientassignment a ON a.client_id = f.client_id AND a.role = 'primary'
         AND a.valid_from <= f.day AND (a.valid_to IS NULL OR a.valid_to > f.day)
"""
# The same for one person, whose clients are read once and not anew for every document.
_CREDITED_TO = """
    held AS MATERIALIZED (
        SELECT client_id, valid_from, valid_to FROM clients_clientassignment
        WHERE manager_id = %(manager)s AND role = 'primary' AND valid_from < %(after)s
    )
    SELECT f.* FROM ({facts}) f JOIN held a ON a.client_id = f.client_id
         AND a.valid_from <= f.day AND (a.valid_to IS NULL OR a.valid_to > f.day)
"""
SOURCES = tuple(_DAYS)


@dataclass(frozen=True)
class Span:
    """Days from `first` to the one before `after`."""

    first: date
    after: date


def credited(span: Span, sources: tuple[str, ...] = SOURCES) -> Statement:
    """All facts of the days with who is credited: source, id, client, day, figures, manager."""
    parts = (_facts(name, "", "{at} >= {first} AND {at} < {after}") for name in sources)
    sql = _CREDITED.format(facts=" UNION ALL ".join(parts))
    return Statement.named(sql, first=span.first, after=span.after, zone=settings.TIME_ZONE)


def credited_to(
    manager: int, clients: Statement, span: Span, sources: tuple[str, ...] = SOURCES
) -> Statement:
    """Facts of the days that are credited to one person, of clients that a statement gives."""
    join = "JOIN chosen k ON k.client_id = d.client_id"
    parts = (_facts(name, join, "{at} >= {first} AND {at} < {after}") for name in sources)
    held = Statement.named(
        _CREDITED_TO.format(facts=" UNION ALL ".join(parts)),
        manager=manager,
        first=span.first,
        after=span.after,
        zone=settings.TIME_ZONE,
    )
    chosen = f"WITH chosen (client_id) AS MATERIALIZED ({clients.sql})"
    return Statement(f"{chosen}, {held.sql}", (*clients.params, *held.params))


def scope_of(clients: list[int], months: list[date]) -> Statement:
    """What narrows rows `m` to these clients' months, pair by pair; further conditions by AND."""
    return Statement(
        "JOIN unnest(%s::bigint[], %s::date[]) AS k (client_id, month)"
        " ON k.client_id = m.client_id AND k.month = m.month WHERE TRUE",
        (clients, months),
    )


def credited_of(
    clients: list[int], months: list[date], sources: tuple[str, ...] = SOURCES
) -> Statement:
    """Facts of these clients in these months, pair by pair."""
    keys = "JOIN (SELECT * FROM unnest(%(clients)s::bigint[], %(months)s::date[])"
    join = f"{keys} AS k (client_id, month)) k ON k.client_id = d.client_id"
    within = "{at} >= {month} AND {at} < {month_after}"
    parts = (_facts(name, join, within) for name in sources)
    sql = _CREDITED.format(facts=" UNION ALL ".join(parts))
    return Statement.named(sql, clients=clients, months=months, zone=settings.TIME_ZONE)


def credited_without_client(months: list[date], sources: tuple[str, ...] = SOURCES) -> Statement:
    """Facts of documents that name no client, in these months."""
    join = "JOIN unnest(%(months)s::date[]) AS k (month) ON d.client_id IS NULL"
    within = "{at} >= {month} AND {at} < {month_after}"
    parts = (_facts(name, join, within) for name in sources)
    sql = _CREDITED.format(facts=" UNION ALL ".join(parts))
    return Statement.named(sql, months=months, zone=settings.TIME_ZONE)


def _facts(name: str, join: str, within: str) -> str:
    """One source; moments are compared with moments, so that indexes serve."""
    sql, at = _DAYS[name]
    moment = name == "contact"
    if moment and not join:
        at = "d.at"  # the moment of a contact that is done is `done_at`, and this one is indexed
    ends = {
        "first": _moment("%(first)s", moment),
        "after": _moment("%(after)s", moment),
        "month": _moment("k.month", moment),
        "month_after": _moment("(k.month + interval '1 month')", moment),
    }
    return sql.format(join=join, within=within.format(at=at, **ends))


def _moment(day: str, wanted: bool) -> str:
    return f"({day}::timestamp AT TIME ZONE %(zone)s)" if wanted else f"{day}::date"


def named(statement: Statement, name: str = "fact") -> tuple[str, tuple[Any, ...]]:
    """The statement as a part of WITH."""
    return f"{name} AS ({statement.sql})", statement.params
