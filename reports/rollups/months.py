"""SQL that writes months of clients from facts: what is there is corrected, what is gone goes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection

from crm.calendar import month_start
from crm.sql import Statement
from reports.rollups import sources

# The unit of a person at the end of a month: as the history tells, else the first one known.
_PLACES = """
    place AS MATERIALIZED (
        SELECT mo.month, u.id AS manager_id, coalesce(
            (SELECT e.org_unit_id FROM accounts_userevent e
             WHERE e.pgh_obj_id = u.id AND e.pgh_created_at
                 < ((mo.month + interval '1 month')::timestamp AT TIME ZONE %(zone)s)
             ORDER BY e.pgh_id DESC LIMIT 1),
            (SELECT e.org_unit_id FROM accounts_userevent e
             WHERE e.pgh_obj_id = u.id AND e.org_unit_id IS NOT NULL
             ORDER BY e.pgh_id LIMIT 1),
            u.org_unit_id) AS org_unit_id
        FROM accounts_user u, {months} AS mo (month)
        WHERE u.role IN ('manager', 'sector_head', 'department_head')
           OR EXISTS (SELECT FROM clients_clientassignment a WHERE a.manager_id = u.id)
    )
"""
PLACES = _PLACES.format(months="unnest(%(months)s::date[])")
# Of the months in which there are facts `s`.
PLACES_OF_FACTS = _PLACES.format(months="(SELECT DISTINCT month FROM s)")
# Whose a fact `s` is: the unit of who is credited, else that of the client.
UNIT = "CASE WHEN s.manager_id IS NULL THEN c.org_unit_id ELSE p.org_unit_id END"
PLACED = """
        LEFT JOIN clients_client c ON c.id = s.client_id AND s.manager_id IS NULL
        LEFT JOIN place p ON p.manager_id = s.manager_id AND p.month = s.month
"""
_FRESH = f"""
    summed AS (
        SELECT date_trunc('month', f.day::timestamp)::date AS month, f.client_id, f.manager_id,
               sum(f.ship) AS ship, sum(f.cash) AS cash, sum(f.sales) AS sales,
               sum(f.contacts) AS contacts
        FROM fact f GROUP BY 1, 2, 3
    ), fresh AS (
        SELECT s.*, {UNIT} AS org_unit_id, g.category, h.month IS NOT NULL AS is_closed
        FROM summed s {PLACED}
        LEFT JOIN clients_categoryassignment g ON g.client_id = s.client_id
             AND g.valid_from < s.month + interval '1 month'
             AND (g.valid_to IS NULL OR g.valid_to >= s.month + interval '1 month')
        LEFT JOIN reports_monthclosing h ON h.month = s.month
    )
"""  # noqa: S608
_FIGURES = ("ship", "cash", "sales", "contacts")
_KEPT = (*_FIGURES, "org_unit_id", "category")
# What is counted beside what is there, and of that only what differs: a month counted twice writes
# nothing. Nought stands for nobody: by equality the two sets are hashed, else each row would be
# held against each.
_DIFFERENT = f"""
    held AS (SELECT m.* FROM reports_clientmonth m {{scope}}),
    different AS MATERIALIZED (
        SELECT h.id, f.month, f.client_id, f.manager_id, {", ".join(f"f.{n}" for n in _KEPT)},
               f.is_closed, f.month IS NULL AS is_gone,
               coalesce(h.final_ship <> 0 OR h.final_cash <> 0 OR h.final_sales <> 0
                        OR h.final_contacts <> 0, FALSE) AS is_kept
        FROM fresh f FULL JOIN held h ON h.month = f.month
             AND coalesce(h.client_id, 0) = coalesce(f.client_id, 0)
             AND coalesce(h.manager_id, 0) = coalesce(f.manager_id, 0)
        WHERE h.id IS NULL OR f.month IS NULL
           OR ({", ".join(f"h.{name}" for name in _KEPT)})
              IS DISTINCT FROM ({", ".join(f"f.{name}" for name in _KEPT)})
    )
"""  # noqa: S608
# What no document makes any more: nought where the closing knows it, else nothing.
_WRITTEN = f"""
    added AS (
        INSERT INTO reports_clientmonth
            (month, client_id, manager_id, {", ".join(_KEPT)},
             final_ship, final_cash, final_sales, final_contacts)
        SELECT month, client_id, manager_id, {", ".join(_KEPT)},
               {", ".join(["CASE WHEN is_closed THEN 0 END"] * 4)}
        FROM different WHERE id IS NULL
        RETURNING 1
    ), corrected AS (
        UPDATE reports_clientmonth m SET {", ".join(f"{name} = d.{name}" for name in _KEPT)}
        FROM different d WHERE m.id = d.id AND NOT d.is_gone
        RETURNING 1
    ), dropped AS (
        DELETE FROM reports_clientmonth m USING different d
        WHERE m.id = d.id AND d.is_gone AND NOT d.is_kept
        RETURNING 1
    ), emptied AS (
        UPDATE reports_clientmonth m SET ship = 0, cash = 0, sales = 0, contacts = 0
        FROM different d WHERE m.id = d.id AND d.is_gone AND d.is_kept
          AND (m.ship, m.cash, m.sales, m.contacts) IS DISTINCT FROM (0, 0, 0, 0)
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM added) + (SELECT count(*) FROM corrected)
         + (SELECT count(*) FROM dropped) + (SELECT count(*) FROM emptied)
"""  # noqa: S608


def count_months(months: list[date]) -> int:
    """Count whole months anew, one after another without a gap; returns how many rows it changed.

    Several at once read each table once: the documents of a month lie all over it.
    """
    span = sources.Span(months[0], month_start(months[-1], 1))
    scope = Statement("WHERE m.month >= %s AND m.month < %s", (span.first, span.after))
    return _write(sources.credited(span), scope, months)


def count_clients(clients: list[int], months: list[date]) -> int:
    """Count these clients' months anew, pair by pair."""
    facts = sources.credited_of(clients, months)
    return _write(facts, sources.scope_of(clients, months), sorted(set(months)))


def count_without_client(months: list[date]) -> int:
    """Count anew, in these months, what names no client."""
    facts = sources.credited_without_client(months)
    scope = Statement("WHERE m.client_id IS NULL AND m.month = ANY(%s::date[])", (months,))
    return _write(facts, scope, months)


def _write(facts: Statement, scope: Statement, months: list[date]) -> int:
    places = Statement.named(PLACES, months=months, zone=settings.TIME_ZONE)
    different = _DIFFERENT.format(scope=scope.sql)
    sql = f"WITH fact AS ({facts.sql}), {places.sql}, {_FRESH}, {different}, {_WRITTEN}"
    params: tuple[Any, ...] = (*facts.params, *places.params, *scope.params)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        changed: int = cursor.fetchone()[0]
    return changed
