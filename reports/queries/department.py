"""The department dashboard: clients, coverage of the contact plan, silence (L160, L232, CONT-1).

Every figure is counted over the clients that the person may see within the chosen unit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import TruncWeek

from clients.contacting.norms import is_silent, silent_since
from clients.models import Client, ContactLog, ContactPlanLine
from clients.querysets import ClientQuerySet
from clients.querysets.plan_totals import PlanSums, sums_by_manager
from crm import calendar
from crm.accounts.models import OrgUnit, OrgUnitKind, User
from crm.accounts.scope import scope_of
from crm.money import percent

CATEGORIES = ("A", "B", "C", "")


@dataclass(frozen=True)
class Week:
    """A week of the month: its Monday and the days of the month in it."""

    monday: date
    first: date
    last: date
    working_days: int
    has_come: bool


@dataclass
class Base:
    """Counts of open clients."""

    total: int = 0
    by_category: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    by_status: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    without_next: int = 0
    silent: int = 0

    def add(self, other: Base) -> None:
        """Add the counts of another part."""
        self.total += other.total
        self.without_next += other.without_next
        self.silent += other.silent
        for category, count in other.by_category.items():
            self.by_category[category] += count
        for key, count in other.by_status.items():
            self.by_status[key] += count


@dataclass
class Row:
    """A manager or a unit; `within` is the unit of clients without a manager."""

    name: str
    unit: OrgUnit | None = None
    manager: User | None = None
    within: OrgUnit | None = None
    base: Base = field(default_factory=Base)
    plan: PlanSums = field(default_factory=PlanSums)
    done_by_week: dict[date, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def says_something(self) -> bool:
        """There are clients of now, a plan, or something was done."""
        return bool(self.base.total or self.plan.planned or self.done_by_week)

    def add(self, other: Row) -> None:
        """Add another row; percentages are recomputed from the sums."""
        self.base.add(other.base)
        self.plan += other.plan
        for monday, count in other.done_by_week.items():
            self.done_by_week[monday] += count


@dataclass(frozen=True)
class WeekCell:
    """Contacts done in a week against the week's share of the month's plan."""

    week: Week
    done: int
    share: Decimal
    percent: Decimal | None


@dataclass(frozen=True)
class Department:
    """Everything on the dashboard."""

    unit: OrgUnit
    month: date
    weeks: list[Week]
    rows: list[Row]
    total: Row
    units: list[OrgUnit]

    def cells(self, row: Row) -> list[WeekCell]:
        """The heat map's line of a row."""
        days = sum(week.working_days for week in self.weeks) or 1
        cells = []
        for week in self.weeks:
            share = Decimal(row.plan.planned * week.working_days) / days
            done = row.done_by_week.get(week.monday, 0)
            reached = percent(done, share) if week.has_come else None
            cells.append(WeekCell(week, done, share, reached))
        return cells


def units_for(user: User) -> list[OrgUnit]:
    """Units whose dashboard the person may open, from the top down."""
    units = OrgUnit.objects.open().order_by("path")
    scope = scope_of(user)
    if scope.everything:
        return list(units)
    return list(units.filter(pk__in=scope.unit_ids))


def department(
    user: User, unit: OrgUnit, month: date, *, today: date, units: list[OrgUnit]
) -> Department:
    """The dashboard of a unit for a month: four queries whatever its size."""
    inside = [u for u in units if u.path.startswith(unit.path)]
    clients = Client.objects.visible_to(user).filter(org_unit__in=[u.pk for u in inside])
    weeks = weeks_of(month, today)
    by_manager = _rows_by_manager(user, clients, month, today, {u.pk: u for u in inside})
    rows = _grouped(unit, inside, by_manager)
    total = Row(name=unit.name, unit=unit)
    for row in rows:
        total.add(row)
    return Department(unit, month, weeks, rows, total, units)


