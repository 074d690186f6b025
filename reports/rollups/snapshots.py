"""SQL that adds months of clients up to managers, units and the company; percentages never."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import connection

from crm.sql import Statement
from reports.rollups.months import PLACES

FIGURES = ("ship", "cash", "sales", "active", "contacts", "base", "base_a")

# `part`: what one client, or a document without one, adds to one manager of one unit.
_PARTS = """
    fact AS (
        SELECT m.client_id, m.manager_id, m.org_unit_id, m.ship, m.cash, m.sales, m.contacts
        FROM reports_clientmonth m WHERE m.month = %(month)s
    ), buyer AS (
        SELECT DISTINCT m.client_id FROM reports_clientmonth m
        WHERE m.month >= %(base_from)s AND m.month <= %(month)s
          AND m.sales > 0 AND m.client_id IS NOT NULL
    ), member AS (
        SELECT b.client_id, a.manager_id,
               CASE WHEN a.manager_id IS NULL THEN c.org_unit_id ELSE p.org_unit_id END
               AS org_unit_id, coalesce(g.category = 'A', FALSE) AS is_a
        FROM buyer b
        JOIN clients_client c ON c.id = b.client_id
        LEFT JOIN clients_clientassignment a ON a.client_id = b.client_id AND a.role = 'primary'
             AND a.valid_from < %(after)s AND (a.valid_to IS NULL OR a.valid_to >= %(after)s)
        LEFT JOIN place p ON p.manager_id = a.manager_id
        LEFT JOIN clients_categoryassignment g ON g.client_id = b.client_id
             AND g.valid_from < %(after)s AND (g.valid_to IS NULL OR g.valid_to >= %(after)s)
    ), above AS MATERIALIZED (
        SELECT u.id, a.id AS above_id FROM accounts_orgunit u
        JOIN accounts_orgunit a ON starts_with(u.path, a.path)
    )
"""
# A client of two managers of a unit is one active client of the unit.
_LEVELS = """
    by_manager AS (
        SELECT manager_id, org_unit_id, sum(ship) AS ship, sum(cash) AS cash, sum(sales) AS sales,
               count(client_id) FILTER (WHERE sales > 0) AS active, sum(contacts) AS contacts
        FROM fact GROUP BY 1, 2
    ), base_by_manager AS (
        SELECT manager_id, org_unit_id, count(*) AS base, count(*) FILTER (WHERE is_a) AS base_a
        FROM member GROUP BY 1, 2
    ), shared AS (
        SELECT client_id FROM fact WHERE sales > 0 AND client_id IS NOT NULL
        GROUP BY 1 HAVING count(*) > 1
    ), twice AS (
        SELECT a.above_id, count(*) - count(DISTINCT f.client_id) AS extra
        FROM fact f JOIN shared USING (client_id) JOIN above a ON a.id = f.org_unit_id
        WHERE f.sales > 0 GROUP BY 1
    ), part AS (
        SELECT manager_id, org_unit_id, ship, cash, sales, active, contacts, 0 AS base, 0 AS base_a
        FROM by_manager
        UNION ALL
        SELECT manager_id, org_unit_id, 0, 0, 0, 0, 0, base, base_a FROM base_by_manager
    ), fresh AS (
        SELECT 'manager' AS level, org_unit_id, manager_id, {sums} FROM part GROUP BY 2, 3
        UNION ALL
        SELECT 'unit', a.above_id, NULL, {unit_sums}
        FROM part JOIN above a ON a.id = part.org_unit_id
        LEFT JOIN twice t USING (above_id) GROUP BY 2
        UNION ALL
        SELECT 'company', NULL, NULL, {company_sums} FROM part HAVING count(*) > 0
    )
"""
_SUMS = {name: f"coalesce(sum({name}), 0)" for name in FIGURES}
_UNIT = {**_SUMS, "active": "coalesce(sum(active), 0) - coalesce(max(t.extra), 0)"}
_COMPANY = {
    **_SUMS,
    "active": "coalesce(sum(active), 0) - (SELECT coalesce(count(*) - count(DISTINCT"
    " f.client_id), 0) FROM fact f JOIN shared USING (client_id) WHERE f.sales > 0)",
}


def _listed(expressions: dict[str, str]) -> str:
    return ", ".join(f"{expressions[name]} AS {name}" for name in FIGURES)


_WRITE = f"""
    added AS (
        INSERT INTO reports_kpisnapshot AS k (month, level, org_unit_id, manager_id,
                                              {", ".join(FIGURES)})
        SELECT %(month)s, level, org_unit_id, manager_id, {", ".join(FIGURES)} FROM fresh
        ON CONFLICT (month, level, org_unit_id, manager_id) DO UPDATE
        SET {", ".join(f"{name} = EXCLUDED.{name}" for name in FIGURES)}
        WHERE ({", ".join(f"k.{name}" for name in FIGURES)})
              IS DISTINCT FROM ({", ".join(f"EXCLUDED.{name}" for name in FIGURES)})
        RETURNING 1
    ), gone AS (
        SELECT k.id, k.final IS NOT NULL AS is_kept FROM reports_kpisnapshot k
        WHERE k.month = %(month)s AND NOT EXISTS (
            SELECT FROM fresh f WHERE f.level = k.level
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


def add_up(month: date, *, base_months: int) -> int:
    """Add the month up to all levels; returns how many snapshots it changed."""
    levels = _LEVELS.format(
        sums=_listed(_SUMS), unit_sums=_listed(_UNIT), company_sums=_listed(_COMPANY)
    )
    statement = Statement.named(
        f"WITH {PLACES}, {_PARTS}, {levels}, {_WRITE}",
        month=month,
        months=[month],
        after=_shifted(month, 1),
        base_from=_shifted(month, 1 - base_months),
        zone=settings.TIME_ZONE,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, statement.params)
        changed: int = cursor.fetchone()[0]
    return changed


def _shifted(month: date, by: int) -> date:
    number = month.year * 12 + month.month - 1 + by
    return date(number // 12, number % 12 + 1, 1)
