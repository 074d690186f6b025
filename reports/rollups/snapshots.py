"""SQL that adds months of clients up to managers, units and the company; percentages never."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import connection

from crm.sql import Statement
from reports.rollups.months import PLACES

FIGURES = ("ship", "cash", "sales", "active", "contacts", "base", "base_a")

# `part`: what one client, or a document without one, adds to one manager of one unit. A client is
# a buyer from a month with a sale until the next one or until the base forgets it: all months that
# are wanted are told from one reading of those that they look back at.
_PARTS = """
    wanted AS (
        SELECT month, (month + interval '1 month')::date AS after
        FROM unnest(%(months)s::date[]) AS w (month)
    ), fact AS (
        SELECT m.month, m.client_id, m.manager_id, m.org_unit_id, m.ship, m.cash, m.sales,
               m.contacts
        FROM reports_clientmonth m WHERE m.month = ANY (%(months)s::date[])
    ), bought AS (
        SELECT client_id, month, (month + %(base_months)s * interval '1 month')::date AS upto,
               lead(month, 1, 'infinity') OVER (PARTITION BY client_id ORDER BY month) AS again
        FROM (
            SELECT DISTINCT m.client_id, m.month FROM reports_clientmonth m
            WHERE m.month >= %(base_from)s AND m.month <= %(last)s
              AND m.sales > 0 AND m.client_id IS NOT NULL
        ) bought
    ), buyer AS (
        SELECT w.month, w.after, b.client_id FROM bought b
        JOIN wanted w ON w.month >= b.month AND w.month < b.upto AND w.month < b.again
    ), member AS (
        SELECT b.month, b.client_id, a.manager_id,
               CASE WHEN a.manager_id IS NULL THEN c.org_unit_id ELSE p.org_unit_id END
               AS org_unit_id, coalesce(g.category = 'A', FALSE) AS is_a
        FROM buyer b
        JOIN clients_client c ON c.id = b.client_id
        LEFT JOIN clients_clientassignment a ON a.client_id = b.client_id AND a.role = 'primary'
             AND a.valid_from < b.after AND (a.valid_to IS NULL OR a.valid_to >= b.after)
        LEFT JOIN place p ON p.manager_id = a.manager_id AND p.month = b.month
        LEFT JOIN clients_categoryassignment g ON g.client_id = b.client_id
             AND g.valid_from < b.after AND (g.valid_to IS NULL OR g.valid_to >= b.after)
    ), above AS MATERIALIZED (
        SELECT u.id, a.id AS above_id FROM accounts_orgunit u
        JOIN accounts_orgunit a ON starts_with(u.path, a.path)
    )
"""
# A client of two managers of a unit is one active client of the unit.
_LEVELS = """
    by_manager AS (
        SELECT month, manager_id, org_unit_id, sum(ship) AS ship, sum(cash) AS cash,
               sum(sales) AS sales, count(client_id) FILTER (WHERE sales > 0) AS active,
               sum(contacts) AS contacts
        FROM fact GROUP BY 1, 2, 3
    ), base_by_manager AS (
        SELECT month, manager_id, org_unit_id, count(*) AS base,
               count(*) FILTER (WHERE is_a) AS base_a
        FROM member GROUP BY 1, 2, 3
    ), shared AS MATERIALIZED (
        SELECT month, client_id FROM fact WHERE sales > 0 AND client_id IS NOT NULL
        GROUP BY 1, 2 HAVING count(*) > 1
    ), twice AS (
        SELECT f.month, a.above_id, count(*) - count(DISTINCT f.client_id) AS extra
        FROM fact f JOIN shared USING (month, client_id) JOIN above a ON a.id = f.org_unit_id
        WHERE f.sales > 0 GROUP BY 1, 2
    ), twice_at_all AS (
        SELECT f.month, count(*) - count(DISTINCT f.client_id) AS extra
        FROM fact f JOIN shared USING (month, client_id) WHERE f.sales > 0 GROUP BY 1
    ), part AS (
        SELECT month, manager_id, org_unit_id, ship, cash, sales, active, contacts,
               0 AS base, 0 AS base_a
        FROM by_manager
        UNION ALL
        SELECT month, manager_id, org_unit_id, 0, 0, 0, 0, 0, base, base_a FROM base_by_manager
    ), fresh AS (
        SELECT month, 'manager' AS level, org_unit_id, manager_id, {sums} FROM part
        GROUP BY 1, 3, 4
        UNION ALL
        SELECT month, 'unit', a.above_id, NULL, {unit_sums}
        FROM part JOIN above a ON a.id = part.org_unit_id
        LEFT JOIN twice t USING (month, above_id) GROUP BY 1, 3
        UNION ALL
        SELECT month, 'company', NULL, NULL, {unit_sums}
        FROM part LEFT JOIN twice_at_all t USING (month) GROUP BY 1
    )
"""
_SUMS = {name: f"coalesce(sum({name}), 0)" for name in FIGURES}
_UNIT = {**_SUMS, "active": "coalesce(sum(active), 0) - coalesce(max(t.extra), 0)"}


def _listed(expressions: dict[str, str]) -> str:
    return ", ".join(f"{expressions[name]} AS {name}" for name in FIGURES)


_WRITE = f"""
    added AS (
        INSERT INTO reports_kpisnapshot AS k (month, level, org_unit_id, manager_id,
                                              {", ".join(FIGURES)})
        SELECT month, level, org_unit_id, manager_id, {", ".join(FIGURES)} FROM fresh
        ON CONFLICT (month, level, org_unit_id, manager_id) DO UPDATE
        SET {", ".join(f"{name} = EXCLUDED.{name}" for name in FIGURES)}
        WHERE ({", ".join(f"k.{name}" for name in FIGURES)})
              IS DISTINCT FROM ({", ".join(f"EXCLUDED.{name}" for name in FIGURES)})
        RETURNING 1
    ), gone AS (
        SELECT k.id, k.final IS NOT NULL AS is_kept FROM reports_kpisnapshot k
        WHERE k.month = ANY (%(months)s::date[]) AND NOT EXISTS (
            SELECT FROM fresh f WHERE f.month = k.month AND f.level = k.level
              AND f.org_unit_id IS NOT DISTINCT FROM k.org_unit_id
              AND f.manager_id IS NOT DISTINCT FROM k.manager_id)
    ), dropped AS (
        DELETE FROM reports_kpisnapshot k USING gone WHERE k.id = gone.id AND NOT gone.is_kept
        RETURNING 1
    ), emptied AS (
        UPDATE reports_kpisnapshot k SET {", ".join(f"{name} = 0" for name in FIGURES)}
        FROM gone WHERE k.id = gone.id AND gone.is_kept RETURNING 1
    )
    SELECT (SELECT count(*) FROM added) + (SELECT count(*) FROM dropped)
"""  # noqa: S608


def add_up(months: list[date], *, base_months: int) -> int:
    """Add the months up to all levels; returns how many snapshots it changed."""
    if not months:
        return 0
    levels = _LEVELS.format(sums=_listed(_SUMS), unit_sums=_listed(_UNIT))
    statement = Statement.named(
        f"WITH {PLACES}, {_PARTS}, {levels}, {_WRITE}",
        months=months,
        last=max(months),
        base_months=base_months,
        base_from=_shifted(min(months), 1 - base_months),
        zone=settings.TIME_ZONE,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, statement.params)
        changed: int = cursor.fetchone()[0]
    return changed


def _shifted(month: date, by: int) -> date:
    number = month.year * 12 + month.month - 1 + by
    return date(number // 12, number % 12 + 1, 1)
