"""The report of credit limits and their use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.filters.clients import NONE, by_category_of_client
from clients.models import ClientCategory
from crm.accounts.models import OrgUnit, User
from crm.money import percent
from crm.tabular import Kind
from crm.work.registry import setting
from deals.permissions import can_see_money
from reports import links
from reports.definitions import parameters as ask
from reports.definitions.columns import GROUP, money
from reports.parameters import (
    WholePercentField,
    manager_parameter,
    number_parameter,
    unit_parameter,
)
from reports.queries.receivables.credit import LimitUse, limits_seen, limits_used, managers_of
from reports.registry import Params, Report, ReportColumn, Row

SHOW = [
    ("all", _("all limits")),
    ("high", _("used from the threshold on")),
    ("over", _("exceeded")),
    ("overdue", _("with an overdue debt")),
    ("stopped", _("with a shipping stop")),
]
CATEGORIES = [("", _("all")), *ClientCategory.choices, (NONE, _("No category"))]


def _columns(params: Params) -> Sequence[ReportColumn]:
    return [
        ReportColumn("code", _("Code")),
        ReportColumn("client", _("Client"), link="url"),
        ReportColumn("category", _("Category")),
        ReportColumn("manager", _("Manager")),
        money("limit", _("Limit"), link="credit_url"),
        money("norm", _("Norm"), help=_("By the category and the average month of shipments")),
        money("debt", _("Debt"), link="debt_url"),
        money("reserved", _("Ordered, not shipped")),
        money("free", _("Available"), help=_("Negative above the limit")),
        ReportColumn("used_percent", _("Limit used, %"), Kind.PERCENT),
        money("overdue", _("Overdue")),
        ReportColumn("stop", _("Shipping stop")),
    ]


def _rows(user: User, params: Params) -> Iterable[Row]:
    today, limits = timezone.localdate(), limits_seen(user, timezone.localdate())
    if params["manager"]:
        limits = limits.filter(client__manager=params["manager"])
    if params["unit"]:
        inside = OrgUnit.objects.subtree_of([params["unit"].pk]).values("pk")
        limits = limits.filter(client__org_unit__in=inside)
    if params["category"]:
        limits = by_category_of_client(limits, "category", [params["category"]])
    share = Decimal(params["threshold"])
    found = [row for row in limits_used(limits, today) if _is_shown(row, params["show"], share)]
    managers = managers_of(found)
    return [_row(row, managers[row.manager_id]) for row in found]


def _is_shown(row: LimitUse, show: str, share: Decimal) -> bool:
    shown = {
        "high": row.reaches(share),
        "over": row.exposure.over_limit_by > 0,
        "overdue": row.overdue > 0,
        "stopped": bool(row.stops),
    }
    return shown.get(show, True)


def _row(row: LimitUse, manager: str) -> dict[str, Any]:
    return {
        "code": row.code,
        "client": row.name,
        "url": links.client_card(row.client_id),
        "category": row.category or "",
        "manager": manager,
        "limit": row.exposure.limit,
        "credit_url": links.credit_page(row.client_id),
        "norm": row.norm,
        "debt": row.exposure.receivables,
        "debt_url": links.open_invoices(row.client_id),
        "reserved": row.exposure.reserved,
        "free": row.exposure.available,
        "used_percent": row.used_percent,
        "overdue": row.overdue,
        "stop": ", ".join(row.stops),
    }


def _whole(user: User, params: Params, rows: Sequence[Row]) -> Row:
    """The use of all limits together is counted from their sums."""
    used = sum((row["debt"] + row["reserved"] for row in rows), Decimal(0))
    return {
        "used_percent": percent(used, sum((row["limit"] for row in rows), Decimal(0))),
        "clients": len(rows),
        "reached": sum(row["free"] < 0 for row in rows),
    }


LIMITS_USED = Report(
    name="limits_used",
    title=_("Credit limits and their use"),
    parameters=[
        ask.choice("show", _("Show"), SHOW, "all"),
        number_parameter(
            "threshold",
            _("Threshold, %"),
            lambda: setting("credit.used_threshold"),
            kind=WholePercentField,
            least=1,
            most=1000,
        ),
        ask.choice("category", _("Category"), CATEGORIES, ""),
        manager_parameter(),
        unit_parameter(),
    ],
    columns=_columns,
    rows=_rows,
    totals=_whole,
    figures=[
        ReportColumn("clients", _("Clients with a limit"), Kind.NUMBER),
        ReportColumn("reached", _("Limits exceeded"), Kind.NUMBER),
    ],
    may_open=can_see_money,
    how=_(
        "Limits in force today against the open invoices and the confirmed orders that are not"
        " shipped (CRED-1); stops are those that bind today."
    ),
    group=GROUP,
)
