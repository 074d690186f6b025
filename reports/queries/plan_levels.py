"""Sums of a plan from the client up: manager, sector, department, beside what was set from above
and what the last month and the same month of last year brought."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Count, Sum

from crm.accounts.models import OrgUnit, User
from crm.money import percent
from reports.days.plans import previous
from reports.models import METRICS, MonthlyPlan, PlanLine, PlanPart, PlanTarget
from reports.queries.plan_gaps import Completeness, coverage_of
from reports.queries.plan_money import Brought, brought_in

Key = tuple[int, int]  # unit and manager
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Sums:
    """The four metrics added up; percentages are made of sums alone (PLAN-1)."""

    ship: Decimal = NOTHING
    cash: Decimal = NOTHING
    active: int = 0
    contacts: int = 0

    def __add__(self, other: Sums | Brought) -> Sums:
        return Sums(
            self.ship + other.ship,
            self.cash + other.cash,
            self.active + other.active,
            self.contacts + other.contacts,
        )


@dataclass(frozen=True)
class Difference:
    """What was set from above less the sum from below; None where nothing was set."""

    name: str
    target: Decimal | int | None
    sum: Decimal | int

    @property
    def value(self) -> Decimal | int | None:
        """Below nought: more is planned than was asked."""
        return None if self.target is None else self.target - self.sum


@dataclass
class Level:
    """The department, a sector or a manager with its sums."""

    kind: str
    pk: int
    name: str
    unit_id: int
    sums: Sums = field(default_factory=Sums)
    last_month: Sums = field(default_factory=Sums)
    last_year: Sums = field(default_factory=Sums)
    clients: int = 0
    target: PlanTarget | None = None
    part: PlanPart | None = None
    shown: int = 0  # managers of a unit that the person sees, and how many there are
    managers: int = 0
    covered: Completeness = field(default_factory=lambda: Completeness(0, 0))

    @property
    def differences(self) -> list[Difference]:
        """Of each metric that was set from above; a unit seen in part is not held against it."""
        target = self.target if self.shown == self.managers else None
        return [
            Difference(name, getattr(target, name, None), getattr(self.sums, name))
            for name in METRICS
        ]

    @property
    def to_last_month(self) -> Decimal | None:
        """Planned shipments to those of the last month, per cent."""
        return percent(self.sums.ship, self.last_month.ship)


@dataclass
class Levels:
    """The department with its sectors and their managers, as far as the person sees them."""

    department: Level
    sectors: list[Level] = field(default_factory=list)
    managers: dict[int, list[Level]] = field(default_factory=dict)

    @property
    def sector_rows(self) -> Iterator[tuple[Level, list[Level]]]:
        """Each sector with its managers."""
        return ((sector, self.managers[sector.pk]) for sector in self.sectors)


def levels_of(plan: MonthlyPlan, user: User, *, facts: bool = True) -> Levels:
    """The whole in about a dozen queries, whatever the number of clients."""
    parts = list(PlanPart.objects.visible_to(user).filter(plan=plan).for_list())
    sums = _sums(plan, user)
    past = _past(plan, user) if facts else {}
    coverage = coverage_of(plan)
    by_unit, by_manager = _targets(plan)
    managers = Counter(plan.parts.order_by().values_list("org_unit", flat=True))
    levels = Levels(Level("unit", plan.org_unit_id, str(plan.org_unit), plan.org_unit_id))
    for part in sorted(parts, key=lambda one: (one.org_unit.sort_key, one.manager.sort_key)):
        key = (part.org_unit_id, part.manager_id)
        row = Level("manager", part.manager_id, str(part.manager), part.org_unit_id, part=part)
        row.sums, row.clients = sums.get(key, (Sums(), 0))
        row.last_month, row.last_year = past.get(key, (Sums(), Sums()))
        row.covered = coverage.by_part.get(key, row.covered)
        row.target = by_manager.get(part.manager_id)
        sector = _sector(levels, part.org_unit, by_unit)
        sector.managers = managers[sector.pk]
        levels.managers[sector.pk].append(row)
        for above in (sector, levels.department):
            _add(above, row)
    levels.department.target = by_unit.get(plan.org_unit_id)
    levels.department.managers = managers.total()
    return levels


def _sector(levels: Levels, unit: OrgUnit, targets: dict[int, PlanTarget]) -> Level:
    if not levels.sectors or levels.sectors[-1].pk != unit.pk:
        row = Level("unit", unit.pk, str(unit), unit.pk, target=targets.get(unit.pk))
        levels.sectors.append(row)
        levels.managers[unit.pk] = []
    return levels.sectors[-1]


def _add(above: Level, row: Level) -> None:
    above.sums, above.clients = above.sums + row.sums, above.clients + row.clients
    above.shown += 1
    above.last_month = above.last_month + row.last_month
    above.last_year = above.last_year + row.last_year
    above.covered = Completeness(
        above.covered.assigned + row.covered.assigned, above.covered.complete + row.covered.complete
    )


def _sums(plan: MonthlyPlan, user: User) -> dict[Key, tuple[Sums, int]]:
    rows = PlanLine.objects.visible_to(user).filter(plan=plan).order_by()
    found = rows.values_list("org_unit", "manager").annotate(
        *(Sum(name) for name in METRICS), Count("pk")
    )
    return {
        (unit, manager): (
            Sums(ship or NOTHING, cash or NOTHING, active or 0, contacts or 0),
            count,
        )
        for unit, manager, ship, cash, active, contacts, count in found
    }


def _past(plan: MonthlyPlan, user: User) -> dict[Key, tuple[Sums, Sums]]:
    """What the clients of each manager's lines brought a month and a year before."""
    lines = PlanLine.objects.visible_to(user).filter(plan=plan).order_by()
    owners = {client: (unit, who) for client, unit, who in lines.values_list(
        "client", "org_unit", "manager"
    )}  # fmt: skip
    before = _grouped(owners, previous(plan.month))
    year = _grouped(owners, plan.month.replace(year=plan.month.year - 1))
    return {key: (before.get(key, Sums()), year.get(key, Sums())) for key in {*before, *year}}


def _grouped(owners: dict[int, Key], month: date) -> dict[Key, Sums]:
    found: dict[Key, Sums] = {}
    for client, brought in brought_in(month, owners).items():
        found[owners[client]] = found.get(owners[client], Sums()) + brought
    return found


def _targets(plan: MonthlyPlan) -> tuple[dict[int, PlanTarget], dict[int, PlanTarget]]:
    rows: Iterable[PlanTarget] = plan.targets.select_related("set_by")
    kept = list(rows)
    units = {one.org_unit_id: one for one in kept if one.org_unit_id}
    return units, {one.manager_id: one for one in kept if one.manager_id}
