"""What a sheet is counted of: plan and fact, debts and target tasks of everybody paid by results.

A manager is paid by the own clients, a head by the result of the unit with all below it (L124,
L134). Figures of a closed month are those of its closing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from crm.accounts.models import OrgUnit, OrgUnitKind, Role, User
from crm.accounts.scope import all_seeing
from crm.money import percent
from crm.work.registry import setting
from reports.days.months import Months
from reports.formulas.incentives import METRICS, debt_percent
from reports.models import (
    ClientMonth,
    KpiLevel,
    KpiSnapshot,
    MonthClosing,
    PlanLine,
    TargetTask,
)
from reports.queries.kpi import result_of
from reports.queries.plan_fact import PlanFact, Sums, plan_fact
from reports.queries.receivables.held import held

NOTHING = Decimal(0)
FROM_PLAN = ("ship", "cash", "active")


@dataclass(frozen=True)
class Person:
    """Who gets a sheet: the unit it belongs to and the direct superior."""

    user: User
    unit: OrgUnit
    superior_id: int | None
    heads: bool


@dataclass
class Debts:
    """What clients owe at the end of the month, what of it is overdue, what they were shipped."""

    receivables: Decimal = NOTHING
    overdue: Decimal = NOTHING
    sales: Decimal = NOTHING

    def add(self, other: Debts) -> None:
        """Add another group."""
        self.receivables += other.receivables
        self.overdue += other.overdue
        self.sales += other.sales


@dataclass(frozen=True)
class Figure:
    """One result: plan, fact and per cent; None where nothing was planned."""

    metric: str
    plan: Decimal
    fact: Decimal
    percent: Decimal | None


@dataclass
class Results:
    """The results of one person; `rows` are clients of a manager, people and units of a head."""

    figures: dict[str, Figure]
    debts: Debts
    rows: list[dict[str, Any]] = field(default_factory=list)

    @property
    def percents(self) -> dict[str, Decimal | None]:
        """By metric, as the calculation reads them."""
        return {name: self.figures[name].percent for name in METRICS}


class MonthResults:
    """The results of a month; read once for all people."""

    def __init__(self, month: date, today: date) -> None:
        self.month, self.today = month, today
        self.everybody = all_seeing()
        self.units = list(OrgUnit.objects.order_by("path"))
        self.is_closed = MonthClosing.objects.filter(month=month).exists()

    @cached_property
    def found(self) -> PlanFact:
        """Plan and fact of everybody."""
        whole = next((one for one in self.units if one.kind == OrgUnitKind.COMPANY), None)
        period = Months.of(self.month)
        return plan_fact(self.everybody, period, whole or self.units[0], self.units)

    def people(self) -> list[Person]:
        """Managers with a plan or a fact, heads of sectors and departments."""
        by_key = {one.pk: one for one in self.units}
        busy = {manager for manager, _unit in self.found.managers if manager}
        managers = User.objects.filter(pk__in=busy, role=Role.MANAGER).order_by("pk")
        found = [
            Person(one, by_key[one.org_unit_id], superior_of(by_key[one.org_unit_id], one), False)
            for one in managers
            if one.org_unit_id in by_key
        ]
        roles: dict[str, str] = {
            OrgUnitKind.SECTOR: Role.SECTOR_HEAD,
            OrgUnitKind.DEPARTMENT: Role.DEPARTMENT_HEAD,
        }
        heads = User.objects.working().in_bulk([one.head_id for one in self.units if one.head_id])
        for unit in self.units:
            head = heads.get(unit.head_id or 0)
            if head and head.role == roles.get(unit.kind) and unit.archived_at is None:
                found.append(Person(head, unit, superior_of(unit, head), True))
        return list({one.user.pk: one for one in found}.values())

    def of(self, person: Person) -> Results:
        """Everything that the sheet of the person is counted of."""
        sums, debts = self._sums(person), self._debts(person)
        figures = {}
        for name in FROM_PLAN:
            plan, fact = sums.plan[name], _fact(sums)[name]
            figures[name] = Figure(name, plan, fact, percent(fact, plan))
        norm = setting("receivables.norm_percent", unit=person.unit)
        allowed = max(debts.sales, NOTHING) * norm / 100
        share = debt_percent(debts.receivables, debts.sales, norm)
        figures["debt"] = Figure("debt", allowed, debts.receivables, share)
        done = result_of(self._tasks.get(person.user.pk, []))
        figures["tasks"] = Figure("tasks", Decimal(100), done or NOTHING, done)
        rows = self._below(person) if person.heads else self._clients.get(person.user.pk, [])
        return Results(figures, debts, rows)

    def _sums(self, person: Person) -> Sums:
        if person.heads:
            return self.found.units[person.unit.pk].sums
        whole = Sums()
        own = [row.sums for key, row in self.found.managers.items() if key[0] == person.user.pk]
        for sums in own:
            for name in FROM_PLAN:
                whole.plan[name] += sums.plan[name]
                whole.fact[name] += _fact(sums)[name]
        return whole

    def _inside(self, unit: OrgUnit) -> list[OrgUnit]:
        return [one for one in self.units if one.path.startswith(unit.path)]

    def _debts(self, person: Person) -> Debts:
        """Those of the closing; of whoever had no figures then, those of the documents."""
        level = KpiLevel.UNIT if person.heads else KpiLevel.MANAGER
        kept = self._kept_debts.get((level, person.unit.pk if person.heads else person.user.pk))
        if kept is not None:
            return kept
        if not person.heads:
            return self._debts_by("manager").get(person.user.pk, Debts())
        whole, found = Debts(), self._debts_by("unit")
        for unit in self._inside(person.unit):
            whole.add(found.get(unit.pk, Debts()))
        return whole

    @cached_property
    def _kept_debts(self) -> dict[tuple[str, int], Debts]:
        """Of units with all below them and of managers, as the month was closed."""
        found: dict[tuple[str, int], Debts] = defaultdict(Debts)
        rows = KpiSnapshot.objects.of_month(self.month).exclude(final=None)
        for row in rows.exclude(level=KpiLevel.COMPANY):
            figures = (Decimal(row.final[name]) for name in ("debt", "overdue", "debt_sales"))
            key = row.org_unit_id if row.level == KpiLevel.UNIT else row.manager_id
            if key is not None:
                found[row.level, key].add(Debts(*figures))
        return dict(found)

    def _debts_by(self, by: str) -> dict[int | None, Debts]:
        kept: dict[str, dict[int | None, Debts]] = self.__dict__.setdefault("_kept", {})
        if by not in kept:
            kept[by] = self._read_debts(by)
        return kept[by]

    def _read_debts(self, by: str) -> dict[int | None, Debts]:
        """By who answered for the client at the end of the month, as KPI-2 counts."""
        found: dict[int | None, Debts] = defaultdict(Debts)
        for one in held(self.everybody, self.month, today=self.today, by=by):
            found[one.key[0]].add(Debts(one.owed, one.overdue, one.sales))
        return dict(found)

    @cached_property
    def _tasks(self) -> dict[int, list[TargetTask]]:
        found: dict[int, list[TargetTask]] = defaultdict(list)
        for task in TargetTask.objects.of_month(self.month).counted():
            found[task.owner_id].append(task)
        return found

    @cached_property
    def _clients(self) -> dict[int, list[dict[str, Any]]]:
        """Clients of each manager with plan and fact, the greatest plan first."""
        found: dict[tuple[int, int], dict[str, Any]] = {}
        lines = PlanLine.objects.in_force(self.month).filter(manager__isnull=False)
        for line in lines.values("manager", "client", "client__name", *FROM_PLAN):
            row = _blank(line["client__name"], client=line["client"])
            row |= {f"{name}_plan": str(line[name] or 0) for name in FROM_PLAN}
            found[line["manager"], line["client"]] = row
        final = "final_" if self.is_closed else ""
        names = {name: f"{final}{name}" for name in ("ship", "cash", "sales")}
        months = ClientMonth.objects.of_month(self.month)
        months = months.filter(manager__isnull=False, client__isnull=False)
        for fact in months.values("manager", "client", "client__name", *names.values()):
            key = fact["manager"], fact["client"]
            row = found.setdefault(key, _blank(fact["client__name"], client=fact["client"]))
            row["ship"], row["cash"] = (str(fact[names[n]] or 0) for n in ("ship", "cash"))
            row["active"] = str(int((fact[names["sales"]] or 0) > 0))
        by_manager: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for (manager, _client), row in found.items():
            by_manager[manager].append(row)
        for rows in by_manager.values():
            rows.sort(key=lambda row: (-Decimal(row["ship_plan"]), row["name"]))
        return by_manager

    def _below(self, person: Person) -> list[dict[str, Any]]:
        """Managers of a sector, sectors of a department."""
        children = [one for one in self.units if one.parent_id == person.unit.pk]
        rows = [
            _row_of(self.found.units[one.pk].sums, _blank(one.name, unit=one.pk))
            for one in children
        ]
        own = {key[0]: row for key, row in self.found.managers.items() if key[1] == person.unit.pk}
        names = User.objects.in_bulk([pk for pk in own if pk])
        for pk, row in own.items():
            name = names[pk].short_name if pk in names else ""
            rows.append(_row_of(row.sums, _blank(name, manager=pk)))
        return rows


def superior_of(unit: OrgUnit, user: User) -> int | None:
    """Who heads the unit; for its head, who heads the unit above."""
    above: OrgUnit | None = unit
    while above is not None and above.head_id in {None, user.pk}:
        above = above.parent
    return above.head_id if above is not None else None


def _fact(sums: Sums) -> dict[str, Decimal]:
    return sums.fact if sums.final is None else sums.final


def _row_of(sums: Sums, row: dict[str, Any]) -> dict[str, Any]:
    for name in FROM_PLAN:
        row[f"{name}_plan"], row[name] = str(sums.plan[name]), str(_fact(sums)[name])
    return row


def _blank(name: str, **what: int | None) -> dict[str, Any]:
    figures = {f"{one}{end}": "0" for one in FROM_PLAN for end in ("", "_plan")}
    return {"name": name, **what, **figures}
