"""Plan and fact of a month by manager and unit, read from the rollups (PLAN-1, PLAN-2).

Percentages come from sums, a plan of nought has none. Facts of a manager are those of the days on
which the manager answered for the client; a unit's active clients are counted once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from crm.accounts.models import OrgUnit, OrgUnitKind, User
from crm.calendar import count_working_days, month_end
from crm.money import percent, round_half_up
from reports.models import ClientMonth, KpiSnapshot, MonthClosing, PlanLine
from reports.months import Months

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
    """One metric of one row; `final` is the fact as it stood at the closing."""

    plan: Decimal
    fact: Decimal
    pace: Pace
    final: Decimal | None = None
    is_money: bool = True

    @property
    def percent(self) -> Decimal | None:
        return percent(self.fact, self.plan)

    @property
    def forecast(self) -> Decimal | None:
        """Where the month is heading at its pace; people and contacts are whole."""
        found = self.pace.forecast(self.fact)
        return found if found is None or self.is_money else round_half_up(found, 0)

    @property
    def forecast_percent(self) -> Decimal | None:
        forecast = self.forecast
        return None if forecast is None else percent(forecast, self.plan)

    @property
    def deviation(self) -> Decimal:
        """Fact less plan."""
        return self.fact - self.plan

    @property
    def has_changed(self) -> bool:
        """The fact is another one than at the closing."""
        return self.final is not None and self.final != self.fact


@dataclass
class Sums:
    """Plan, fact and fact of the closing of all metrics."""

    plan: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(METRICS, NOTHING))
    fact: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(METRICS, NOTHING))
    final: dict[str, Decimal] | None = None

    def add_plan(self, values: Values) -> None:
        """Add sums of lines; a gap plans nothing."""
        for name in METRICS:
            self.plan[name] += values[name] or 0

    def measure(self, metric: str, pace: Pace) -> Measure:
        """One metric."""
        final = None if self.final is None else self.final[metric]
        is_money = metric in {"ship", "cash"}
        return Measure(self.plan[metric], self.fact[metric], pace, final, is_money)


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
    """Everything on the page: managers and units by id, and the whole."""

    managers: dict[tuple[int | None, int | None], Row]
    units: dict[int, Row]
    whole: Row
    closing: MonthClosing | None


def plan_fact(user: User, months: Months, unit: OrgUnit | None, inside: list[OrgUnit]) -> PlanFact:
    """The months of the units, or of the person's own clients where there is no unit: 4 queries.

    Active clients of several months are added up month by month, as their plans are.
    """
    closing = MonthClosing.objects.filter(month=months.last).first() if months.is_one else None
    snapshots = KpiSnapshot.objects.visible_to(user).of_months(months.all)
    lines = PlanLine.objects.visible_to(user).in_force(*months.all)
    everything = unit is not None and unit.kind == OrgUnitKind.COMPANY
    if unit is not None and not everything:
        ids = [one.pk for one in inside]
        snapshots, lines = snapshots.filter(org_unit__in=ids), lines.filter(org_unit__in=ids)
    found = PlanFact({}, {one.pk: _of_unit(one) for one in inside}, Row(), closing)
    is_closed = closing is not None
    for snapshot in snapshots:
        row = _row_of(found, snapshot)
        if row is not None:
            _take_fact(row.sums, snapshot, is_closed=is_closed)
    _add_plans(found, lines, {one.pk: one.path for one in inside})
    if unit is not None and not everything:
        found.whole.sums = found.units[unit.pk].sums
    elif unit is None:
        _sum_up(found.whole.sums, found.managers.values())
    return found


def _of_unit(unit: OrgUnit) -> Row:
    return Row(unit_id=unit.pk, name=unit.name)


def _row_of(found: PlanFact, snapshot: KpiSnapshot) -> Row | None:
    if snapshot.level == "company":
        return found.whole
    if snapshot.level == "unit":
        return found.units.get(snapshot.org_unit_id or 0)
    return _manager(found, snapshot.manager_id, snapshot.org_unit_id)


def _manager(found: PlanFact, manager: int | None, unit: int | None) -> Row:
    return found.managers.setdefault((manager, unit), Row(manager_id=manager, unit_id=unit))


def _take_fact(sums: Sums, snapshot: KpiSnapshot, *, is_closed: bool) -> None:
    for name in METRICS:
        sums.fact[name] += getattr(snapshot, name)
    if is_closed:
        final = snapshot.final or {}
        sums.final = {name: Decimal(final.get(name, 0)) for name in METRICS}


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
    """Facts of one or several people together."""
    whole.final = dict.fromkeys(METRICS, NOTHING)
    for row in rows:
        for name in METRICS:
            whole.fact[name] += row.sums.fact[name]
            whole.final[name] += (row.sums.final or row.sums.fact)[name]


def of_clients(user: User, period: Months, manager: int, *, is_closed: bool) -> list[Row]:
    """Clients of a manager with plan or fact, the greatest plan first: 2 queries."""
    found: dict[int | None, Row] = {}
    rows = ClientMonth.objects.visible_to(user).of_months(period.all).filter(manager=manager)
    for one in rows.select_related("client").only(
        *("ship", "cash", "sales", "contacts", "client__name"),
        *(f"final_{name}" for name in ("ship", "cash", "sales", "contacts")),
    ):
        row = found.setdefault(one.client_id, Row(client_id=one.client_id, manager_id=manager))
        row.name = str(one.client or "")
        for name, value in _facts_of(one, "").items():
            row.sums.fact[name] += value
        row.sums.final = _facts_of(one, "final_") if is_closed else None
    lines = PlanLine.objects.visible_to(user).in_force(*period.all).filter(manager=manager)
    names = ("client", "client__name", *METRICS)
    for values in lines.values(*names):
        pk = values["client"]
        blank = Row(client_id=pk, manager_id=manager, name=values["client__name"])
        found.setdefault(pk, blank).sums.add_plan(values)
    return sorted(
        found.values(), key=lambda r: (-r.sums.plan["ship"], -r.sums.fact["ship"], r.name)
    )


def _facts_of(one: ClientMonth, prefix: str) -> dict[str, Decimal]:
    """The figures of a client; it is active with a sale that stands."""
    read = {name: getattr(one, f"{prefix}{name}") or 0 for name in ("ship", "cash", "contacts")}
    active = (getattr(one, f"{prefix}sales") or 0) > 0
    return {name: Decimal(value) for name, value in read.items()} | {"active": Decimal(active)}
