"""Whether a plan is of every manager and every client: PLAN-4, III.9."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from clients.models import Client
from crm.accounts.models import User
from crm.money import percent
from reports.models import METRICS, MonthlyPlan
from reports.queries.plan_owners import Owned, owned_on, units_of


@dataclass(frozen=True)
class Gap:
    """A client of the first of the month without a line, or whose line lacks metrics."""

    client_id: int
    client: str
    unit_id: int
    manager_id: int
    missing: tuple[str, ...]
    has_line: bool


@dataclass(frozen=True)
class Completeness:
    """Complete lines ÷ clients assigned on the first of the month; None without clients."""

    assigned: int
    complete: int

    @property
    def percent(self) -> Decimal | None:
        """With two decimals, half up."""
        return percent(self.complete, self.assigned)

    @property
    def missing(self) -> int:
        """Clients whose plan is not whole."""
        return self.assigned - self.complete


@dataclass
class Coverage:
    """Completeness of a plan by manager and sector, and of the whole."""

    by_part: dict[tuple[int, int], Completeness] = field(default_factory=dict)

    @property
    def total(self) -> Completeness:
        """Of the department, from sums."""
        return _sum(list(self.by_part.values()))

    def of_unit(self, unit_id: int) -> Completeness:
        """Of one sector."""
        return _sum([one for (unit, _who), one in self.by_part.items() if unit == unit_id])


def _sum(parts: list[Completeness]) -> Completeness:
    return Completeness(sum(one.assigned for one in parts), sum(one.complete for one in parts))


def coverage_of(plan: MonthlyPlan) -> Coverage:
    """How many clients of each manager have all four metrics; a client counts for whoever
    answers for it on the first of the month."""
    owned = _owned(plan)
    whole = set(plan.lines.complete().values_list("client_id", flat=True))
    assigned: Counter[tuple[int, int]] = Counter()
    complete: Counter[tuple[int, int]] = Counter()
    for row in owned:
        assigned[row.unit_id, row.manager_id] += 1
        complete[row.unit_id, row.manager_id] += row.client_id in whole
    return Coverage({key: Completeness(assigned[key], complete[key]) for key in assigned})


def gaps_of(plan: MonthlyPlan, user: User | None = None) -> list[Gap]:
    """The clients whose plan is not whole, as far as the person sees them, by name."""
    owned = _owned(plan)
    columns = ("client_id", *METRICS)
    lines: Mapping[Hashable, tuple[object, ...]] = {
        client: values
        for client, *values in plan.lines.values_list(*columns)  # type: ignore[misc]
    }
    lacking = {}
    for row in owned:
        values = lines.get(row.client_id)
        missing = _missing(values)
        if missing:
            lacking[row.client_id] = (row, missing, values is not None)
    rows = Client.objects.filter(pk__in=list(lacking))
    if user is not None:
        rows = rows.visible_to(user)
    found = rows.order_by("sort_key", "pk").values_list("pk", "name")
    return [_gap(lacking[pk], name) for pk, name in found]


def _missing(values: tuple[object, ...] | None) -> tuple[str, ...]:
    if values is None:
        return METRICS
    return tuple(name for name, value in zip(METRICS, values, strict=True) if value is None)


def _gap(found: tuple[Owned, tuple[str, ...], bool], name: str) -> Gap:
    row, missing, has_line = found
    return Gap(row.client_id, name, row.unit_id, row.manager_id, missing, has_line)


def _owned(plan: MonthlyPlan) -> list[Owned]:
    return owned_on(plan.month, units_of(plan.org_unit_id))
