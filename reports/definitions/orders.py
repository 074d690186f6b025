"""Reports of orders: delivered in time and in full, and clients that order no more."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from crm.tabular import Kind
from deals.permissions import can_see_money
from reports.parameters import (
    choice_parameter,
    client_parameter,
    manager_parameter,
    period_parameter,
    unit_parameter,
)
from reports.queries import otif
from reports.queries.quiet_orders import quiet_rows
from reports.registry import Params, Report, ReportColumn, Text, register

CUTS: tuple[tuple[str, Text], ...] = (
    ("month", _("month")),
    ("client", _("client")),
    ("manager", _("manager")),
)


def register_order_reports() -> None:
    """Declare the reports."""
    _quiet()
    register(
        Report(
            name="otif",
            title=_("Orders on time and in full"),
            group=_("Shipments and money"),
            parameters=[
                period_parameter(),
                choice_parameter("by", _("Break down by"), CUTS),
                client_parameter(required=False),
                manager_parameter(),
                unit_parameter(),
            ],
            columns=_columns,
            rows=otif.otif_rows,
            totals=otif.otif_totals,
            may_open=can_see_money,
            how=_(
                "Confirmed orders by the day promised, else wanted, that fell due up to today. "
                "On time: the goods came by that day (delivery, else the last shipment); in "
                "full: everything ordered was shipped. Orders not shipped yet count as failed."
            ),
        )
    )


def _quiet() -> None:
    register(
        Report(
            name="quiet_orders",
            title=_("No order for longer than usual"),
            group=_("Shipments and money"),
            parameters=[manager_parameter(), unit_parameter()],
            columns=lambda params: [
                ReportColumn("code", _("Code")),
                ReportColumn("client", _("Client"), link="client_url"),
                ReportColumn("category", _("Category")),
                ReportColumn("manager", _("Manager")),
                ReportColumn("last_on", _("Last order"), Kind.DATE, link="url"),
                ReportColumn("silent", _("Days without an order"), Kind.NUMBER, link="url"),
                ReportColumn("usual", _("Usual gap, days"), Kind.NUMBER),
                ReportColumn("allowed", _("Allowed gap, days"), Kind.NUMBER),
            ],
            rows=quiet_rows,
            may_open=can_see_money,
            how=_(
                "Usual gap: calendar days between the first and the last day with orders of the"
                " last months, divided by the number of gaps; drafts and cancelled orders do not"
                " count. It may be exceeded by the per cent of the category (settings); clients"
                " with fewer days of orders than the setting are not judged."
            ),
        )
    )


def _columns(params: Params) -> Sequence[ReportColumn]:
    label = str(dict(CUTS)[params["by"]])
    code = [ReportColumn("code", _("Code"))] if params["by"] == "client" else []
    return [
        *code,
        ReportColumn("name", label[:1].upper() + label[1:], link="url"),
        ReportColumn("orders", _("Orders"), Kind.NUMBER, total=True),
        ReportColumn("in_time", _("On time"), Kind.NUMBER, total=True),
        ReportColumn("in_time_share", _("On time, %"), Kind.PERCENT),
        ReportColumn("in_full", _("In full"), Kind.NUMBER, total=True),
        ReportColumn("in_full_share", _("In full, %"), Kind.PERCENT),
        ReportColumn("both", _("On time and in full"), Kind.NUMBER, total=True),
        ReportColumn("both_share", _("On time and in full, %"), Kind.PERCENT),
        ReportColumn("ordered", _("Ordered"), Kind.MONEY, total=True),
        ReportColumn("shipped", _("Shipped"), Kind.MONEY, total=True),
    ]
