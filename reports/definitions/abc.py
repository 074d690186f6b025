"""Reports on the ABC analysis."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.tabular import Kind
from crm.work.registry import setting
from deals.permissions import can_see_money
from reports.definitions.parameters import last_month_end
from reports.parameters import MonthsField, choice_parameter, day_parameter, number_parameter
from reports.queries import abc
from reports.registry import Params, Report, ReportColumn, register

GROUP = _("Clients and categories")
BORDERS = (
    ("including", _("the share includes the client on the border")),
    ("before", _("the client on the border stays above it")),
)


AS_OF = day_parameter("as_of", _("As of"), last_month_end)
MONTHS = number_parameter(
    "months", _("Months"), lambda: setting("abc.months"), kind=MonthsField, least=1, most=60
)
BORDER = choice_parameter(
    "border",
    _("Border"),
    BORDERS,
    lambda: "before" if setting("abc.border_inside") else "including",
)
BASIS = choice_parameter(
    "basis", _("Basis"), (("net", _("net of returns")), ("gross", _("sales only")))
)


def register_abc_reports() -> None:
    """Declare the analysis and the list of disagreements."""
    register(
        Report(
            name="abc",
            title=_("ABC analysis of clients"),
            group=GROUP,
            parameters=[AS_OF, MONTHS, BORDER, BASIS],
            columns=abc_columns,
            rows=abc.abc_rows,
            totals=abc.abc_totals,
            figures=[
                ReportColumn("A", _("A, clients"), Kind.NUMBER),
                ReportColumn("A_net", _("A, net shipments"), Kind.MONEY),
                ReportColumn("B", _("B, clients"), Kind.NUMBER),
                ReportColumn("B_net", _("B, net shipments"), Kind.MONEY),
                ReportColumn("C", _("C that bought, clients"), Kind.NUMBER),
                ReportColumn("C_net", _("C, net shipments"), Kind.MONEY),
                ReportColumn("without_turnover", _("C without turnover, clients"), Kind.NUMBER),
            ],
            chart=abc.abc_chart,
            may_open=can_see_money,
            how=_(
                "Clients by falling net shipments of the months that end on the day; the"
                " cumulative share decides between A, B and C by the borders of the settings."
                " Who bought nothing or gave back more is C."
            ),
        )
    )
    _register_disagreements()


def _register_disagreements() -> None:
    register(
        Report(
            name="category_disagreements",
            title=_("Category: assigned against calculated"),
            group=GROUP,
            parameters=[AS_OF, MONTHS, BORDER],
            columns=disagreement_columns,
            rows=abc.disagreement_rows,
            totals=abc.disagreement_totals,
            figures=[
                ReportColumn("up", _("Up"), Kind.NUMBER),
                ReportColumn("down", _("Down"), Kind.NUMBER),
            ],
            may_open=can_see_money,
            how=_(
                "The assigned category beside the one of the ABC analysis. Changes are only"
                " proposed: the head endorses them and the director approves."
            ),
        )
    )


def abc_columns(params: Params) -> list[ReportColumn]:
    """Place, client, amounts, both categories."""
    return [
        ReportColumn("rank", _("Place"), Kind.NUMBER),
        ReportColumn("code", _("Code")),
        ReportColumn("client", _("Client"), link="url"),
        ReportColumn("net", _("Net shipments"), Kind.MONEY, total=True),
        ReportColumn("share", _("Share"), Kind.PERCENT),
        ReportColumn("cumulative", _("Cumulative share"), Kind.PERCENT),
        ReportColumn("category", _("Calculated")),
        ReportColumn("assigned", _("Assigned")),
        ReportColumn("manager", _("Manager")),
    ]


def disagreement_columns(params: Params) -> list[ReportColumn]:
    """Client, from, to, which way."""
    return [
        ReportColumn("code", _("Code")),
        ReportColumn("client", _("Client"), link="url"),
        ReportColumn("assigned", _("Assigned")),
        ReportColumn("category", _("Calculated")),
        ReportColumn("direction_words", _("Direction")),
        ReportColumn("borders", _("Borders"), Kind.NUMBER),
        ReportColumn("rank", _("Place"), Kind.NUMBER),
        ReportColumn("net", _("Net shipments"), Kind.MONEY, total=True),
        ReportColumn("share", _("Share"), Kind.PERCENT),
        ReportColumn("manager", _("Manager")),
    ]
