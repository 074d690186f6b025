"""Reports of the cost budget and of representation expenses (DL-20)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.accounts.models import User
from crm.tabular import Kind
from reports.parameters import choice_parameter, period_parameter, unit_parameter
from reports.permissions.costs import can_see_budget, can_see_expenses
from reports.queries import cost_reports as queries
from reports.registry import Params, Report, ReportColumn, Row, register

GROUP = _("Costs")
MONEY, PERCENT, NUMBER = Kind.MONEY, Kind.PERCENT, Kind.NUMBER
KEYS = {"item": _("Item"), "month": _("Month"), "unit": _("Unit")}
BY = {"employee": _("Who spent it"), "client": _("Client")}


def _budget_columns(params: Params) -> Sequence[ReportColumn]:
    return [
        ReportColumn("name", KEYS[params["by"]], link="url"),
        ReportColumn("plan", pgettext_lazy("figure", "Plan"), MONEY, total=True),
        ReportColumn("fact", pgettext_lazy("figure", "Actual"), MONEY, total=True),
        ReportColumn("percent", _("Execution, %"), PERCENT, empty="—"),
        ReportColumn("over", _("Over the plan"), MONEY, total=True),
        ReportColumn("approved", _("Approved, not paid"), MONEY, total=True),
    ]


def _expense_columns(params: Params) -> Sequence[ReportColumn]:
    named = [
        ReportColumn("name", BY[params["by"]], link="url"),
        ReportColumn("count", _("Expenses"), NUMBER, total=True),
        ReportColumn("amount", _("Approved and paid"), MONEY, total=True),
        ReportColumn("paid", _("Paid"), MONEY, total=True),
    ]
    if params["by"] == "employee":
        return [
            *named,
            ReportColumn("limit", _("Limit of the months"), MONEY, total=True),
            ReportColumn("used", _("Of the limit, %"), PERCENT, empty="—"),
            ReportColumn("over_limit", _("Allowed above the limit"), MONEY, total=True),
        ]
    return [
        *named,
        ReportColumn("shipped", _("Net shipments"), MONEY, total=True),
        ReportColumn("share", _("Costs to shipments, %"), PERCENT, empty="—"),
    ]


def _budget_rows(user: User, params: Params) -> Iterable[Row]:
    return queries.budget_rows(user, params)


def _expense_rows(user: User, params: Params) -> Iterable[Row]:
    return queries.expense_rows(user, params)


def register_budget_reports() -> None:
    """Declare both."""
    _budget()
    _representation()


def _budget() -> None:
    register(
        Report(
            name="budget",
            title=_("Execution of the cost budget"),
            parameters=[
                period_parameter(usual="this_year"),
                unit_parameter(),
                choice_parameter("by", _("Break down by"), list(KEYS.items())),
            ],
            columns=_budget_columns,
            rows=_budget_rows,
            totals=queries.budget_totals,
            may_open=can_see_budget,
            how=_(
                "Plan: lines of the budgets that hold, whole months of the period. Actual: "
                "paid expenses by the day they were spent. Execution = actual ÷ plan × 100 "
                "from sums, over = actual − plan (BUDGET-1)."
            ),
            group=GROUP,
        )
    )


def _representation() -> None:
    register(
        Report(
            name="representation_expenses",
            title=_("Entertainment expenses"),
            parameters=[
                period_parameter(),
                unit_parameter(),
                choice_parameter("by", _("Break down by"), list(BY.items())),
            ],
            columns=_expense_columns,
            rows=_expense_rows,
            totals=queries.expense_totals,
            may_open=can_see_expenses,
            how=_(
                "Approved and paid expenses of the items that are marked so, by the day they were"
                " spent. The limit is the one in force now for each month of the period; shipments"
                " are net, with VAT, of the same days."
            ),
            group=GROUP,
        )
    )
