"""Reports of reconciliations: acts in time, late ones, balances that do not agree."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.tabular import Kind
from deals.permissions import can_see_reconciliations
from reports.definitions.columns import money
from reports.parameters import (
    choice_parameter,
    manager_parameter,
    period_parameter,
    unit_parameter,
)
from reports.queries import reconciliations as queries
from reports.registry import Params, Report, ReportColumn, Text, register

GROUP = _("Reconciliations")
CUTS: tuple[tuple[str, Text], ...] = (("manager", _("manager")), ("client", _("client")))


def register_reconciliation_reports() -> None:
    """Declare the reports."""
    _register_in_time()
    _register_overdue()
    _register_differences()


def _register_in_time() -> None:
    register(
        Report(
            name="acts_in_time",
            title=_("Acts signed on time"),
            group=GROUP,
            parameters=[
                period_parameter(usual="this_half_year"),
                choice_parameter("by", _("Break down by"), CUTS),
                manager_parameter(),
                unit_parameter(),
            ],
            columns=_in_time_columns,
            rows=queries.acts_in_time,
            totals=queries.in_time_totals,
            may_open=can_see_reconciliations,
            how=_(
                "Reconciliations, planned and emergency, whose signed act is to come back in "
                "the period; cancelled ones, requests and drafts of schedules are left out. "
                "Whoever answers is the manager kept when the act was signed, else the "
                "client's of today. On time: sent and signed by its last day, also where the "
                "contract counts it as agreed. Late: signed later, or the last day is over. "
                "The share is of those that are one or the other."
            ),
        )
    )


def _in_time_columns(params: Params) -> Sequence[ReportColumn]:
    label = _("Client") if params["by"] == "client" else _("Manager")
    return [
        ReportColumn("name", label, link="url"),
        ReportColumn("planned", _("Planned"), Kind.NUMBER, total=True),
        ReportColumn("sent_in_time", _("Sent on time"), Kind.NUMBER, total=True),
        ReportColumn("due", _("Signed or day over"), Kind.NUMBER, total=True),
        ReportColumn("signed_in_time", _("Signed on time"), Kind.NUMBER, total=True),
        ReportColumn("late", _("Late"), Kind.NUMBER, total=True),
        ReportColumn("share", _("Signed on time, %"), Kind.PERCENT),
    ]


def _register_overdue() -> None:
    register(
        Report(
            name="reconciliations_overdue",
            title=_("Reconciliations late"),
            group=GROUP,
            parameters=[manager_parameter(), unit_parameter()],
            columns=lambda params: [
                *_whose(),
                ReportColumn("as_of", _("As of"), Kind.DATE, link="item_url"),
                ReportColumn("kind", _("Kind")),
                ReportColumn("state", _("State")),
                ReportColumn("what", _("What is late")),
                ReportColumn("last_day", _("Last day"), Kind.DATE),
                ReportColumn("days", _("Days late"), Kind.NUMBER),
            ],
            rows=queries.overdue,
            may_open=can_see_reconciliations,
            how=_(
                "Approved reconciliations as they stand now whose act was not sent by its last day,"
                " or was sent and not signed by it; calendar days since then."
            ),
        )
    )


def _register_differences() -> None:
    register(
        Report(
            name="act_differences",
            title=_("Acts that do not agree with receivables"),
            group=GROUP,
            parameters=[
                period_parameter(usual="last_month"),
                manager_parameter(),
                unit_parameter(),
            ],
            columns=lambda params: [
                ReportColumn("act", pgettext_lazy("reconciliation", "Act"), link="act_url"),
                ReportColumn("as_of", _("As of"), Kind.DATE),
                *_whose(),
                ReportColumn("state", _("State")),
                money("closing", _("Closing balance of the act")),
                money("debt", _("Open invoices")),
                money("advance", _("Advances")),
                money("difference", _("Act less receivables")),
                money("documents", _("Documents as they stand now")),
                money("changed", _("Changed since the act")),
            ],
            rows=queries.differences,
            may_open=can_see_reconciliations,
            how=_(
                "Acts as of a day of the period, cancelled ones left out. Receivables are what"
                " invoices had open at the end of that day less advances and returns that paid"
                " nothing, as the ageing counts them; documents are what an act made now would"
                " close with. Listed is every act that differs from one of the two. Usual causes:"
                " documents entered or reversed after the act, and money given back, which the"
                " act knows and the advances do not."
            ),
        )
    )


def _whose() -> list[ReportColumn]:
    return [
        ReportColumn("code", _("Code")),
        ReportColumn("client", _("Client"), link="client_url"),
        ReportColumn("manager", _("Manager")),
    ]
