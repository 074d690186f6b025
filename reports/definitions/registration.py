"""Report of the yearly campaign of registration sheets (REG-1)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.permissions import can_see_sheets
from crm.tabular import Kind
from reports.parameters import unit_parameter, year_parameter
from reports.queries import registration as queries
from reports.registry import Report, ReportColumn, register


def register_registration_reports() -> None:
    """Declare the report."""
    register(
        Report(
            name="registration_campaign",
            title=_("Registration sheets by manager"),
            group=_("Clients and categories"),
            parameters=[
                year_parameter(),
                unit_parameter(),
            ],
            columns=lambda params: [
                ReportColumn("unit", _("Unit")),
                ReportColumn("name", _("Manager"), link="url"),
                ReportColumn("total", _("Sheets due"), Kind.NUMBER, total=True),
                ReportColumn("approved", _("Approved"), Kind.NUMBER, total=True),
                ReportColumn("collected_pct", _("Collected, %"), Kind.PERCENT),
                ReportColumn("in_time", _("Approved, on time"), Kind.NUMBER, total=True),
                ReportColumn("in_time_pct", _("On time, %"), Kind.PERCENT),
                ReportColumn("late", pgettext_lazy("sheets", "Late"), Kind.NUMBER, total=True),
                ReportColumn("submitted", _("To be checked"), Kind.NUMBER, total=True),
                ReportColumn("returned", _("Returned"), Kind.NUMBER, total=True),
                ReportColumn("left", _("To be filled in"), Kind.NUMBER, total=True),
                ReportColumn("overdue", _("Overdue"), Kind.NUMBER, total=True),
                ReportColumn("completeness_pct", _("Completeness, %"), Kind.PERCENT),
            ],
            rows=queries.campaign,
            totals=queries.campaign_totals,
            may_open=can_see_sheets,
            how=_(
                "Sheets of the campaigns of the year by the unit of the client and the "
                "manager. Collected: approved sheets of all. On time: handed in first not "
                "later than the day. Overdue: the day has passed and the sheet is still to be "
                "filled in or corrected. Completeness: required questions answered of all "
                "required ones. Clients in the archive owe no sheet unless it is approved."
            ),
        )
    )
