"""Reports of debt against shipments and of payment discipline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.tabular import Kind
from deals.permissions import can_see_money
from reports.definitions import parameters as ask
from reports.definitions.columns import GROUP, key_columns, money, named
from reports.queries.receivables.discipline import discipline
from reports.queries.receivables.turnover import debt_share, dso, trailing_dso
from reports.registry import Params, Report, ReportColumn, Row

AVERAGE, TRAILING = "average", "trailing"
METHODS = [
    (AVERAGE, _("average of the period")),
    (TRAILING, _("at the end against the period")),
]


# DSO and the share of debt


def _dso_columns(params: Params) -> Sequence[ReportColumn]:
    opening = [money("opening", _("Opening receivables"))]
    return [
        *key_columns(params["by"] or "manager"),
        *(opening if params["method"] != TRAILING else []),
        money("closing", _("Closing receivables")),
        money("sales", _("Net shipments")),
        ReportColumn("days", _("Days"), Kind.NUMBER),
        ReportColumn("dso", _("DSO, days"), Kind.NUMBER),
    ]


def _dso_of(user: User, params: Params, by: str) -> list[Any]:
    first, last, today = params["from"], params["to"], timezone.localdate()
    if params["method"] == TRAILING:
        return trailing_dso(user, last, today=today, days=(last - first).days + 1, by=by)
    return dso(user, first, last, today=today, by=by)


def _dso_rows(user: User, params: Params) -> Iterable[Row]:
    by = params["by"] or "manager"
    rows = _dso_of(user, params, by)
    names = named(by, [row.key for row in rows])
    for row in rows:
        yield {
            **names[row.key],
            "opening": row.opening,
            "closing": row.closing,
            "sales": row.sales,
            "days": row.days,
            "dso": row.dso,
        }


def _dso_total(user: User, params: Params, rows: Sequence[Row]) -> Row:
    whole = _dso_of(user, params, "all")
    return {"dso": whole[0].dso, "days": whole[0].days} if whole else {}


def _share_columns(params: Params) -> Sequence[ReportColumn]:
    return [
        *key_columns(params["by"] or "manager"),
        money("receivables", _("Receivables")),
        money("sales", _("Net shipments")),
        ReportColumn("percent", _("Debt to shipments, %"), Kind.PERCENT),
        ReportColumn("norm", _("Norm, %"), Kind.PERCENT),
        money("excess", _("Excess")),
    ]


def _share_of(user: User, params: Params, by: str) -> list[Any]:
    where = {"category": "A"} if params["clients"] == "A" else {}
    return debt_share(user, params["month"], today=timezone.localdate(), by=by, where=where)


def _share_rows(user: User, params: Params) -> Iterable[Row]:
    by = params["by"] or "manager"
    rows = _share_of(user, params, by)
    names = named(by, [row.key for row in rows])
    for row in rows:
        yield {
            **names[row.key],
            "receivables": row.receivables,
            "sales": row.sales,
            "percent": row.percent,
            "norm": row.norm_percent,
            "excess": row.excess,
        }


def _share_total(user: User, params: Params, rows: Sequence[Row]) -> Row:
    whole = _share_of(user, params, "all")
    return {"percent": whole[0].percent, "norm": whole[0].norm_percent} if whole else {}


# Discipline


def _discipline_columns(params: Params) -> Sequence[ReportColumn]:
    return [
        *key_columns(params["by"] or "client"),
        money("paid", _("Paid")),
        ReportColumn("delay", _("Average delay, days"), Kind.NUMBER, help=_("By amounts")),
        ReportColumn("on_time_percent", _("Paid on time, %"), Kind.PERCENT),
        ReportColumn("worst", _("Longest delay, days"), Kind.NUMBER),
        ReportColumn("payments", _("Payments"), Kind.NUMBER, total=True),
    ]


def _discipline_rows(user: User, params: Params) -> Iterable[Row]:
    by = params["by"] or "client"
    rows = discipline(user, params["from"], params["to"], by=by)
    names = named(by, [row.key for row in rows])
    for row in rows:
        yield {
            **names[row.key],
            "paid": row.discipline.paid,
            "delay": row.discipline.weighted_delay,
            "on_time_percent": row.discipline.on_time_percent,
            "worst": row.worst_days,
            "payments": row.payments,
        }


def _discipline_total(user: User, params: Params, rows: Sequence[Row]) -> Row:
    whole = discipline(user, params["from"], params["to"], by="all")
    if not whole:
        return {}
    found = whole[0]
    return {
        "delay": found.discipline.weighted_delay,
        "on_time_percent": found.discipline.on_time_percent,
        "worst": found.worst_days,
    }


def _end_of_last_month(today: date) -> date:
    return today.replace(day=1) - timedelta(days=1)


TURNOVER_REPORTS = [
    Report(
        name="dso",
        title=_("DSO: days of shipments not paid for"),
        parameters=[
            ask.first_day(ask.three_months_ago),
            ask.last_day(),
            ask.grouping("manager"),
            ask.choice("method", _("Method"), METHODS, AVERAGE),
        ],
        columns=_dso_columns,
        rows=_dso_rows,
        totals=_dso_total,
        may_open=can_see_money,
        how=_("Receivables ÷ net shipments × calendar days of the period (DSO-1)."),
        group=GROUP,
    ),
    Report(
        name="debt_share",
        title=_("Debt to monthly shipments and excess"),
        parameters=[
            ask.Parameter("month", lambda user: ask.DayField(label=_("Month")), _end_of_last_month),
            ask.grouping("manager"),
            ask.choice("clients", _("Clients"), [("", _("all")), ("A", _("category A"))], ""),
        ],
        columns=_share_columns,
        rows=_share_rows,
        totals=_share_total,
        may_open=can_see_money,
        how=_(
            "Receivables at the end of the month ÷ its net shipments, by who was "
            "responsible then (KPI-2); the norm is a setting that a department may change."
        ),
        group=GROUP,
    ),
    Report(
        name="discipline",
        title=_("Payment discipline"),
        parameters=[
            ask.first_day(ask.three_months_ago),
            ask.last_day(),
            ask.grouping("client", ("client", "manager", "unit", "territory")),
        ],
        columns=_discipline_columns,
        rows=_discipline_rows,
        totals=_discipline_total,
        may_open=can_see_money,
        how=_("Σ paid × days of delay ÷ Σ paid; early payments do not offset late ones (DISC-1)."),
        group=GROUP,
    ),
]
