"""Plans on screen: the year, one plan by level, the plans of a client."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Count, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clients.models import Client
from crm.accounts.models import OrgUnit, User
from crm.accounts.scope import scope_of
from crm.calendar import month_end, working_days_between
from reports import permissions
from reports.days.plans import previous
from reports.models import (
    IN_FORCE,
    METRICS,
    MonthlyPlan,
    PlanExplanation,
    PlanLine,
    PlanPart,
    PlanState,
)
from reports.queries.plan_levels import Level, Levels, Sums, levels_of
from reports.queries.plan_money import NONE, Brought, brought_to

FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class YearRow:
    """One plan of the year with the sums that the person sees."""

    plan: MonthlyPlan
    sums: Sums
    clients: int


class YearPage:
    """The plans of a year: the annual plan with its split by month (S2B.II.K2)."""

    def __init__(self, user: User, year: int) -> None:
        self.user, self.year = user, year

    @cached_property
    def rows(self) -> list[YearRow]:
        """Month by month, department by department; superseded revisions are left out."""
        plans = MonthlyPlan.objects.visible_to(self.user).filter(month__year=self.year)
        shown = plans.exclude(state=PlanState.SUPERSEDED).for_list()
        sums = self._sums()
        order = ("month", "org_unit__sort_key", "revision")
        return [YearRow(plan, *sums.get(plan.pk, (Sums(), 0))) for plan in shown.order_by(*order)]

    @cached_property
    def total(self) -> Sums:
        """Of what holds, or is being made where nothing holds yet."""
        found: dict[tuple[date, int], YearRow] = {}
        for row in self.rows:
            key = (row.plan.month, row.plan.org_unit_id)
            if key not in found or row.plan.is_in_force:
                found[key] = row
        total = Sums()
        for row in found.values():
            total += row.sums
        return total

    @cached_property
    def may_draw_up(self) -> bool:
        """The person heads a department."""
        units = OrgUnit.objects.open().headed_by(self.user).filter(kind="department")
        return any(permissions.can_draw_up_plan(self.user, unit) for unit in units)

    def _sums(self) -> dict[int, tuple[Sums, int]]:
        lines = PlanLine.objects.visible_to(self.user).filter(plan__month__year=self.year)
        grouped = lines.order_by().values_list("plan")
        found = grouped.annotate(*(Sum(name) for name in METRICS), Count("pk"))
        return {
            plan: (Sums(ship or Sums().ship, cash or Sums().cash, active or 0, calls or 0), count)
            for plan, ship, cash, active, calls, count in found
        }


@dataclass(frozen=True)
class Row:
    """A level of the plan with what the person may do there."""

    level: Level
    may_set: bool
    may_spread: bool
    may_submit: bool
    may_fill: bool
    may_return: bool
    may_explain: bool
    late_days: int
    grid: str
    first_part: int = 0

    @property
    def query(self) -> str:
        """Of whom, as the dialogs of sums are asked."""
        name = "manager" if self.level.kind == "manager" else "unit"
        return f"?{name}={self.level.pk}"


class PlanPage:
    """One plan: the way, the levels, what it lacks, what is explained."""

    def __init__(self, plan: MonthlyPlan, user: User, today: date) -> None:
        self.plan, self.user, self.today = plan, user, today

    @cached_property
    def levels(self) -> Levels:
        return levels_of(self.plan, self.user)

    @cached_property
    def department(self) -> Row:
        """The whole."""
        return self._row(self.levels.department)

    @cached_property
    def sectors(self) -> list[tuple[Row, list[Row]]]:
        """Each sector with its managers."""
        return [
            (self._row(sector), [self._row(one) for one in managers])
            for sector, managers in self.levels.sector_rows
        ]

    @cached_property
    def revisions(self) -> list[MonthlyPlan]:
        """Other versions of the plan of the month."""
        rows = MonthlyPlan.objects.visible_to(self.user).for_list()
        same = rows.filter(month=self.plan.month, org_unit=self.plan.org_unit_id)
        return list(same.exclude(pk=self.plan.pk).order_by("revision"))

    @cached_property
    def explanations(self) -> list[tuple[PlanExplanation, bool]]:
        """What was written, with whether the person may judge it."""
        rows = PlanExplanation.objects.visible_to(self.user).filter(plan=self.plan)
        people = ("manager", "client", "written_by", "judged_by")
        return [
            (row, row.state == "written" and permissions.can_judge_explanation(self.user, row))
            for row in rows.select_related(*people)
        ]

    @property
    def own_part(self) -> PlanPart | None:
        """What the person has to fill."""
        for _sector, managers in self.sectors:
            for row in managers:
                if row.may_fill:
                    return row.level.part
        return None

    @property
    def may_send(self) -> bool:
        return permissions.can_send_plan(self.user, self.plan)

    @property
    def may_correct(self) -> bool:
        return permissions.can_correct_plan(self.user, self.plan)

    @property
    def may_add_clients(self) -> bool:
        """A head may add those whom the plan lacks."""
        editable = self.plan.is_editable
        return editable and permissions.heads_unit(self.user, self.plan.org_unit_id)

    @property
    def is_over(self) -> bool:
        """The month is over, so that its execution is to be explained."""
        return month_end(self.plan.month.year, self.plan.month.month) < self.today

    @property
    def fact_url(self) -> str:
        """What came of a plan in force: of its department, where the person may ask for it."""
        if not self.plan.is_in_force or not permissions.can_see_facts(self.user):
            return ""
        scope, unit = scope_of(self.user), self.plan.org_unit_id
        whose = f"&unit={unit}" if scope.everything or unit in scope.unit_ids else ""
        return f"{reverse('reports:plan_fact')}?month={self.plan.month:%Y-%m}{whose}"

    @property
    def gaps_url(self) -> str:
        """The list of what the plan lacks."""
        month = f"{self.plan.month:%Y-%m}"
        page = reverse("reports:report", args=["plan_gaps"])
        return f"{page}?month={month}&unit={self.plan.org_unit_id}"

    def _row(self, level: Level) -> Row:
        plan, user, part = self.plan, self.user, level.part
        key = "manager" if level.kind == "manager" else "unit"
        above = level.unit_id if level.kind == "manager" else None
        divides = level.unit_id if level.kind == "unit" else above
        own = part is not None and part.manager_id == user.pk
        return Row(
            level=level,
            may_set=permissions.can_set_target(user, plan, above),
            may_spread=level.target is not None
            and (permissions.can_set_target(user, plan, divides) or (own and plan.is_editable)),
            may_submit=level.kind == "unit" and self._may_submit(level),
            may_fill=part is not None and permissions.can_fill_part(user, plan, part),
            may_return=part is not None and permissions.can_return_part(user, plan, part),
            may_explain=part is not None
            and self.is_over
            and permissions.can_explain(user, plan, None, part.manager_id),
            late_days=self._late_days(part),
            first_part=self._first_part(level),
            grid=f"{reverse('reports:plan_grid', args=[plan.pk])}?{key}={level.pk}",
        )

    def _may_submit(self, level: Level) -> bool:
        managers = self.levels.managers.get(level.pk, [])
        parts = [one.part for one in managers if one.part is not None]
        return any(permissions.can_submit_part(self.user, self.plan, part) for part in parts)

    def _first_part(self, level: Level) -> int:
        """A part that names the sector; 0 for what is no sector."""
        managers = self.levels.managers.get(level.pk, []) if level.kind == "unit" else []
        return next((one.part.pk for one in managers if one.part is not None), 0)

    def _late_days(self, part: PlanPart | None) -> int:
        """Working days after the last day of submission (S2B.V.2)."""
        if part is None:
            return 0
        on = part.first_submitted_on or self.today
        return max(0, working_days_between(self.plan.submit_by, on))


@dataclass(frozen=True)
class ClientMonthRow:
    """What was planned with a client for a month, and what came of it."""

    line: PlanLine
    fact: Brought
    is_running: bool


class PlansOfClient:
    """The last months of a client's plan, the newest first."""

    SHOWN = 13

    def __init__(self, client: Client, user: User, today: date) -> None:
        self.client, self.user, self.today = client, user, today

    @cached_property
    def rows(self) -> list[ClientMonthRow]:
        """What holds, and what is being made for months without a plan in force."""
        lines = PlanLine.objects.visible_to(self.user).filter(client=self.client)
        shown = lines.exclude(plan__state=PlanState.SUPERSEDED).select_related("plan", "manager")
        by_month: dict[date, PlanLine] = {}
        for line in shown.order_by("-plan__month", "-plan__revision"):
            known = by_month.get(line.plan.month)
            if known is None or (line.plan.state in IN_FORCE):
                by_month[line.plan.month] = line
        kept = list(by_month.items())[: self.SHOWN]
        facts = brought_to(self.client.pk, [month for month, _line in kept])
        return [self._row(line, facts.get(month, NONE)) for month, line in kept]

    def _row(self, line: PlanLine, fact: Brought) -> ClientMonthRow:
        return ClientMonthRow(line, fact, line.plan.month > previous(self.today))


def labels() -> dict[str, Any]:
    """Names of the metrics in the reader's language."""
    return {
        "ship": _("Shipments"),
        "cash": _("Receipts"),
        "active": pgettext("plan", "Active"),
        "contacts": _("Contacts"),
    }
