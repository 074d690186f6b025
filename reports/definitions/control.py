"""Report of what checks have found."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.tabular import Kind
from reports.parameters import period_parameter
from reports.permissions.control import can_see_control
from reports.queries import control as queries
from reports.registry import Report, ReportColumn, register


def register_control_reports() -> None:
    """Declare the report."""
    register(
        Report(
            name="spot_checks",
            title=_("Results of checks"),
            group=_("Control"),
            parameters=[period_parameter()],
            columns=lambda params: [
                ReportColumn("name", _("Employee"), link="url"),
                ReportColumn("process", _("Process")),
                ReportColumn("checks", _("Checks"), Kind.NUMBER, total=True),
                ReportColumn("rows_count", _("Rows"), Kind.NUMBER, total=True),
                ReportColumn("ok", _("In order"), Kind.NUMBER, total=True),
                ReportColumn("violations", _("Violations"), Kind.NUMBER, total=True),
                ReportColumn("gross", _("Gross ones"), Kind.NUMBER, total=True),
                ReportColumn("share", _("In order, %"), Kind.PERCENT),
            ],
            rows=queries.results,
            totals=queries.results_totals,
            may_open=can_see_control,
            how=_(
                "Checks completed in the period by the person checked and the process. Rows that"
                " do not apply are left out; the share is rows in order of all that apply."
            ),
        )
    )
