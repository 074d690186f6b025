"""Reports of claims and returns (CM-02, CM-04, CM-07; L438, L456)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claims.models import ClaimKind, GuiltyParty
from claims.permissions import can_see_claim_reports, can_see_goods_claims
from crm.tabular import Kind
from deals.permissions import can_see_money
from reports.definitions.columns import money
from reports.parameters import (
    choice_parameter,
    manager_parameter,
    period_parameter,
    unit_parameter,
)
from reports.queries import claim_costs as costs
from reports.queries import claims as queries
from reports.registry import Params, Report, ReportColumn, Row, Text, register

GROUP = _("Claims and returns")
MOST_BARS = 30
CUTS: tuple[tuple[str, Text], ...] = (
    ("reason", _("reason")),
    ("guilty", _("party at fault")),
    ("manager", _("manager")),
    ("client", _("client")),
    ("product", _("product")),
    ("group", _("product group")),
    ("month", _("month")),
)
RATE_CUTS: tuple[tuple[str, Text], ...] = (
    ("group", _("product group")),
    ("manager", _("manager")),
    ("client", _("client")),
    ("month", _("month")),
)
KINDS: tuple[tuple[str, Text], ...] = (("", _("all")), *ClaimKind.choices)
NARROWING = (manager_parameter(), unit_parameter())


def register_claim_reports() -> None:
    """Declare the reports."""
    _register_claims()
    _register_matrix()
    _register_rate()
    _register_cost()
    _register_purchasing()


def _register_claims() -> None:
    register(
        Report(
            name="claims",
            title=_("Claims received and satisfied"),
            group=GROUP,
            parameters=[
                period_parameter(),
                choice_parameter("by", _("Break down by"), CUTS),
                choice_parameter("kind", _("Kind"), KINDS),
                *NARROWING,
            ],
            columns=_claim_columns,
            rows=queries.claim_rows,
            totals=queries.claim_totals,
            chart=_claim_chart,
            may_open=can_see_claim_reports,
            how=_(
                "Received: registered in the period, with the sum claimed. Satisfied: decided in"
                " the period as satisfied or satisfied in part, with the sum given; a part counts"
                " one in number. Withdrawn claims are left out. By product a claim counts once for"
                " each of its products, and what was given is shared among its lines by their sums."
            ),
        )
    )


def _claim_columns(params: Params) -> Sequence[ReportColumn]:
    by = params["by"]
    label = dict(CUTS)[by]
    code = [ReportColumn("code", _("Code"))] if by == "client" else []
    added = by not in {"product", "group"}
    return [
        *code,
        ReportColumn("name", _capital(label), link="url"),
        ReportColumn("received", _("Received"), Kind.NUMBER, total=added),
        ReportColumn("received_amount", _("Claimed"), Kind.MONEY, total=added),
        ReportColumn("satisfied", _("Satisfied"), Kind.NUMBER, total=added),
        ReportColumn("satisfied_amount", _("Given"), Kind.MONEY, total=added),
        ReportColumn("count_share", _("Satisfied, % of number"), Kind.PERCENT),
        ReportColumn("amount_share", _("Satisfied, % of sum"), Kind.PERCENT),
    ]


def _claim_chart(params: Params, rows: Sequence[Row]) -> Mapping[str, Any]:
    shown = rows[:MOST_BARS]
    return {
        "type": "bar",
        "labels": [str(row["name"]) for row in shown],
        "datasets": [
            {
                "label": gettext("Received"),
                "data": [row["received"] for row in shown],
                "tone": "neutral",
            },
            {"label": gettext("Satisfied"), "data": [row["satisfied"] for row in shown]},
        ],
    }


def _register_matrix() -> None:
    parties = [
        ReportColumn(f"n_{code}", label, Kind.NUMBER, total=True)
        for code, label in (*GuiltyParty.choices, ("unknown", _("Not established yet")))
    ]
    register(
        Report(
            name="claims_by_fault",
            title=_("Claims by reason and fault"),
            group=GROUP,
            parameters=[
                period_parameter(),
                choice_parameter("kind", _("Kind"), KINDS),
                *NARROWING,
            ],
            columns=lambda params: [
                ReportColumn("name", _("Reason"), link="url"),
                *parties,
                ReportColumn("received", _("Received"), Kind.NUMBER, total=True),
                money("received_amount", _("Claimed")),
            ],
            rows=queries.matrix_rows,
            may_open=can_see_claim_reports,
            how=_(
                "Claims registered in the period by reason and by the party found at fault; "
                "withdrawn ones are left out."
            ),
        )
    )


def _register_rate() -> None:
    register(
        Report(
            name="return_rate",
            title=_("Share of returns"),
            group=GROUP,
            parameters=[
                period_parameter(),
                choice_parameter("by", _("Break down by"), RATE_CUTS),
                *NARROWING,
            ],
            columns=lambda params: [
                *([ReportColumn("code", _("Code"))] if params["by"] == "client" else []),
                ReportColumn("name", _capital(dict(RATE_CUTS)[params["by"]]), link="url"),
                money("shipped", _("Shipped")),
                money("returned", _("Returned")),
                ReportColumn("rate", _("Returned, %"), Kind.PERCENT),
            ],
            rows=costs.return_rate,
            totals=costs.rate_totals,
            may_open=can_see_money,
            how=_(
                "Returned ÷ shipped of the same period by the day of posting, roubles with VAT;"
                " adjustments are left out. By client only those who gave something back."
            ),
        )
    )


def _register_cost() -> None:
    register(
        Report(
            name="claim_cost",
            title=_("Cost of claims by client"),
            group=GROUP,
            parameters=[period_parameter(), *NARROWING],
            columns=lambda params: [
                ReportColumn("code", _("Code")),
                ReportColumn("name", _("Client"), link="url"),
                ReportColumn("claims", _("Claims received"), Kind.NUMBER, total=True),
                money("cost", _("Given by claims")),
                money("returned", _("Returned")),
                money("shipped", _("Shipped")),
                ReportColumn("share", _("Given, % of shipments"), Kind.PERCENT),
            ],
            rows=costs.claim_cost,
            totals=costs.cost_totals,
            may_open=can_see_money,
            how=_(
                "Clients with a claim in the period: what was given by decisions of the period"
                " against what was shipped in it, roubles with VAT. Goods that were given back"
                " stand beside and are not counted twice."
            ),
        )
    )


def _register_purchasing() -> None:
    register(
        Report(
            name="claims_for_purchasing",
            title=_("Claims for goods, for purchasing"),
            group=GROUP,
            parameters=[period_parameter()],
            columns=lambda params: [
                ReportColumn("sku", _("Article")),
                ReportColumn("name", _("Product")),
                ReportColumn("group", _("Group")),
                ReportColumn("reason", _("Reason")),
                ReportColumn("claims", _("Claims"), Kind.NUMBER),
                ReportColumn("by_supplier", _("By fault of the supplier"), Kind.NUMBER),
                ReportColumn("quantity", _("Quantity"), Kind.NUMBER),
                money("amount", _("Claimed")),
            ],
            rows=costs.for_purchasing,
            may_open=can_see_goods_claims,
            how=_(
                "Lines of claims for goods registered in the period; a claim with several products"
                " counts once for each."
            ),
        )
    )


def _capital(label: Text) -> str:
    text = str(label)
    return text[:1].upper() + text[1:]
