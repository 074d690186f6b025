"""Reports of merchandisers: their work, and what it costs and brings (MERCH-1, S3.3.1.16)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.accounts.models import Role, User
from crm.tabular import Kind
from reports.definitions.columns import money
from reports.definitions.timeliness import GROUP
from reports.parameters import period_parameter
from reports.permissions import can_see_department
from reports.queries import visits as queries
from reports.registry import Report, ReportColumn, register


def can_see_work(user: User) -> bool:
    """Heads, directors and marketing: no money in it."""
    return can_see_department(user) or (user.is_active and user.role == Role.MARKETER)


def register_visit_reports() -> None:
    """Declare the reports."""
    _register_work()
    _register_economics()


def _counted() -> list[ReportColumn]:
    """Whose visits, how many of them are done."""
    return [
        ReportColumn("name", _("Merchandiser"), link="url"),
        ReportColumn("planned", _("Visits due"), Kind.NUMBER, total=True),
        ReportColumn("done", pgettext_lazy("visits", "Done"), Kind.NUMBER, total=True),
        ReportColumn("completion", _("Done, %"), Kind.PERCENT),
    ]


def _register_work() -> None:
    register(
        Report(
            name="merchandisers",
            title=_("Work of merchandisers"),
            group=GROUP,
            parameters=[period_parameter()],
            columns=lambda params: [
                *_counted(),
                ReportColumn(
                    "missed",
                    pgettext_lazy("visits", "Missed"),
                    Kind.NUMBER,
                    total=True,
                    link="missed_url",
                ),
                ReportColumn("moved", pgettext_lazy("visits", "Moved"), Kind.NUMBER, total=True),
                ReportColumn("outlets", _("Outlets visited"), Kind.NUMBER),
                ReportColumn("minutes", _("Minutes a visit"), Kind.NUMBER),
                ReportColumn(
                    "short",
                    _("Visits with goods out of stock"),
                    Kind.NUMBER,
                    total=True,
                    link="short_url",
                ),
                ReportColumn("oos", _("Goods out of stock"), Kind.NUMBER, total=True),
                ReportColumn("shelf", _("Share of the shelf, %"), Kind.PERCENT),
            ],
            rows=queries.work_rows,
            totals=queries.work_totals,
            may_open=can_see_work,
            how=_(
                "Visits due within the period to date, from plans approved by marketing and those"
                " added by hand; cancelled ones do not count. Minutes and shelf share are averages"
                " over completed visits."
            ),
        )
    )


def _register_economics() -> None:
    register(
        Report(
            name="merchandising_economics",
            title=_("Economics of merchandising"),
            group=GROUP,
            parameters=[period_parameter(usual="last_month")],
            columns=lambda params: [
                *_counted(),
                money("cost", _("Cost")),
                ReportColumn("per_visit", _("Cost of a visit"), Kind.MONEY),
                ReportColumn("outlets", _("Outlets visited"), Kind.NUMBER, total=True),
                ReportColumn(
                    "known",
                    _("Shipments known"),
                    Kind.NUMBER,
                    total=True,
                    help=_("Outlets that orders name, or that are the only one of their client"),
                ),
                money("shipped", _("Shipped to them"), empty=_("not known")),
                money("gp", _("Gross profit beyond the usual"), empty=_("not known")),
                ReportColumn("effect", _("Effect"), Kind.MONEY, empty=_("not known")),
                ReportColumn("roi", _("Return, %"), Kind.PERCENT),
            ],
            rows=queries.economics_rows,
            totals=queries.economics_totals,
            may_open=can_see_department,
            how=_(
                "MERCH-1. Cost: the month's cost of a merchandiser in the settings, by the part of"
                " the month's visits that the report shows. Effect: gross profit of shipments to"
                " visited outlets beyond the average of the months before, less the cost. It is"
                " counted only for outlets whose shipments are known: an order names the outlet,"
                " or the client has no other. Purchase prices are not known: gross profit is the"
                " share of shipments with VAT in the settings. Other causes of growth are not"
                " taken out."
            ),
        )
    )
