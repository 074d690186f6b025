"""The report of how debts went, from the photographs of the nights."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.money import percent
from crm.tabular import Kind
from deals.permissions import can_see_money
from reports.definitions import parameters as ask
from reports.definitions.columns import GROUP
from reports.queries.receivables.history import debts_by_day
from reports.registry import Params, Report, ReportColumn, Row, register


def _columns(params: Params) -> Sequence[ReportColumn]:
    return [
        ReportColumn("on", _("Day"), Kind.DATE),
        ReportColumn("clients", _("Debtors"), Kind.NUMBER),
        ReportColumn("total", _("Debt"), Kind.MONEY),
        ReportColumn("overdue", _("Overdue"), Kind.MONEY),
        ReportColumn("overdue_percent", _("Overdue, %"), Kind.PERCENT),
    ]


def _rows(user: User, params: Params) -> Iterable[Row]:
    for row in debts_by_day(user, params["from"], params["to"]):
        yield {**row, "overdue_percent": percent(row["overdue"], row["total"])}


def _chart(params: Params, rows: Sequence[Row]) -> Mapping[str, Any]:
    return {
        "type": "line",
        "unit": "money",
        "rows_title": _now("Day"),
        "labels": [f"{row['on']:%d.%m.%y}" for row in rows],
        "datasets": [
            {"label": _now("Debt"), "data": [row["total"] for row in rows], "tone": "accent"},
            {"label": _now("Overdue"), "data": [row["overdue"] for row in rows], "tone": "danger"},
        ],
    }


def register_debt_history() -> None:
    """Declare the report."""
    register(
        Report(
            name="debt_history",
            title=_("Debt trend"),
            parameters=[
                ask.first_day(lambda today: today - timedelta(days=30)),
                ask.last_day(),
            ],
            columns=_columns,
            rows=_rows,
            chart=_chart,
            may_open=can_see_money,
            how=_("Debts as they stood each night, of the clients that you see now."),
            group=GROUP,
        )
    )
