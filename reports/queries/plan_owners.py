"""Whom a plan covers: clients assigned on the first of the month, by department (PLAN-4)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from clients.models import ClientAssignment, ClientStatus
from crm.accounts.models import OrgUnit, OrgUnitKind
from deals.actions.reconciliation_schedules import departments_of_units

PLANNED = (ClientStatus.CLIENT, ClientStatus.PROSPECT)


class Owned(NamedTuple):
    """A client with who answers for it on the first of the month, and where."""

    client_id: int
    manager_id: int
    unit_id: int
    category: str | None
    status: str


def plan_units() -> dict[int, int]:
    """Each unit with the one whose plan its clients are in: the nearest department, else itself.

    The company has no plan of its own.
    """
    departments = departments_of_units()
    rows = OrgUnit.objects.exclude(kind=OrgUnitKind.COMPANY).values_list("pk", flat=True)
    return {unit: departments.get(unit, unit) for unit in rows}


def units_of(plan_unit: int) -> list[int]:
    """The units whose clients are in the plan of this one."""
    return sorted(unit for unit, top in plan_units().items() if top == plan_unit)


def owned_on(first: date, units: Collection[int]) -> list[Owned]:
    """Open clients of the units with their managers of the day; the trading hall is left out."""
    rows = (
        ClientAssignment.objects.on(first)
        .primary()
        .filter(
            client__archived_at=None, client__status__in=PLANNED, client__org_unit__in=list(units)
        )
        .order_by("client_id")
        .values_list(
            "client_id", "manager_id", "client__org_unit_id", "client__category", "client__status"
        )
    )
    return [Owned(*row) for row in rows]
