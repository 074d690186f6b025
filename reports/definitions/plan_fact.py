"""Reports of plan and fact, the documents behind them, what came after the closing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.money import percent
from crm.tabular import Kind
from reports.pages.plan_fact import LABELS
from reports.parameters import (
    choice_parameter,
    client_parameter,
    last_month_parameter,
    manager_parameter,
    month_parameter,
    optional_day_parameter,
    unit_parameter,
)
from reports.permissions import can_see_facts
from reports.queries.cuts import (
    CUTS,
    by_cut,
    months_asked,
    names_of,
    whole,
)
from reports.queries.cuts import GROUP as GROUP_CUT
from reports.queries.fact_documents import document_rows, is_by_goods, late_rows
from reports.queries.fact_rows import OF_PLANS, behind, row_parameter
from reports.queries.plan_fact import METRICS, Pace, Sums
from reports.registry import Params, Report, ReportColumn, Row, Text, register

GROUP = _("Plans and results")
NARROWING = (client_parameter(required=False), manager_parameter(), unit_parameter())
PLANS: dict[str, Text] = {
    "ship": _("Shipments: plan"),
    "cash": _("Receipts: plan"),
    "active": _("Active clients: plan"),
    "contacts": _("Contacts: plan"),
}
FACTS: dict[str, Text] = {
    "ship": _("Shipments: actual"),
    "cash": _("Receipts: actual"),
    "active": _("Active clients: actual"),
    "contacts": _("Contacts: actual"),
}
SHARES: dict[str, Text] = {
    "ship": _("Shipments, %"),
    "cash": _("Receipts, %"),
    "active": _("Active clients, %"),
    "contacts": _("Contacts, %"),
}
KPI1 = ("ship", "cash", "active")
MONEY = ("ship", "cash")
UNPLANNED = [ReportColumn("unplanned", _("Months without a plan"))]


def key_columns(params: Params) -> list[ReportColumn]:
    """What a row is about."""
    cut = params["by"] or "manager"
    code = [ReportColumn("code", _("Code"))] if cut == "client" else []
    return [*code, ReportColumn("name", CUTS[cut], link="url")]


def _metric_columns(metric: str) -> list[ReportColumn]:
    kind = Kind.MONEY if metric in MONEY else Kind.NUMBER
    # A client of two managers is one active client: the whole is not the sum.
    added = metric != "active"
    return [
        ReportColumn(f"plan_{metric}", PLANS[metric], kind, total=True),
        ReportColumn(metric, FACTS[metric], kind, total=added, link=f"{metric}_url"),
        ReportColumn(f"{metric}_pct", SHARES[metric], Kind.PERCENT),
    ]


def _group_columns(params: Params) -> Sequence[ReportColumn]:
    """Plans are not made by product group: there are shipments and their share of all."""
    return [
        *key_columns(params),
        ReportColumn("ship", FACTS["ship"], Kind.MONEY, total=True, link="ship_url"),
        ReportColumn("share", _("Share"), Kind.PERCENT),
    ]


def _kpi1_columns(params: Params) -> Sequence[ReportColumn]:
    if params["by"] == GROUP_CUT:
        return _group_columns(params)
    return [*key_columns(params), *(one for name in KPI1 for one in _metric_columns(name))]


def _plan_fact_columns(params: Params) -> Sequence[ReportColumn]:
    if params["by"] == GROUP_CUT:
        return _group_columns(params)
    forecast = [
        ReportColumn("ship_forecast", _("Shipments: forecast"), Kind.MONEY),
        ReportColumn("ship_forecast_pct", _("Shipments: forecast, %"), Kind.PERCENT),
        ReportColumn("ship_deviation", _("Shipments: deviation"), Kind.MONEY, total=True),
    ]
    return [
        *key_columns(params),
        *_metric_columns("ship"),
        *forecast,
        *(one for name in METRICS[1:] for one in _metric_columns(name)),
    ]


def _values(sums: Sums, pace: Pace) -> dict[str, Any]:
    """Plan, fact, percentage and forecast of all metrics."""
    row: dict[str, Any] = {}
    for name in METRICS:
        plan, fact = sums.plan[name], sums.fact[name]
        exact = name in {"ship", "cash"}
        row |= {
            f"plan_{name}": plan if exact else int(plan),
            name: fact if exact else int(fact),
            f"{name}_pct": sums.measure(name, pace).percent,
        }
    ship = sums.measure("ship", pace)
    return row | {
        "ship_forecast": ship.forecast,
        "ship_forecast_pct": ship.forecast_percent,
        "ship_deviation": ship.deviation,
    }


def _pace(params: Params) -> Pace:
    months = months_asked(params)
    return Pace.of(months.first, timezone.localdate(), months.last)


def _rows(user: User, params: Params) -> Iterable[Row]:
    cut = params["by"] or "manager"
    found, pace = by_cut(user, params), _pace(params)
    names = names_of(cut, found)
    everything = sum((one.fact["ship"] for one in found.values()), Decimal(0))
    order = sorted(found, key=lambda key: (-found[key].fact["ship"], names[key].text))
    for key in order:
        named = {"name": names[key].text, "url": names[key].url, "code": names[key].code}
        if cut == GROUP_CUT:
            ship = found[key].fact["ship"]
            url = behind(params, "ship", cut, key)
            yield {**named, "ship": ship, "ship_url": url, "share": percent(ship, everything)}
            continue
        urls = {f"{one}_url": behind(params, one, cut, key) for one in METRICS}
        yield {**named, **_values(found[key], pace), **urls}


def _totals(user: User, params: Params, rows: Sequence[Row]) -> Row:
    """Percentages and active clients of the whole, from its own sums."""
    found = whole(user, params)
    said = {"unplanned": found.unplanned or None}
    if params["by"] == GROUP_CUT:
        return said
    values = _values(found.sums, _pace(params))
    kept = [f"{name}_pct" for name in METRICS]
    kept += ["active", "ship_forecast", "ship_forecast_pct", "ship_deviation"]
    return said | {name: values[name] for name in kept}


def _document_columns(params: Params) -> Sequence[ReportColumn]:
    metric = params["metric"] or "ship"
    kind = Kind.MONEY if metric in MONEY else Kind.NUMBER
    goods = [
        ReportColumn("goods", _("Goods"), empty=_("beyond the lines")),
        ReportColumn("quantity", _("Quantity"), Kind.NUMBER),
    ]
    return [
        ReportColumn("day", _("Date"), Kind.DATE),
        ReportColumn("document", _("Document"), link="document_url"),
        *(goods if is_by_goods(params) else []),
        ReportColumn("client", _("Client"), link="client_url"),
        ReportColumn("manager", _("Credited to")),
        ReportColumn("amount", LABELS[metric], kind, total=True, empty="—"),
    ]


def _document_totals(user: User, params: Params, rows: Sequence[Row]) -> Row:
    """The sum above the table too: it is the figure that led here."""
    del user
    whole = sum((row["amount"] or 0 for row in rows), Decimal(0))
    if (params["metric"] or "ship") in MONEY:
        return {"sum": whole}
    return {"count": int(whole)}


def _late_columns(params: Params) -> Sequence[ReportColumn]:
    return [
        ReportColumn("at", _("When"), Kind.DATETIME),
        ReportColumn("who", _("Who")),
        ReportColumn("what", _("What")),
        ReportColumn("document", _("Document"), link="document_url"),
        ReportColumn("client", _("Client"), link="client_url"),
    ]


HOW_DOCUMENTS = _(
    "Each document counts in the month of its day; refunds and returns lower it. A client is active"
    " once in a month, by its first sale that stands. A product group has the lines of its goods,"
    " with the sign turned where a document takes another one back; what documents and lines say of"
    " no goods with a group is of none."
)
CUT = choice_parameter("by", _("Break down by"), list(CUTS.items()))


def register_plan_fact_reports() -> None:
    """Declare the reports."""
    for name, title, columns in (
        ("kpi1", _("KPI 1: plan of shipments, receipts and active clients"), _kpi1_columns),
        ("plan_fact", _("Plan vs actual"), _plan_fact_columns),
    ):
        register(
            Report(
                name=name,
                title=title,
                group=GROUP,
                parameters=[
                    month_parameter(),
                    last_month_parameter(),
                    CUT,
                    *NARROWING,
                    row_parameter(OF_PLANS),
                ],
                columns=columns,
                rows=_rows,
                totals=_totals,
                figures=UNPLANNED,
                may_open=can_see_facts,
                how=_(
                    "Actual ÷ plan × 100 (PLAN-1): posted sales less returns with VAT by the day "
                    "of posting, clients' money less refunds by the day of the bank, clients with "
                    "a sale that stands; each document counts for who was responsible for the "
                    "client on its day. Percentages come from sums; a plan of zero has none, and "
                    "actual figures of months for which the department has no plan in force are "
                    "held against none. Forecast: actual ÷ working days elapsed × working days of "
                    "the month (PLAN-2)."
                ),
            )
        )
    _register_documents()


def _register_documents() -> None:
    register(
        Report(
            name="fact_documents",
            title=_("Documents behind plan vs actual"),
            group=GROUP,
            parameters=[
                month_parameter(),
                last_month_parameter(),
                choice_parameter("metric", _("Figure"), list(LABELS.items())),
                *NARROWING,
                row_parameter(),
                optional_day_parameter("to", _("Up to the day")),
            ],
            columns=_document_columns,
            rows=document_rows,
            totals=_document_totals,
            figures=[
                ReportColumn("sum", _("Sum of the documents"), Kind.MONEY),
                ReportColumn("count", _("Counted in all"), Kind.NUMBER),
            ],
            may_open=can_see_facts,
            how=HOW_DOCUMENTS,
        )
    )
    register(
        Report(
            name="late_changes",
            title=_("Changes after the closing of a month"),
            group=GROUP,
            parameters=[month_parameter()],
            columns=_late_columns,
            rows=late_rows,
            may_open=can_see_facts,
            how=_("Documents posted into a closed month, or changed in it, after its closing."),
        )
    )
