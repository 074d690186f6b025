"""Reports that the strategic pack needs beside the others: growth, ABC in short, margin (RP-07)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.money import percent
from crm.tabular import Kind
from deals.permissions import can_see_money
from reports.definitions.abc import AS_OF, BASIS, BORDER, MONTHS
from reports.definitions.columns import money
from reports.parameters import (
    MonthsField,
    choice_parameter,
    month_parameter,
    number_parameter,
    period_parameter,
)
from reports.permissions import can_see_facts
from reports.queries import abc, growth, promos
from reports.queries.cuts import CUTS
from reports.registry import Params, Report, ReportColumn, Row, register

GROUP = _("Strategy")
BY = tuple((name, CUTS[name]) for name in ("client", "channel", "territory", "group", "manager"))
DIRECTIONS = (("", _("all")), (growth.UP, _("growing")), (growth.DOWN, _("falling")))


def register_strategy_reports() -> None:
    """Declare the reports."""
    for report in (_growth(), _abc_structure(), _margin()):
        register(report)


def _growth() -> Report:
    return Report(
        name="growth",
        title=_("Growth and decline of shipments"),
        group=GROUP,
        parameters=[
            month_parameter(growth.last_full_month),
            number_parameter("months", _("Months"), lambda: 3, kind=MonthsField, least=1, most=12),
            choice_parameter("by", _("Break down by"), BY),
            choice_parameter("direction", _("Which"), DIRECTIONS),
        ],
        columns=_growth_columns,
        rows=growth.growth_rows,
        totals=growth.growth_totals,
        may_open=can_see_facts,
        how=_(
            "Net shipments of the months up to the chosen one against as many before them, as in"
            " “Plan vs actual” of these months. From nothing there is no percentage."
        ),
    )


def _growth_columns(params: Params) -> list[ReportColumn]:
    cut = params["by"] or "client"
    code = [ReportColumn("code", _("Code"))] if cut == "client" else []
    return [
        *code,
        ReportColumn("name", CUTS[cut], link="url"),
        money("before", _("Before"), link="before_url"),
        money("now", _("Now"), link="now_url"),
        money("change", _("Change")),
        ReportColumn("change_pct", _("Change, %"), Kind.PERCENT),
        ReportColumn("share", _("Share"), Kind.PERCENT),
    ]


def _abc_structure() -> Report:
    return Report(
        name="abc_structure",
        title=_("ABC structure of the base"),
        group=GROUP,
        parameters=[AS_OF, MONTHS, BORDER, BASIS],
        columns=lambda params: [
            ReportColumn("category", _("Category")),
            ReportColumn("clients", _("Clients"), Kind.NUMBER, total=True),
            ReportColumn("clients_pct", _("Share of clients, %"), Kind.PERCENT),
            money("net", _("Net shipments")),
            ReportColumn("net_pct", _("Share of shipments, %"), Kind.PERCENT),
        ],
        rows=_abc_rows,
        may_open=can_see_money,
        how=_(
            "Clients that you see by their category in the ABC analysis of the company; C without"
            " turnover are those who bought nothing in its months."
        ),
    )


def _abc_rows(user: User, params: Params) -> Iterable[Row]:
    totals = abc.abc_totals(user, params, list(abc.abc_rows(user, params)))
    lines = [(letter, totals[letter], totals[f"{letter}_net"]) for letter in abc.CATEGORIES]
    lines.append((str(_("C without turnover")), totals["without_turnover"], Decimal(0)))
    count = sum(clients for _name, clients, _net in lines)
    whole = sum((net for _name, _clients, net in lines), Decimal(0))
    return [
        {
            "category": name,
            "clients": clients,
            "clients_pct": percent(clients, count),
            "net": net,
            "net_pct": percent(net, whole),
        }
        for name, clients, net in lines
    ]


def _margin() -> Report:
    return Report(
        name="margin_by_month",
        title=_("Margin by month, where the cost is known"),
        group=GROUP,
        parameters=[period_parameter(usual="last_12_months")],
        columns=lambda params: [
            ReportColumn("month", _("Month")),
            money("sales", _("Sales with a known cost")),
            money("cost", _("Cost of goods")),
            money("profit", _("Gross profit")),
            ReportColumn("margin_pct", _("Margin, %"), Kind.PERCENT),
            ReportColumn("promos", _("Promos"), Kind.NUMBER, total=True),
        ],
        rows=promos.margin_rows,
        totals=promos.margin_totals,
        may_open=can_see_facts,
        how=_(
            "What goods cost us is known from the analyses of promos alone, by the month in which"
            " a promo ended; of other shipments the cost is not kept here, so the margin of all"
            " sales is not known. Months without such a promo stand empty."
        ),
    )
