"""The report of incentive sheets of a month."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.tabular import Kind
from reports.definitions.plan_fact import GROUP
from reports.models import IncentiveSheet
from reports.parameters import month_parameter
from reports.permissions.incentives import can_see_sheets
from reports.registry import Params, Report, ReportColumn, Row, register

MONEY, PERCENT = Kind.MONEY, Kind.PERCENT
SUMS = ("bonus", "correction", "rewards", "reductions", "variable_total", "salary", "pay_total")


def _columns(params: Params) -> Sequence[ReportColumn]:
    return [
        ReportColumn("employee", _("Employee"), link="url"),
        ReportColumn("unit", _("Unit")),
        ReportColumn("composite", _("Composite, %"), PERCENT),
        ReportColumn("k", _("K"), Kind.TEXT),
        ReportColumn("bonus", _("Bonus by results"), MONEY, total=True),
        ReportColumn("correction", _("Correction"), MONEY, total=True),
        ReportColumn("rewards", _("Rewards"), MONEY, total=True),
        ReportColumn("reductions", _("Reductions"), MONEY, total=True),
        ReportColumn("variable_total", _("Variable pay"), MONEY, total=True),
        ReportColumn("salary", _("Monthly salary"), MONEY, total=True),
        ReportColumn("pay_total", _("Together"), MONEY, total=True),
        ReportColumn("state", _("State")),
    ]


def _rows(user: User, params: Params) -> Iterable[Row]:
    rows = IncentiveSheet.objects.visible_to(user).of_month(params["month"]).for_list()
    for sheet in rows.order_by("org_unit__path", "employee__sort_key", "pk"):
        yield {
            "employee": sheet.employee.short_name,
            "url": sheet.get_absolute_url(),
            "unit": sheet.org_unit.name,
            "composite": sheet.composite,
            "k": f"{sheet.coefficient:.4f}".replace(".", ","),
            "state": str(sheet.get_state_display()),
            **{name: getattr(sheet, name) for name in SUMS},
        }


def register_incentive_reports() -> None:
    """Declare it."""
    register(
        Report(
            name="incentive_sheet",
            title=_("Incentive sheet of the month"),
            parameters=[month_parameter()],
            columns=_columns,
            rows=_rows,
            may_open=can_see_sheets,
            how=_(
                "Composite = Σ weight × result; K is zero below the threshold, else the "
                "composite up to the cap ÷ 100; bonus = target × K, less the correction where "
                "the overdue share is above its limit (INC-1). Rewards are added, reductions "
                "taken off; never below zero."
            ),
            group=GROUP,
        )
    )
