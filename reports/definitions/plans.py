"""Reports of plans: what they lack (PLAN-4, III.9)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.models import Client
from crm.accounts.models import OrgUnit, User
from crm.tabular import Kind
from reports.models import MonthlyPlan, PlanPart, PlanState
from reports.pages.plans import labels
from reports.parameters import manager_parameter, month_start, unit_parameter
from reports.permissions import can_see_plans
from reports.queries.plan_gaps import Completeness, Gap, coverage_of, gaps_of
from reports.registry import Parameter, Params, Report, ReportColumn, Row, register

GROUP = _("Plans")
MONTHS = range(3, -13, -1)


def month_parameter() -> Parameter:
    """One of the months around this one, the next one by default."""

    def build(user: User | None) -> forms.Field:
        today = date.today()  # noqa: DTZ011  (only which months are offered)
        months = [month_start(today, away) for away in MONTHS]
        choices = [(f"{one:%Y-%m}", f"{one:%m.%Y}") for one in months]
        return forms.ChoiceField(label=_("Month"), choices=choices)

    return Parameter("month", build, lambda today: f"{month_start(today, 1):%Y-%m}")


def _rows(user: User, params: Params) -> Iterable[Row]:
    month = date.fromisoformat(f"{params['month']}-01")
    plans = MonthlyPlan.objects.visible_to(user).of_month(month)
    for plan in _latest(plans):
        found = [gap for gap in gaps_of(plan, user) if _within(gap.unit_id, gap.manager_id, params)]
        clients = Client.objects.select_related("manager", "org_unit").in_bulk(
            [gap.client_id for gap in found]
        )
        people = User.objects.in_bulk({gap.manager_id for gap in found})
        for gap in found:
            yield _row(plan, gap, clients[gap.client_id], people[gap.manager_id])


def _totals(user: User, params: Params, rows: Sequence[Row]) -> Row:
    """Complete lines ÷ clients assigned on the first, from sums (PLAN-4)."""
    month = date.fromisoformat(f"{params['month']}-01")
    assigned = complete = 0
    for plan in _latest(MonthlyPlan.objects.visible_to(user).of_month(month)):
        by_part = coverage_of(plan).by_part
        for unit, manager in (
            PlanPart.objects.visible_to(user).filter(plan=plan).values_list("org_unit", "manager")
        ):
            if _within(unit, manager, params):
                one = by_part.get((unit, manager))
                assigned += one.assigned if one else 0
                complete += one.complete if one else 0
    found = Completeness(assigned, complete)
    return {"assigned": assigned, "complete": complete, "percent": found.percent}


def _latest(plans: Any) -> list[MonthlyPlan]:
    """What is being made, else what holds, of each department."""
    rows = plans.exclude(state=PlanState.SUPERSEDED).select_related("org_unit")
    found = {plan.org_unit_id: plan for plan in rows.order_by("revision")}
    return list(found.values())


def _within(unit_id: int, manager_id: int, params: Params) -> bool:
    """The manager and the unit that were asked for."""
    manager, unit = params.get("manager"), params.get("unit")
    if manager and manager_id != manager.pk:
        return False
    return not unit or unit_id in unit_ids(unit)


def unit_ids(unit: Any) -> set[int]:
    """The unit with those below it."""
    return set(OrgUnit.objects.subtree_of([unit.pk]).values_list("pk", flat=True))


def _row(plan: MonthlyPlan, gap: Gap, client: Client, manager: User) -> Row:
    names = labels()
    return {
        "client": client.name,
        "client_url": client.get_absolute_url(),
        "manager": manager.short_name,
        "unit": str(client.org_unit or ""),
        "category": client.category or "",
        "missing": ", ".join(names[name] for name in gap.missing),
        "has_line": _("in the plan") if gap.has_line else _("no line at all"),
        "url": f"{plan.get_absolute_url()}grid/?manager={gap.manager_id}&gaps=1",
    }


def register_plan_reports() -> None:
    """Declare the report of gaps."""
    register(
        Report(
            name="plan_gaps",
            title=_("Gaps in plans"),
            group=GROUP,
            parameters=[month_parameter(), manager_parameter(), unit_parameter()],
            columns=lambda params: [
                ReportColumn("client", _("Client"), link="client_url"),
                ReportColumn("category", _("Category")),
                ReportColumn("unit", _("Sector")),
                ReportColumn("manager", _("Manager")),
                ReportColumn("missing", _("What is missing"), link="url"),
                ReportColumn("has_line", _("Line")),
            ],
            rows=_rows,
            totals=_totals,
            figures=[
                ReportColumn("assigned", _("Clients"), Kind.NUMBER),
                ReportColumn("complete", _("With a whole plan"), Kind.NUMBER),
                ReportColumn("percent", _("Complete"), Kind.PERCENT),
            ],
            may_open=can_see_plans,
            how=_(
                "Clients that are assigned to a manager on the first of the month, are not "
                "archived and not in the trading hall, and whose plan lacks shipments, "
                "receipts, active or contacts; zero is a plan, an empty cell is a gap."
            ),
        )
    )
