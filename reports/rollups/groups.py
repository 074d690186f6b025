"""SQL that writes shipments by product group beside the months of clients that were just counted.

The lines say which goods; what they leave of a client's month is of no group, so the groups add up
to the month whatever the lines say. A document that takes another one back has the lines of that
one, with the sign turned.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection

from crm.sql import Statement
from reports.parameters import month_start
from reports.rollups import sources

SHIPMENTS = ("shipment",)
# The lines `l` of documents `fact`, their goods `p` and what they are worth.
_LINES = """
        FROM fact f JOIN deals_shipment d ON d.id = f.id
        JOIN deals_shipmentline l ON l.shipment_id = coalesce(d.reverses_id, d.id)
        LEFT JOIN deals_product p ON p.id = l.product_id
"""
_WORTH = "CASE WHEN d.reverses_id IS NULL THEN l.amount ELSE -l.amount END"
# `m` is the months of clients, {scope} narrows it.
_FRESH = f"""
    goods AS (
        SELECT date_trunc('month', f.day::timestamp)::date AS month, f.client_id, f.manager_id,
               p.group_id, sum({_WORTH}) AS ship
        {_LINES} WHERE p.group_id IS NOT NULL
        GROUP BY 1, 2, 3, 4
    ), counted AS MATERIALIZED (
        SELECT m.month, m.client_id, m.manager_id, m.org_unit_id, m.ship
        FROM reports_clientmonth m {{scope}}
    ), told AS (
        SELECT month, client_id, manager_id, sum(ship) AS ship FROM goods GROUP BY 1, 2, 3
    ), parts AS (
        SELECT c.month, c.client_id, c.manager_id, c.org_unit_id, g.group_id, g.ship
        FROM counted c JOIN goods g ON g.month = c.month
             AND coalesce(g.client_id, 0) = coalesce(c.client_id, 0)
             AND coalesce(g.manager_id, 0) = coalesce(c.manager_id, 0)
        UNION ALL
        SELECT c.month, c.client_id, c.manager_id, c.org_unit_id, NULL,
               c.ship - coalesce(t.ship, 0)
        FROM counted c LEFT JOIN told t ON t.month = c.month
             AND coalesce(t.client_id, 0) = coalesce(c.client_id, 0)
             AND coalesce(t.manager_id, 0) = coalesce(c.manager_id, 0)
    ), fresh AS (
        SELECT p.*, h.month IS NOT NULL AS is_closed
        FROM parts p LEFT JOIN reports_monthclosing h ON h.month = p.month WHERE p.ship <> 0
    )
"""  # noqa: S608
# What a document is worth beyond its lines is of no group.
_BY_LINE = f"""
    WITH fact AS ({{facts}}), line AS (
        SELECT f.id, l.id AS line_id, l.name, abs(l.quantity) * sign({_WORTH}) AS quantity,
               p.group_id, {_WORTH} AS amount {_LINES}
    ), told AS (SELECT id, sum(amount) AS amount FROM line GROUP BY id)
    SELECT * FROM line
    UNION ALL
    SELECT f.id, NULL, '', NULL, NULL, f.ship - coalesce(t.amount, 0)
    FROM fact f LEFT JOIN told t ON t.id = f.id WHERE f.ship <> coalesce(t.amount, 0)
"""  # noqa: S608
_WRITE = """
    added AS (
        INSERT INTO reports_groupmonth AS m
            (month, client_id, manager_id, org_unit_id, group_id, ship, final_ship)
        SELECT month, client_id, manager_id, org_unit_id, group_id, ship,
               CASE WHEN is_closed THEN 0 END FROM fresh
        ON CONFLICT (client_id, month, manager_id, group_id) DO UPDATE
        SET org_unit_id = EXCLUDED.org_unit_id, ship = EXCLUDED.ship
        WHERE (m.org_unit_id, m.ship) IS DISTINCT FROM (EXCLUDED.org_unit_id, EXCLUDED.ship)
        RETURNING 1
    ), gone AS (
        SELECT m.id, coalesce(m.final_ship <> 0, FALSE) AS is_kept
        FROM reports_groupmonth m {scope} AND NOT EXISTS (
            SELECT FROM fresh f WHERE f.month = m.month
              AND coalesce(f.client_id, 0) = coalesce(m.client_id, 0)
              AND coalesce(f.manager_id, 0) = coalesce(m.manager_id, 0)
              AND coalesce(f.group_id, 0) = coalesce(m.group_id, 0))
    ), dropped AS (
        DELETE FROM reports_groupmonth m USING gone WHERE m.id = gone.id AND NOT gone.is_kept
        RETURNING 1
    ), emptied AS (
        UPDATE reports_groupmonth m SET ship = 0 FROM gone
        WHERE m.id = gone.id AND gone.is_kept AND m.ship <> 0 RETURNING 1
    )
    SELECT (SELECT count(*) FROM added) + (SELECT count(*) FROM dropped)
         + (SELECT count(*) FROM emptied)
"""
_MONTHS = """
    SELECT DISTINCT date_trunc('month', d.posted_on::timestamp)::date
    FROM deals_shipmentline l JOIN deals_shipment s ON s.id = l.shipment_id
    JOIN deals_shipment d ON d.id = s.id OR d.reverses_id = s.id
    WHERE l.product_id = ANY(%s) AND d.posted_on IS NOT NULL ORDER BY 1
"""


def count_month(month: date) -> int:
    """Count the groups of a month that was counted just now; returns how many rows it changed."""
    facts = sources.credited(sources.Span(month, month_start(month, 1)), SHIPMENTS)
    return _write(facts, Statement("WHERE m.month = %s", (month,)))


def count_clients(clients: list[int], months: list[date]) -> int:
    """Count the groups of these clients' months, pair by pair."""
    return _write(
        sources.credited_of(clients, months, SHIPMENTS), sources.scope_of(clients, months)
    )


def count_without_client(months: list[date]) -> int:
    """Count the groups, in these months, of what names no client."""
    facts = sources.credited_without_client(months, SHIPMENTS)
    scope = Statement("WHERE m.client_id IS NULL AND m.month = ANY(%s::date[])", (months,))
    return _write(facts, scope)


def months_of(products: list[int]) -> list[date]:
    """The months in which these products were sold or came back."""
    return [month for (month,) in Statement(_MONTHS, (products,)).rows()] if products else []


def by_line(facts: Statement) -> Statement:
    """The lines of these documents of sale: id, line_id, name, quantity, group_id, amount.

    What a document is worth beyond its lines is a row without a line; a group has what its rows of
    the month have.
    """
    return Statement(_BY_LINE.format(facts=facts.sql), facts.params)


def _write(facts: Statement, scope: Statement) -> int:
    parts = f"{_FRESH}, {_WRITE}".format(scope=scope.sql)
    sql = f"WITH fact AS ({facts.sql}), {parts}"
    params: tuple[Any, ...] = (*facts.params, *scope.params, *scope.params)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        changed: int = cursor.fetchone()[0]
    return changed
