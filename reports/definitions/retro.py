"""Retro bonuses of a period: base, rate, bonus and state by client (S3.3.1.15)."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy, pgettext_lazy

from crm.accounts.models import User
from crm.tabular import Kind
from deals.models import AccrualState, RetroBonusAccrual
from deals.permissions import can_see_retro
from reports.definitions.columns import money
from reports.definitions.contracts import GROUP
from reports.parameters import (
    choice_parameter,
    manager_parameter,
    period_parameter,
    unit_parameter,
)
from reports.registry import Params, Report, ReportColumn, Row, register


def _rows(user: User, params: Params) -> Iterable[Row]:
    rows = RetroBonusAccrual.objects.visible_to(user)
    period = params["period"]
    rows = rows.filter(period_end__gte=period.first, period_end__lte=period.last)
    if params.get("manager"):
        rows = rows.filter(client__manager=params["manager"])
    if params.get("unit"):
        rows = rows.filter(client__org_unit__path__startswith=params["unit"].path)
    if params.get("state"):
        rows = rows.filter(state=params["state"])
    for row in rows.for_list().order_by("client__sort_key", "period_start", "pk"):
        manager = row.client.manager
        yield {
            "code": row.client.code,
            "client": row.client.name,
            "url": row.get_absolute_url(),
            "manager": manager.short_name if manager else "",
            "contract": row.agreement.contract.number,
            "first": row.period_start,
            "last": row.period_end,
            "base": row.base,
            "rate": row.rate,
            "amount": row.amount,
            "given": row.given_amount,
            "left": row.to_give,
            "state": str(row.get_state_display()),
            "document": row.document,
        }


def _columns(params: Params) -> list[ReportColumn]:
    return [
        ReportColumn("code", gettext_lazy("Code")),
        ReportColumn("client", gettext_lazy("Client"), link="url"),
        ReportColumn("manager", gettext_lazy("Manager")),
        ReportColumn("contract", gettext_lazy("Contract")),
        ReportColumn("first", gettext_lazy("Period from"), Kind.DATE),
        ReportColumn("last", gettext_lazy("Period to"), Kind.DATE),
        money("base", gettext_lazy("Base without VAT")),
        ReportColumn("rate", gettext_lazy("Rate, %"), Kind.PERCENT),
        money("amount", gettext_lazy("Bonus")),
        money("given", pgettext_lazy("retro bonus", "Settled")),
        money("left", gettext_lazy("Left to settle")),
        ReportColumn("state", gettext_lazy("State")),
        ReportColumn("document", gettext_lazy("Document")),
    ]


def register_retro_reports() -> None:
    """Declare the report."""
    register(
        Report(
            name="retro_bonuses",
            title=gettext_lazy("Retro bonuses of a period"),
            group=GROUP,
            parameters=[
                period_parameter(usual="this_year"),
                choice_parameter(
                    "state",
                    gettext_lazy("State"),
                    [("", gettext_lazy("any")), *AccrualState.choices],
                ),
                manager_parameter(),
                unit_parameter(),
            ],
            columns=_columns,
            rows=_rows,
            may_open=can_see_retro,
            how=gettext_lazy(
                "Accruals whose period ends within the chosen days. The base is shipments less"
                " returns, or what was paid, without VAT; returned goods reduce the period"
                " in which they were sold. Flat: the whole base at the tier reached; progressive:"
                " each part at its own tier. For food, bonus and services are capped by law."
                " Nothing is netted with debts."
            ),
        )
    )
