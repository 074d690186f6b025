"""Shipments by day against the plan: the chart of a dashboard as a report with its files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.tabular import Kind
from reports.days.months import Months
from reports.definitions.plan_fact import GROUP
from reports.pages.dashboard import course_chart
from reports.parameters import month_start, period_parameter, unit_parameter
from reports.permissions import can_see_department
from reports.queries.dashboard import Course, course
from reports.queries.department import units_for
from reports.queries.department_money import units_inside
from reports.registry import Params, Report, ReportColumn, Row, register

COLUMNS = [
    ReportColumn("day", _("Day"), Kind.DATE),
    ReportColumn("shipped", _("Shipped since the beginning"), Kind.MONEY),
    ReportColumn("plan", _("Plan since the beginning"), Kind.MONEY),
    ReportColumn("deviation", _("Deviation"), Kind.MONEY),
]


def _course(user: User, params: Params) -> Course | None:
    """Of whole months; of the highest unit that the person may open where none is named."""
    units, period = units_for(user), params["period"]
    unit = params["unit"] or next(iter(units), None)
    if unit is None:
        return None
    months = Months(month_start(period.first), month_start(period.last), "")
    return course(user, unit, units_inside(unit, units), months, today=timezone.localdate())


def _rows(user: User, params: Params) -> Iterable[Row]:
    found = _course(user, params)
    if found is None:
        return
    for day, fact, plan in zip(found.days, found.fact, found.ideal, strict=True):
        deviation = None if fact is None or plan is None else fact - plan
        yield {"day": day, "shipped": fact, "plan": plan, "deviation": deviation}


def _chart(params: Params, rows: Sequence[Row]) -> dict[str, Any]:
    del params
    found = Course(
        [row["day"] for row in rows],
        [row["shipped"] for row in rows],
        [row["plan"] for row in rows],
    )
    return course_chart(found)


def register_course() -> None:
    """Declare it."""
    register(
        Report(
            name="shipments_by_day",
            title=_("Shipments by day against the plan"),
            parameters=[period_parameter(), unit_parameter()],
            columns=lambda params: COLUMNS,
            rows=_rows,
            chart=_chart,
            may_open=can_see_department,
            how=_(
                "Net shipments of whole months as the rollup has credited them, added up day by"
                " day; the plan in force is spread evenly over the working days of each month."
                " Shipments without a plan in force raise the plan by as much, so the deviation is"
                " that of the months with a plan; a month without any has none."
            ),
            group=GROUP,
        )
    )
