"""The report of clients told of new prices."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from crm.tabular import Kind
from deals.permissions import can_see_price_notices
from reports.parameters import (
    choice_parameter,
    manager_parameter,
    period_parameter,
    unit_parameter,
)
from reports.queries.price_notices import notice_rows, notice_totals
from reports.registry import Params, Report, ReportColumn, Text, register

CUTS: tuple[tuple[str, Text], ...] = (
    ("both", _("change and manager")),
    ("change", _("change of prices")),
    ("manager", _("manager")),
)


def register_price_reports() -> None:
    """Declare the report."""
    register(
        Report(
            name="price_notices",
            title=_("Clients notified of new prices"),
            group=_("Shipments and money"),
            parameters=[
                period_parameter(usual="this_year"),
                choice_parameter("by", _("Break down by"), CUTS),
                manager_parameter(),
                unit_parameter(),
            ],
            columns=_columns,
            rows=notice_rows,
            totals=notice_totals,
            may_open=can_see_price_notices,
            how=_(
                "Notices of prices that come in force in the period. On time: the client had "
                "the notice by its last day, the days of the setting or of the contract before "
                "the new prices. Not on time: it came later, or the last day has passed "
                "without it. Shares are of all clients to be notified."
            ),
        )
    )


def _columns(params: Params) -> Sequence[ReportColumn]:
    columns: list[ReportColumn] = []
    if params["by"] != "manager":
        columns += [
            ReportColumn("change", _("Price list"), link="url"),
            ReportColumn("effective", _("New prices from"), Kind.DATE),
        ]
    if params["by"] != "change":
        columns.append(ReportColumn("manager", _("Manager")))
    return [
        *columns,
        ReportColumn("notices", _("Clients to be notified"), Kind.NUMBER, total=True),
        ReportColumn("told", _("The client has it"), Kind.NUMBER, total=True),
        ReportColumn("in_time", _("On time"), Kind.NUMBER, total=True),
        ReportColumn("in_time_share", _("On time, %"), Kind.PERCENT),
        ReportColumn("late", _("Not on time"), Kind.NUMBER, total=True),
        ReportColumn("acknowledged", _("Acknowledged"), Kind.NUMBER, total=True),
        ReportColumn("acknowledged_share", _("Acknowledged, %"), Kind.PERCENT),
    ]
