"""KPI 1–4 of a unit by month and the course of its shipments by day, from the rollups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum

from crm.accounts.models import OrgUnit, OrgUnitKind, User
from crm.calendar import current, month_end
from crm.money import round_half_up
from crm.sql import Statement
from reports.models import ClientMonth, KpiSnapshot, PlanLine, TargetTask
from reports.months import Months
from reports.parameters import month_start
from reports.queries.kpi import result_of
from reports.queries.plan_fact import METRICS, Measure, Pace
from reports.queries.receivables.turnover import DebtShare, share_and_before
from reports.rollups.sources import Span, credited

TREND = 12  # months of a sparkline, the last of the period included
NOTHING = Decimal(0)
STOCKS = ("base", "base_a")
FIGURES = (*METRICS, *STOCKS)


@dataclass(frozen=True)
class Kpis:
    """The figures of a unit: by month from the rollups, the debt and the tasks of two months."""

    months: Months
    pace: Pace
    by_month: dict[date, dict[str, Decimal]]
    plan: dict[str, Decimal]
    planned: int
    debt_of: date
    debt: DebtShare | None
    debt_before: DebtShare | None
    tasks: Decimal | None
    tasks_before: Decimal | None

    def total(self, name: str, months: Collection[date]) -> Decimal:
        """The sum of a metric over months."""
        return sum((self.by_month[one][name] for one in months if one in self.by_month), NOTHING)

    def measure(self, metric: str) -> Measure:
        """Plan, fact and forecast of the period."""
        fact = self.total(metric, self.months.all)
        return Measure(self.plan[metric], fact, self.pace, is_money=metric in {"ship", "cash"})

    def at(self, name: str, month: date) -> Decimal | None:
        """What stood at the end of the month, in the running month now; None when not known."""
        found = self.by_month.get(month)
        return None if found is None else found[name]

    def trend(self, name: str) -> list[Decimal]:
        """The last months; those before the first known one are left out."""
        months = [month_start(self.months.last, number - TREND + 1) for number in range(TREND)]
        return [self.by_month[one][name] for one in months if one in self.by_month]


def kpis(
    user: User, unit: OrgUnit, inside: Collection[int], months: Months, *, today: date, money: bool
) -> Kpis:
    """KPI 1–4 of the unit: six queries."""
    is_over = months.last < month_start(today)
    debt_of = months.last if is_over else month_start(today, -1)
    tasks = _tasks(user, unit, inside, months.last)
    debts = (
        share_and_before(user, debt_of, today=today, where={"units": list(inside)})
        if money
        else (None, None)
    )
    plan, planned = _plan(user, unit, inside, months)
    return Kpis(
        months=months,
        pace=Pace.of(months.first, today, months.last),
        by_month=_by_month(user, unit, months),
        plan=plan,
        planned=planned,
        debt_of=debt_of,
        debt=debts[0],
        debt_before=debts[1],
        tasks=result_of(tasks[months.last]),
        tasks_before=result_of(tasks[month_start(months.last, -1)]),
    )


def is_everything(unit: OrgUnit) -> bool:
    """The company counts what belongs to no unit too."""
    return unit.kind == OrgUnitKind.COMPANY


def _by_month(user: User, unit: OrgUnit, months: Months) -> dict[date, dict[str, Decimal]]:
    first = min(months.before[0], month_start(months.last, 1 - TREND))
    rows = KpiSnapshot.objects.visible_to(user).filter(month__gte=first, month__lte=months.last)
    rows = rows.company() if is_everything(unit) else rows.units().filter(org_unit=unit)
    return {
        row["month"]: {name: Decimal(row[name]) for name in FIGURES}
        for row in rows.values("month", *FIGURES)
    }


def _plans(user: User, unit: OrgUnit, inside: Collection[int], months: Months) -> Any:
    lines = PlanLine.objects.visible_to(user).in_force(*months.all).order_by()
    return lines if is_everything(unit) else lines.filter(org_unit__in=inside)


def _plan(
    user: User, unit: OrgUnit, inside: Collection[int], months: Months
) -> tuple[dict[str, Decimal], int]:
    """The sums of the plans in force, and how many of the months have one."""
    sums: dict[str, Any] = {name: Sum(name) for name in METRICS}
    sums["planned"] = Count("plan__month", distinct=True)
    found = _plans(user, unit, inside, months).aggregate(**sums)
    return {name: Decimal(found[name] or 0) for name in METRICS}, found["planned"]


def _tasks(
    user: User, unit: OrgUnit, inside: Collection[int], month: date
) -> dict[date, list[TargetTask]]:
    """Of the month and of the one before it."""
    rows = TargetTask.objects.visible_to(user).counted()
    rows = rows.filter(month__in=[month, month_start(month, -1)])
    if not is_everything(unit):
        rows = rows.filter(org_unit__in=inside)
    found: dict[date, list[TargetTask]] = defaultdict(list)
    for one in rows:
        found[one.month].append(one)
    return found


@dataclass(frozen=True)
class Course:
    """Net shipments by day, cumulative, beside the plan spread evenly over working days."""

    days: list[date]
    fact: list[Decimal | None]
    ideal: list[Decimal]


def course(
    user: User, unit: OrgUnit, inside: Collection[int], months: Months, *, today: date
) -> Course:
    """The days of the period: what was shipped up to each, none after today: two queries."""
    shipped = _shipped(user, unit, inside, months)
    plans = _plans(user, unit, inside, months).values("plan__month").annotate(ship=Sum("ship"))
    by_month = {row["plan__month"]: row["ship"] or NOTHING for row in plans}
    days: list[date] = []
    fact: list[Decimal | None] = []
    ideal: list[Decimal] = []
    summed = planned = NOTHING
    for month in months.all:
        plan, end = by_month.get(month, NOTHING), month_end(month.year, month.month)
        total, gone = current().count(month, end), 0
        for number in range(1, end.day + 1):
            day = month.replace(day=number)
            gone += current().is_working(day)
            summed += shipped.get(day, NOTHING)
            days.append(day)
            fact.append(summed if day <= today else None)
            ideal.append(planned + (round_half_up(plan * gone / total) if total else NOTHING))
        planned += plan
    return Course(days, fact, ideal)


def _shipped(
    user: User, unit: OrgUnit, inside: Collection[int], months: Months
) -> dict[date, Decimal]:
    """Net shipments of each day as the rollup has credited them."""
    facts = credited(Span(months.first, month_start(months.last, 1)), ("shipment",))
    rows = ClientMonth.objects.visible_to(user).of_months(months.all)
    if not is_everything(unit):
        rows = rows.filter(org_unit__in=inside)
    seen = Statement.of(rows.order_by().values("month", "client_id", "manager_id"))
    # Nought stands for nobody: two of them are to be found equal, and by hashing.
    sql = f"""
        SELECT f.day, sum(f.ship) FROM ({facts.sql}) f JOIN ({seen.sql}) m
          ON m.month = date_trunc('month', f.day::timestamp)::date
         AND coalesce(m.client_id, 0) = coalesce(f.client_id, 0)
         AND coalesce(m.manager_id, 0) = coalesce(f.manager_id, 0)
        GROUP BY f.day
    """  # noqa: S608
    return dict(Statement(sql, (*facts.params, *seen.params)).rows())
