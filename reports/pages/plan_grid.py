"""The grid of a plan: lines of a manager, a sector or the department, with the past beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Sum

from crm.accounts.models import Role, User
from crm.calendar import month_end
from crm.money import format_number
from crm.work.registry import setting
from reports import permissions
from reports.actions.plan_cells import shown
from reports.days.plans import previous
from reports.models import (
    METRICS,
    MONEY,
    MonthlyPlan,
    PlanExplanation,
    PlanLine,
    PlanPart,
    PlanTarget,
)
from reports.pages.plans import labels
from reports.queries.plan_execution import Executed, of_line
from reports.queries.plan_levels import Sums
from reports.queries.plan_money import NONE, Brought, brought_by, brought_in

PAGE_ROWS = 500
Facts = dict[tuple[int, int], Brought]  # by client and manager


@dataclass(frozen=True)
class GridCell:
    """One cell: what is typed and what the script compares with."""

    name: str
    label: str
    text: str
    was: str


@dataclass(frozen=True)
class GridRow:
    """A client of the plan with the last month and the same month of the last year."""

    line: PlanLine
    cells: list[GridCell]
    last_month: Brought
    last_year: Brought
    may_edit: bool
    # Of a month that is over: what it brought, and whether less than the norm was carried out.
    fact: Brought | None = None
    may_explain: bool = False
    explained: str = ""


@dataclass(frozen=True)
class Total:
    """The sum of a metric: of rows on other pages, and what was set from above."""

    name: str
    label: str
    rest: str
    sum: str
    target: str


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    manager: int | None = None
    unit: int | None = None
    gaps: bool = False
    page: int = 1


class GridPage:
    """One page of lines; at most `PAGE_ROWS` of them are edited at once."""

    def __init__(self, plan: MonthlyPlan, user: User, asked: Asked, today: date) -> None:
        self.plan, self.user, self.asked, self.today = plan, user, asked, today

    @cached_property
    def parts(self) -> dict[tuple[int, int], PlanPart]:
        """The parts that the person sees."""
        rows = PlanPart.objects.visible_to(self.user).filter(plan=self.plan).for_list()
        ordered = rows.order_by("org_unit__sort_key", "manager__sort_key")
        return {(part.org_unit_id, part.manager_id): part for part in ordered}

    @cached_property
    def manager(self) -> int | None:
        """Whose lines: the one asked for (0 for all), a manager's own, the only one seen."""
        people = {manager for _unit, manager in self.parts}
        if self.asked.manager is not None or self.asked.unit:
            return self.asked.manager
        if self.user.role == Role.MANAGER and self.user.pk in people:
            return self.user.pk
        return people.pop() if len(people) == 1 else None

    @cached_property
    def units(self) -> list[tuple[int, str]]:
        """Sectors to choose from."""
        return list(dict.fromkeys((part.org_unit_id, str(part.org_unit)) for part in self._all))

    @cached_property
    def managers(self) -> list[tuple[int, str]]:
        """Managers to choose from: of the sector, if one is chosen."""
        unit = self.asked.unit
        parts = [part for part in self._all if unit in {None, part.org_unit_id}]
        return list(dict.fromkeys((part.manager_id, str(part.manager)) for part in parts))

    @property
    def _all(self) -> list[PlanPart]:
        return list(self.parts.values())

    @cached_property
    def chosen(self) -> Any:
        """The lines asked for, on whatever page."""
        rows = PlanLine.objects.visible_to(self.user).filter(plan=self.plan)
        if self.manager:
            rows = rows.filter(manager=self.manager)
        if self.asked.unit:
            rows = rows.filter(org_unit=self.asked.unit)
        return rows.with_gaps() if self.asked.gaps else rows

    @cached_property
    def count(self) -> int:
        """How many lines were asked for."""
        return int(self.chosen.count())

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // PAGE_ROWS))

    @property
    def page(self) -> int:
        return min(max(1, self.asked.page), self.pages)

    @cached_property
    def rows(self) -> list[GridRow]:
        """The lines of the page."""
        start = (self.page - 1) * PAGE_ROWS
        lines = list(self.chosen.for_grid()[start : start + PAGE_ROWS])
        clients = [line.client_id for line in lines]
        before = brought_in(previous(self.plan.month), clients)
        year = brought_in(self.plan.month.replace(year=self.plan.month.year - 1), clients)
        people = {line.manager_id for line in lines}
        facts = brought_by(self.plan.month, people) if self.is_over else None
        names = labels()
        return [
            GridRow(
                line,
                [cell(line, name, label) for name, label in names.items()],
                before.get(line.client_id, NONE),
                year.get(line.client_id, NONE),
                self._may_edit(line),
                **self._executed(line, facts),
            )
            for line in lines
        ]

    @cached_property
    def is_over(self) -> bool:
        """The month is over: what it brought stands beside the plan."""
        last = month_end(self.plan.month.year, self.plan.month.month)
        return self.plan.is_in_force and last < self.today

    @cached_property
    def _explanations(self) -> dict[int, str]:
        """What was said of clients already, in words of the state."""
        rows = PlanExplanation.objects.visible_to(self.user)
        found = rows.filter(plan=self.plan, client__isnull=False)
        return {row.client_id: row.get_state_display() for row in found}

    def _executed(self, line: PlanLine, facts: Facts | None) -> dict[str, Any]:
        if facts is None:
            return {}
        fact = facts.get((line.client_id, line.manager_id), NONE)
        norm = setting("plan.explain_percent", unit=self.plan.org_unit)
        below = Executed(Sums() + of_line(line), Sums() + fact).is_below(norm)
        explained = self._explanations.get(line.client_id, "")
        may = permissions.can_explain(self.user, self.plan, line, line.manager_id)
        return {"fact": fact, "may_explain": below and may, "explained": explained}

    @cached_property
    def may_edit(self) -> bool:
        """Something on the page may be typed."""
        return any(row.may_edit for row in self.rows)

    @cached_property
    def totals(self) -> list[Total]:
        """Sums over everything that was asked for."""
        found = self.chosen.order_by().aggregate(**{name: Sum(name) for name in METRICS})
        here = {
            name: sum((getattr(row.line, name) or 0 for row in self.rows), Decimal(0))
            for name in METRICS
        }
        return [
            Total(
                name,
                label,
                shown(Decimal(found[name] or 0) - here[name]),
                figure(name, found[name] or 0),
                shown(getattr(self.target, name, None)),
            )
            for name, label in labels().items()
        ]

    @cached_property
    def target(self) -> PlanTarget | None:
        """What was set from above for whoever is shown."""
        rows = PlanTarget.objects.filter(plan=self.plan)
        if self.manager:
            return rows.filter(manager=self.manager).first()
        return rows.filter(org_unit=self.asked.unit or self.plan.org_unit_id).first()

    @cached_property
    def own_part(self) -> PlanPart | None:
        """What the person may say is filled."""
        for part in self._all:
            if permissions.can_fill_part(self.user, self.plan, part):
                return part
        return None

    def _may_edit(self, line: PlanLine) -> bool:
        part = self.parts[line.org_unit_id, line.manager_id]
        return permissions.can_edit_line(self.user, self.plan, part)


def cell(line: PlanLine, name: str, label: str) -> GridCell:
    """A cell as it is shown and compared."""
    value = getattr(line, name)
    return GridCell(name, label, "" if value is None else figure(name, value), shown(value))


def figure(name: str, value: Decimal | int) -> str:
    """A value as people read it: 1 234,50 or 12."""
    return format_number(Decimal(value), 2 if name in MONEY else 0)
