"""Plan and fact of a month by manager and unit, read from the rollups (PLAN-1, PLAN-2).

Percentages come from sums, a plan of nought has none. Facts of a manager are those of the days on
which the manager answered for the client; a unit's active clients are counted once. Like is held
against like: facts of months for which no plan is in force are shown, and compared with nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from crm.accounts.models import OrgUnit, OrgUnitKind, User
from crm.calendar import count_working_days, month_end
from crm.money import percent, round_half_up
from reports.days.months import Months
from reports.models import ClientMonth, KpiSnapshot, MonthClosing, PlanLine
from reports.queries.planned import Planned, planned, told

METRICS = ("ship", "cash", "active", "contacts")
NOTHING = Decimal(0)
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Pace:
    """How far the month is at the end of a day, in working days."""

    month: date
    today: date
    elapsed: int
    total: int
    last: date

    @classmethod
    def of(cls, month: date, today: date, until: date | None = None) -> Pace:
        """Of the month, or of the months until that one, as of the end of the day.

        What has gone by is whole.
        """
        first, end = month.replace(day=1), until or month
        last = month_end(end.year, end.month)
        total = count_working_days(first, last)
        elapsed = count_working_days(first, min(today, last)) if today >= first else 0
        return cls(first, today, elapsed, total, last)

    def over(self, months: Sequence[date]) -> Pace:
        """The pace of some of the months."""
        parts = [Pace.of(month, self.today) for month in months]
        if not parts:
            return self
        elapsed, total = (sum(getattr(one, name) for one in parts) for name in ("elapsed", "total"))
        return Pace(parts[0].month, self.today, elapsed, total, parts[-1].last)

    @property
    def is_running(self) -> bool:
        """The month is not over."""
        return self.month <= self.today < self.last

    def forecast(self, fact: Decimal) -> Decimal | None:
        """Fact / elapsed working days × working days of the month (PLAN-2); None before the first.

        Of a month that is over it is the fact.
        """
        if not self.is_running:
            return fact if self.elapsed else None
        return round_half_up(fact * self.total / self.elapsed) if self.elapsed else None


@dataclass(frozen=True)
class Measure:
    """One metric of one row; `final` is the fact as it stood at the closing.

    `held` is the part of the fact that has a plan to be held against, with its pace; None: all.
    """

    plan: Decimal
    fact: Decimal
    pace: Pace
    final: Decimal | None = None
    is_money: bool = True
    held: Decimal | None = None
    held_pace: Pace | None = None
    has_plan: bool = True

    @property
    def compared(self) -> Decimal:
        """What is held against the plan."""
        return self.fact if self.held is None else self.held

    @property
    def percent(self) -> Decimal | None:
        return percent(self.compared, self.plan)

    @property
    def forecast(self) -> Decimal | None:
        """Where the month is heading at its pace; people and contacts are whole."""
        return self._whole(self.pace.forecast(self.fact))

    @property
    def forecast_percent(self) -> Decimal | None:
        pace = self.held_pace or self.pace
        forecast = self._whole(pace.forecast(self.compared))
        return None if forecast is None else percent(forecast, self.plan)

    def _whole(self, found: Decimal | None) -> Decimal | None:
        return found if found is None or self.is_money else round_half_up(found, 0)

    @property
    def deviation(self) -> Decimal | None:
        """Fact less plan; None where no plan is in force."""
        return self.compared - self.plan if self.has_plan else None

    @property
    def has_changed(self) -> bool:
        """The fact is another one than at the closing."""
        return self.final is not None and self.final != self.fact


def _nothing() -> dict[str, Decimal]:
    return dict.fromkeys(METRICS, NOTHING)


@dataclass
class Sums:
    """Plan, fact, fact of the closing, and the fact that is held against plans, of all metrics.

    `months` are those for which a plan is in force.
    """

    plan: dict[str, Decimal] = field(default_factory=_nothing)
    fact: dict[str, Decimal] = field(default_factory=_nothing)
    final: dict[str, Decimal] | None = None
    held: dict[str, Decimal] = field(default_factory=_nothing)
    months: tuple[date, ...] = ()

    def add_plan(self, values: Values) -> None:
        """Add sums of lines; a gap plans nothing."""
        for name in METRICS:
            self.plan[name] += values[name] or 0

    def add_fact(self, values: Values, *, is_held: bool) -> None:
        """Add facts; those of a month with a plan to what is held against plans too."""
        for name in METRICS:
            self.fact[name] += values[name] or 0
            if is_held:
                self.held[name] += values[name] or 0

    def add(self, other: Sums) -> None:
        """Add another row of other people or units."""
        for name in METRICS:
            self.plan[name] += other.plan[name]
            self.fact[name] += other.fact[name]
            self.held[name] += other.held[name]
        self.months = tuple(sorted({*self.months, *other.months}))

    def measure(self, metric: str, pace: Pace) -> Measure:
        """One metric; `pace` is that of the whole period."""
        final = None if self.final is None else self.final[metric]
        return Measure(
            self.plan[metric],
            self.fact[metric],
            pace,
            final,
            is_money=metric in {"ship", "cash"},
            held=self.held[metric],
            held_pace=pace.over(self.months),
            has_plan=bool(self.months),
        )


@dataclass
class Row:
    """A manager, a unit or a client with its sums."""

    sums: Sums = field(default_factory=Sums)
    manager_id: int | None = None
    unit_id: int | None = None
    client_id: int | None = None
    name: str = ""


@dataclass(frozen=True)
class PlanFact:
    """Everything on the page: managers and units by id, and the whole.

    `partly`: months in which some departments have facts and no plan, while others have a plan.
    """

    managers: dict[tuple[int | None, int | None], Row]
    units: dict[int, Row]
    whole: Row
    closing: MonthClosing | None
    planned: Planned
    partly: set[date]

    @property
    def unplanned(self) -> str:
        """In words: for which months there is no plan to hold the facts against."""
        return told(self.planned.months, self.whole.sums.months, self.partly)


def plan_fact(
    user: User,
    months: Months,
    unit: OrgUnit | None,
    inside: list[OrgUnit],
    *,
    as_closed: bool = True,
) -> PlanFact:
    """The months of the units, or of the person's own clients where there is no unit: 4 queries.

    Active clients of several months are added up month by month, as their plans are. One query
    less without the facts of a month as they stood at its closing.
    """
    closing = None
    if as_closed and months.is_one:
        closing = MonthClosing.objects.filter(month=months.last).first()
    snapshots = KpiSnapshot.objects.visible_to(user).of_months(months.all)
    lines = PlanLine.objects.visible_to(user).in_force(*months.all)
    everything = unit is not None and unit.kind == OrgUnitKind.COMPANY
    if unit is not None and not everything:
        ids = [one.pk for one in inside]
        snapshots, lines = snapshots.filter(org_unit__in=ids), lines.filter(org_unit__in=ids)
    plans = planned(months.all)
    found = PlanFact({}, {}, Row(), closing, plans, set())
    found.whole.sums.months = plans.planned
    for one in inside:
        found.units[one.pk] = row = Row(unit_id=one.pk, name=one.name)
        row.sums.months = plans.months_of(one.pk)
    for snapshot in snapshots:
        _take_fact(found, snapshot, is_closed=closing is not None)
    if everything:
        _leave_out(found, snapshots)
    _add_plans(found, lines, {one.pk: one.path for one in inside})
    if unit is not None and not everything:
        found.whole.sums = found.units[unit.pk].sums
    elif unit is None:
        _sum_up(found.whole.sums, found.managers.values())
    return found


def _row_of(found: PlanFact, snapshot: KpiSnapshot) -> Row | None:
    if snapshot.level == "company":
        return found.whole
    if snapshot.level == "unit":
        return found.units.get(snapshot.org_unit_id or 0)
    return _manager(found, snapshot.manager_id, snapshot.org_unit_id)


def _manager(found: PlanFact, manager: int | None, unit: int | None) -> Row:
    key = (manager, unit)
    if key not in found.managers:
        found.managers[key] = row = Row(manager_id=manager, unit_id=unit)
        row.sums.months = found.planned.months_of(unit)
    return found.managers[key]


def _take_fact(found: PlanFact, snapshot: KpiSnapshot, *, is_closed: bool) -> None:
    row = _row_of(found, snapshot)
    if row is None:
        return
    is_held = found.planned.holds(snapshot.org_unit_id, snapshot.month)
    row.sums.add_fact({name: getattr(snapshot, name) for name in METRICS}, is_held=is_held)
    if is_closed:
        final = snapshot.final or {}
        row.sums.final = {name: Decimal(final.get(name, 0)) for name in METRICS}


def _leave_out(found: PlanFact, snapshots: Iterable[KpiSnapshot]) -> None:
    """Departments without a plan are no part of what the company is compared by."""
    for one in found.planned.without_plan(snapshots):
        found.partly.add(one.month)
        for name in METRICS:
            found.whole.sums.held[name] -= getattr(one, name)


def _add_plans(found: PlanFact, lines: Any, paths: dict[int, str]) -> None:
    """Plans of managers, of their units and of all above them."""
    sums = {name: Sum(name) for name in METRICS}
    for values in lines.order_by().values("manager", "org_unit").annotate(**sums):
        unit = values["org_unit"]
        _manager(found, values["manager"], unit).sums.add_plan(values)
        found.whole.sums.add_plan(values)
        path = paths.get(unit, "")
        for pk, above in paths.items():
            if path.startswith(above):
                found.units[pk].sums.add_plan(values)


def _sum_up(whole: Sums, rows: Iterable[Row]) -> None:
    """Facts of one or several people together; their plans are there already."""
    whole.final, whole.months = _nothing(), ()
    for row in rows:
        whole.months = tuple(sorted({*whole.months, *row.sums.months}))
        for name in METRICS:
            whole.fact[name] += row.sums.fact[name]
            whole.held[name] += row.sums.held[name]
            whole.final[name] += (row.sums.final or row.sums.fact)[name]


def of_clients(user: User, period: Months, manager: int, found: PlanFact) -> list[Row]:
    """Clients of a manager with plan or fact, the greatest plan first: 2 queries."""
    rows: dict[int | None, Row] = {}
    months = ClientMonth.objects.visible_to(user).of_months(period.all).filter(manager=manager)
    for one in months.select_related("client").only(
        *("month", "org_unit", "ship", "cash", "sales", "contacts", "client__name"),
        *(f"final_{name}" for name in ("ship", "cash", "sales", "contacts")),
    ):
        row = rows.setdefault(one.client_id, Row(client_id=one.client_id, manager_id=manager))
        row.name = str(one.client or "")
        is_held = found.planned.holds(one.org_unit_id, one.month)
        row.sums.add_fact(_facts_of(one, ""), is_held=is_held)
        _hold(row.sums, found.planned, one.org_unit_id)
        row.sums.final = _facts_of(one, "final_") if found.closing else None
    lines = PlanLine.objects.visible_to(user).in_force(*period.all).filter(manager=manager)
    names = ("client", "client__name", "org_unit", *METRICS)
    for values in lines.values(*names):
        pk = values["client"]
        blank = Row(client_id=pk, manager_id=manager, name=values["client__name"])
        sums = rows.setdefault(pk, blank).sums
        sums.add_plan(values)
        _hold(sums, found.planned, values["org_unit"])
    return sorted(rows.values(), key=lambda r: (-r.sums.plan["ship"], -r.sums.fact["ship"], r.name))


def _hold(sums: Sums, plans: Planned, unit: int | None) -> None:
    """The months of the unit are compared."""
    sums.months = tuple(sorted({*sums.months, *plans.months_of(unit)}))


def _facts_of(one: ClientMonth, prefix: str) -> dict[str, Decimal]:
    """The figures of a client; it is active with a sale that stands."""
    read = {name: getattr(one, f"{prefix}{name}") or 0 for name in ("ship", "cash", "contacts")}
    active = (getattr(one, f"{prefix}sales") or 0) > 0
    return {name: Decimal(value) for name, value in read.items()} | {"active": Decimal(active)}
