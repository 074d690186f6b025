"""KPI 1–4 of a unit by month and the course of its shipments by day, from the rollups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from crm.accounts.models import OrgUnit, OrgUnitKind, User
from crm.calendar import current, month_end
from crm.money import percent, round_half_up
from crm.sql import Statement
from reports.days.months import Months
from reports.models import ClientMonth, KpiSnapshot, PlanLine, TargetTask
from reports.parameters import month_start
from reports.queries.kpi import result_of
from reports.queries.plan_fact import METRICS, Measure, Pace
from reports.queries.planned import Planned, planned, told
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
    compared: Compared
    debt_of: date
    debt: DebtShare | None
    debt_before: DebtShare | None
    debts_kept: dict[date, Decimal | None]
    tasks_by_month: dict[date, Decimal | None]

    @property
    def tasks(self) -> Decimal | None:
        """KPI-4 of the last month of the period."""
        return self.tasks_by_month.get(self.months.last)

    @property
    def tasks_before(self) -> Decimal | None:
        """KPI-4 of the month before that."""
        return self.tasks_by_month.get(month_start(self.months.last, -1))

    def total(self, name: str, months: Collection[date]) -> Decimal:
        """The sum of a metric over months."""
        return sum((self.by_month[one][name] for one in months if one in self.by_month), NOTHING)

    def measure(self, metric: str) -> Measure:
        """Plan, fact and forecast of the period."""
        return Measure(
            self.plan[metric],
            self.total(metric, self.months.all),
            self.pace,
            is_money=metric in {"ship", "cash"},
            held=self.total(metric, self.compared.months) - self.compared.left_out[metric],
            held_pace=self.pace.over(self.compared.months),
            has_plan=bool(self.compared.months),
        )

    def at(self, name: str, month: date) -> Decimal | None:
        """What stood at the end of the month, in the running month now; None when not known."""
        found = self.by_month.get(month)
        return None if found is None else found[name]

    def trend(self, name: str) -> list[Decimal]:
        """The last months; those before the first known one are left out."""
        return [self.by_month[one][name] for one in self._trend if one in self.by_month]

    @property
    def _trend(self) -> list[date]:
        return [month_start(self.months.last, number - TREND + 1) for number in range(TREND)]

    @property
    def debt_trend(self) -> list[Decimal]:
        """KPI-2 of the closed months as it was kept, of the last two as it is now."""
        known = dict(self.debts_kept)
        for month, share in ((self.debt_of, self.debt), (self._before_debt, self.debt_before)):
            if share is not None:
                known[month] = share.percent
        return [value for one in self._trend if (value := known.get(one)) is not None]

    @property
    def _before_debt(self) -> date:
        return month_start(self.debt_of, -1)

    @property
    def task_trend(self) -> list[Decimal]:
        """KPI-4 of the last months that had target tasks."""
        found = (self.tasks_by_month.get(one) for one in self._trend)
        return [value for value in found if value is not None]


@dataclass(frozen=True)
class Compared:
    """The months for which a plan is in force, and what of their facts has none all the same.

    `partly`: months in which a department of the company has facts and no plan.
    """

    planned: Planned
    months: tuple[date, ...]
    left_out: dict[str, Decimal]
    partly: set[date]

    @property
    def unplanned(self) -> str:
        """In words: for which months there is no plan to hold the facts against."""
        return told(self.planned.months, self.months, self.partly)


def kpis(
    user: User, unit: OrgUnit, inside: Collection[int], months: Months, *, today: date, money: bool
) -> Kpis:
    """KPI 1–4 of the unit: six queries, of the company one more."""
    is_over = months.last < month_start(today)
    debt_of = months.last if is_over else month_start(today, -1)
    debts: tuple[DebtShare | None, DebtShare | None] = (None, None)
    if money:
        debts = share_and_before(user, debt_of, today=today, where=_whose(unit, inside))
    by_month, debts_kept = _by_month(user, unit, months)
    return Kpis(
        months=months,
        pace=Pace.of(months.first, today, months.last),
        by_month=by_month,
        plan=_plan(user, unit, inside, months),
        compared=_compared(user, unit, months),
        debt_of=debt_of,
        debt=debts[0],
        debt_before=debts[1],
        debts_kept=debts_kept if money else {},
        tasks_by_month=_tasks(user, unit, inside, months.last),
    )


def _whose(unit: OrgUnit, inside: Collection[int]) -> dict[str, Any]:
    """What a debt is narrowed by; the company has what belongs to no unit too."""
    return {} if is_everything(unit) else {"units": list(inside)}


def _compared(user: User, unit: OrgUnit, months: Months) -> Compared:
    plans = planned(months.all)
    left_out: dict[str, Decimal] = dict.fromkeys(METRICS, NOTHING)
    partly: set[date] = set()
    if is_everything(unit):
        rows = KpiSnapshot.objects.visible_to(user).units().of_months(months.all)
        for one in plans.without_plan(rows.filter(org_unit__in=set(plans.departments.values()))):
            partly.add(one.month)
            for name in METRICS:
                left_out[name] += getattr(one, name)
    return Compared(plans, plans.months_of(unit.pk), left_out, partly)


def is_everything(unit: OrgUnit) -> bool:
    """The company counts what belongs to no unit too."""
    return unit.kind == OrgUnitKind.COMPANY


def _by_month(
    user: User, unit: OrgUnit, months: Months
) -> tuple[dict[date, dict[str, Decimal]], dict[date, Decimal | None]]:
    """The figures of the unit, and KPI-2 of the months that are closed as the closing kept it."""
    first = min(months.before[0], month_start(months.last, 1 - TREND))
    rows = KpiSnapshot.objects.visible_to(user).filter(month__gte=first, month__lte=months.last)
    rows = rows.company() if is_everything(unit) else rows.units().filter(org_unit=unit)
    figures: dict[date, dict[str, Decimal]] = {}
    debts: dict[date, Decimal | None] = {}
    for row in rows.values("month", "final", *FIGURES):
        figures[row["month"]] = {name: Decimal(row[name]) for name in FIGURES}
        final = row["final"] or {}
        if "debt" in final:
            sales = Decimal(final["debt_sales"])
            debts[row["month"]] = percent(Decimal(final["debt"]), max(sales, NOTHING))
    return figures, debts


def _plans(user: User, unit: OrgUnit, inside: Collection[int], months: Months) -> Any:
    lines = PlanLine.objects.visible_to(user).in_force(*months.all).order_by()
    return lines if is_everything(unit) else lines.filter(org_unit__in=inside)


def _plan(user: User, unit: OrgUnit, inside: Collection[int], months: Months) -> dict[str, Decimal]:
    """The sums of the plans in force."""
    sums: dict[str, Any] = {name: Sum(name) for name in METRICS}
    found = _plans(user, unit, inside, months).aggregate(**sums)
    return {name: Decimal(found[name] or 0) for name in METRICS}


def _tasks(
    user: User, unit: OrgUnit, inside: Collection[int], month: date
) -> dict[date, Decimal | None]:
    """KPI-4 of the last months, this one included."""
    rows = TargetTask.objects.visible_to(user).counted()
    rows = rows.filter(month__gte=month_start(month, 1 - TREND), month__lte=month)
    if not is_everything(unit):
        rows = rows.filter(org_unit__in=inside)
    found: dict[date, list[TargetTask]] = defaultdict(list)
    for one in rows:
        found[one.month].append(one)
    return {of: result_of(tasks) for of, tasks in found.items()}


@dataclass(frozen=True)
class Course:
    """Net shipments by day, cumulative, beside the plan spread evenly over working days.

    What has no plan to be held against raises the ideal line as it came, so the distance of the
    lines is that of plan and fact; in months without any plan there is no ideal line.
    """

    days: list[date]
    fact: list[Decimal | None]
    ideal: list[Decimal | None]


def course(
    user: User, unit: OrgUnit, inside: Collection[int], months: Months, *, today: date
) -> Course:
    """The days of the period: what was shipped up to each, none after today: three queries."""
    compared = planned(months.all)
    shipped = _shipped(user, unit, inside, months, compared)
    plans = _plans(user, unit, inside, months).values("plan__month").annotate(ship=Sum("ship"))
    by_month = {row["plan__month"]: row["ship"] or NOTHING for row in plans}
    held = compared.months_of(unit.pk)
    found = Course([], [], [])
    summed = base = NOTHING
    for month in months.all:
        plan, end = by_month.get(month, NOTHING), month_end(month.year, month.month)
        total, gone = current().count(month, end), 0
        for number in range(1, end.day + 1):
            day = month.replace(day=number)
            gone += current().is_working(day)
            whole, alone = shipped.get(day, (NOTHING, NOTHING))
            summed, base = summed + whole, base + alone
            found.days.append(day)
            found.fact.append(summed if day <= today else None)
            share = round_half_up(plan * gone / total) if total else NOTHING
            found.ideal.append(base + share if month in held else None)
        base += plan
    return found


def _shipped(
    user: User, unit: OrgUnit, inside: Collection[int], months: Months, compared: Planned
) -> dict[date, tuple[Decimal, Decimal]]:
    """Net shipments of each day as the rollup has credited them, and those without a plan."""
    facts = credited(Span(months.first, month_start(months.last, 1)), ("shipment",))
    rows = ClientMonth.objects.visible_to(user).of_months(months.all)
    if not is_everything(unit):
        rows = rows.filter(org_unit__in=inside)
    seen = Statement.of(rows.order_by().values("month", "client_id", "manager_id", "org_unit_id"))
    # Nought stands for nobody: two of them are to be found equal, and by hashing.
    sql = f"""
        SELECT f.day, m.org_unit_id, sum(f.ship) FROM ({facts.sql}) f JOIN ({seen.sql}) m
          ON m.month = date_trunc('month', f.day::timestamp)::date
         AND coalesce(m.client_id, 0) = coalesce(f.client_id, 0)
         AND coalesce(m.manager_id, 0) = coalesce(f.manager_id, 0)
        GROUP BY f.day, m.org_unit_id
    """  # noqa: S608
    found: dict[date, tuple[Decimal, Decimal]] = {}
    for day, of, ship in Statement(sql, (*facts.params, *seen.params)).rows():
        whole, alone = found.get(day, (NOTHING, NOTHING))
        is_held = compared.holds(of, day.replace(day=1))
        found[day] = (whole + ship, alone if is_held else alone + ship)
    return found
