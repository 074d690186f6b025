"""The register of incentive sheets: columns, filters, ready views."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters as filters
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.filters.clients import SeveralFilter, YesNoFilter
from crm.lists import ALL, Column, Kind, ListSpec, View
from crm.money import NBSP, format_number, format_percent
from crm.shell.templatetags.formats import month_name
from crm.shell.templatetags.shell import status_chip
from reports.models import IncentiveSheet, SheetState
from reports.parameters import MonthField, month_start

TONES: dict[str, str] = {
    SheetState.DRAFTED: "warning",
    SheetState.DECIDED: "info",
    SheetState.APPROVED: "success",
    SheetState.OBJECTION: "danger",
    SheetState.SENT: "success",
}


class MonthFilter(filters.Filter):
    """The sheets of a month."""

    field_class = MonthField


class SheetFilter(filters.FilterSet):
    """Sheets by month, state and whose turn it is."""

    month = MonthFilter(label=_("Month"))
    state = SeveralFilter(label=_("State"), choices=SheetState.choices)
    last_month = YesNoFilter(label=_("Last month"), method="by_month")
    mine = YesNoFilter(label=_("Mine"), method="by_me")

    class Meta:
        model = IncentiveSheet
        fields: ClassVar[list[str]] = []

    def by_month(self, rows: Any, _name: str, value: bool) -> Any:
        """Of the month before this one."""
        month = {"month": month_start(timezone.localdate(), -1)}
        return rows.filter(**month) if value else rows.exclude(**month)

    def by_me(self, rows: Any, _name: str, value: bool) -> Any:
        """Of the person who looks."""
        mine = {"employee": self.request.user}
        return rows.filter(**mine) if value else rows.exclude(**mine)


def state_chip(row: IncentiveSheet) -> str:
    """The state in words, with its colour."""
    return status_chip(row.get_state_display(), TONES.get(row.state, "neutral"))


def _composite(row: IncentiveSheet) -> str:
    return "–" if row.composite is None else format_percent(row.composite)


SHEETS = ListSpec(
    name="incentives",
    model=IncentiveSheet,
    title=_("Incentive sheets"),
    columns=[
        Column("employee", _("Employee"), link=True, value="employee.short_name"),
        Column(
            "month",
            _("Month"),
            sort="month",
            value=lambda row: month_name(row.month),
            render=lambda row: month_name(row.month).replace(" ", NBSP),
        ),
        Column("role", _("Role"), value=lambda row: row.get_role_display()),
        Column("org_unit", _("Unit"), value="org_unit.name"),
        Column("composite", _("Composite, %"), kind=Kind.NUMBER, render=_composite),
        Column(
            "coefficient",
            pgettext_lazy("incentive sheet", "K"),
            kind=Kind.NUMBER,
            render=lambda row: format_number(row.coefficient, 4),
        ),
        Column("bonus", _("Bonus by results"), kind=Kind.MONEY, total=True),
        Column("correction", _("Correction"), kind=Kind.MONEY, total=True),
        Column("rewards", _("Rewards"), kind=Kind.MONEY, total=True),
        Column("reductions", _("Reductions"), kind=Kind.MONEY, total=True),
        Column(
            "variable_total",
            _("Variable pay"),
            kind=Kind.MONEY,
            sort="variable_total",
            total=True,
        ),
        Column("salary", _("Monthly salary"), kind=Kind.MONEY, total=True),
        Column("state", _("State"), filter="state", render=state_chip),
        Column(
            "decided_by",
            _("Decided by"),
            value=lambda row: row.decided_by.short_name if row.decided_by else "",
        ),
        Column("objection_until", _("Objection until"), kind=Kind.DATE),
    ],
    default_sort="-month",
    default_columns=[
        *("employee", "month", "org_unit", "composite", "coefficient", "bonus", "correction"),
        *("rewards", "reductions", "variable_total", "state"),
    ],
    filters=SheetFilter,
    row_url="reports:incentive_detail",
    views=[
        View(pgettext_lazy("incentive sheets", "Last month"), "last_month=true"),
        View(pgettext_lazy("incentive sheets", "To be decided"), "state=drafted&state=objection"),
        View(pgettext_lazy("incentive sheets", "Mine"), "mine=true"),
        ALL,
    ],
    page_template="reports/incentive_list.html",
    empty_template="reports/_incentives_none.html",
)
