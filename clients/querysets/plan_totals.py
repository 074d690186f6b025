"""Sums of the contact plan by manager, counted by the database in one pass (CONT-1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import EmptyResultSet
from django.db import connection

from clients.querysets.contacts import month_bounds
from crm.money import percent
from crm.sql import Statement

if TYPE_CHECKING:
    from clients.querysets.contacts import ContactPlanLineQuerySet


@dataclass(frozen=True)
class PlanSums:
    """Plan and fact of contacts; percentages come from the sums, never from percentages."""

    clients: int = 0
    planned: int = 0
    done: int = 0
    credited: int = 0
    planned_visits: int = 0
    done_visits: int = 0

    def __add__(self, other: PlanSums) -> PlanSums:
        return PlanSums(
            self.clients + other.clients,
            self.planned + other.planned,
            self.done + other.done,
            self.credited + other.credited,
            self.planned_visits + other.planned_visits,
            self.done_visits + other.done_visits,
        )

    @property
    def compliance(self) -> Decimal | None:
        """Credited to planned, per cent; None without a plan."""
        return percent(self.credited, self.planned)

    @property
    def activity(self) -> Decimal | None:
        """Done to planned, per cent; may exceed a hundred."""
        return percent(self.done, self.planned)


def sums_by_manager(lines: ContactPlanLineQuerySet, month: date) -> dict[int, PlanSums]:
    """Sums of the lines of a month by the manager of the line: one query."""
    try:
        return sums_of(sums_statement(lines, month))
    except EmptyResultSet:  # somebody who sees no client at all
        return {}


def sums_of(statement: Statement) -> dict[int, PlanSums]:
    """What the database answers to `sums_statement`."""
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, statement.params)
        return {row[0]: PlanSums(*(int(figure) for figure in row[1:])) for row in cursor}


def sums_statement(lines: ContactPlanLineQuerySet, month: date) -> Statement:
    """The SQL of `sums_by_manager`; raises EmptyResultSet if there can be no line."""
    rows = lines.of_month(month).order_by()
    chosen = Statement.of(rows.values("client_id", "manager_id", "planned_count", "planned_visits"))
    # The names come from the ORM, the values are parameters.
    sql = f"""
        WITH line AS ({chosen.sql}), fact AS (
            SELECT c.client_id, count(*) AS done, count(*) FILTER (WHERE c.kind = 'visit') AS visits
            FROM clients_contactlog c
            WHERE c.state = 'done' AND c.done_at >= %s AND c.done_at < %s
              AND c.result_id = ANY (ARRAY(SELECT id FROM clients_contactresult WHERE reached))
              AND c.client_id = ANY (ARRAY(SELECT client_id FROM line))
            GROUP BY c.client_id
        )
        SELECT line.manager_id, count(*), sum(planned_count), sum(coalesce(done, 0)),
               sum(least(coalesce(done, 0), planned_count)), sum(planned_visits),
               sum(coalesce(visits, 0))
        FROM line LEFT JOIN fact USING (client_id)
        GROUP BY line.manager_id
    """  # noqa: S608
    return Statement(sql, (*chosen.params, *month_bounds(month)))