def weeks_of(month: date, today: date) -> list[Week]:
    """Weeks of the month that have working days, with their number."""
    first = month.replace(day=1)
    last = calendar.month_end(first.year, first.month)
    weeks, monday = [], first - timedelta(days=first.weekday())
    while monday <= last:
        start, end = max(first, monday), min(last, monday + timedelta(days=6))
        count = calendar.count_working_days(start, end)
        if count:
            weeks.append(Week(monday, start, end, count, start <= today))
        monday += timedelta(days=7)
    return weeks


def _rows_by_manager(
    user: User, clients: ClientQuerySet, month: date, today: date, units: dict[int, OrgUnit]
) -> list[Row]:
    """A row per manager, and per unit one of its clients without a manager.

    The clients are those of now; what was done in the month was done with closed ones too.
    """
    rows: dict[tuple[int | None, int | None], Row] = {}

    def row_of(manager: int | None, unit: int | None = None) -> Row:
        return rows.setdefault((manager, None if manager else unit), Row(name=""))

    for line in _base(clients.open(), today):
        _count_line(row_of(line["manager"], line["org_unit"]).base, line)
    lines = ContactPlanLine.objects.visible_to(user).filter(client__in=clients.values("pk"))
    for plan_manager, sums in sums_by_manager(lines, month).items():
        row_of(plan_manager).plan = sums
    for week_manager, unit, monday, count in _done_by_week(clients, month):
        row_of(week_manager, unit).done_by_week[monday] += count
    people = User.objects.select_related("org_unit").in_bulk([pk for pk, _unit in rows if pk])
    for (pk, home), row in rows.items():
        row.manager = people.get(pk) if pk else None
        row.name = str(row.manager) if row.manager else ""
        row.unit = row.manager.org_unit if row.manager else None
        row.within = units[home] if home else None
    return list(rows.values())


def _base(clients: ClientQuerySet, today: date) -> Iterable[dict[str, Any]]:
    counted: Any = clients.order_by().values("manager", "org_unit", "category", "status")
    rows: Iterable[dict[str, Any]] = counted.alias(_silent_since=silent_since()).annotate(
        total=Count("pk"),
        without_next=Count("pk", filter=Q(next_contact_at=None)),
        silent=Count("pk", filter=is_silent(today)),
    )
    return rows


def _count_line(base: Base, line: dict[str, Any]) -> None:
    count: int = line["total"]
    category: str = line["category"] or ""
    base.total += count
    base.without_next += line["without_next"]
    base.silent += line["silent"]
    base.by_category[category] += count
    base.by_status[(category, line["status"])] += count


def _done_by_week(
    clients: ClientQuerySet, month: date
) -> list[tuple[int | None, int | None, date, int]]:
    counted = (
        ContactLog.objects.credited()
        .in_month(month)
        .filter(client__in=clients.values("pk"))
        .order_by()
        .annotate(week=TruncWeek("at"))
        .values_list("client__manager", "client__org_unit", "week")
        .annotate(n=Count("pk"))
    )
    return [(manager, unit, week.date(), number) for manager, unit, week, number in counted]


def _grouped(unit: OrgUnit, inside: list[OrgUnit], managers: list[Row]) -> list[Row]:
    """Managers of a department or sector; on the company's level its departments.

    Whoever belongs to none of them has a row too, so that the rows add up to the whole.
    """
    by_unit = unit.kind == OrgUnitKind.COMPANY
    rows = [Row(name=u.name, unit=u) for u in inside if by_unit and u.parent_id == unit.pk]
    nobody = Row(name="", within=unit)
    others: list[Row] = []
    for manager in managers:
        home = manager.unit or manager.within
        found = [row for row in rows if row.unit and home and home.path.startswith(row.unit.path)]
        if found:
            found[0].add(manager)
        elif manager.manager is None:
            nobody.add(manager)
        else:
            others.append(manager)
    others.sort(key=lambda row: (row.unit.path if row.unit else "", row.name))
    rows = [*rows, *([nobody] if nobody.says_something else []), *others]
    return [row for row in rows if row.says_something] if by_unit else rows
