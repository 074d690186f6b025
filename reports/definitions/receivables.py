"""Reports of receivables: ageing, debtors, receipts to come, promises, limits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.money import percent
from crm.tabular import Kind
from deals.permissions import can_see_money
from deals.receivables.ageing import Interval, current_intervals, parse_intervals
from reports.definitions import parameters as ask
from reports.definitions.columns import GROUP, key_columns, key_values, money, named
from reports.definitions.limits import LIMITS_USED
from reports.definitions.turnover import TURNOVER_REPORTS
from reports.pages import receivables_links as links
from reports.queries.receivables.ageing import AgeingRow, ageing
from reports.queries.receivables.expected import expected_receipts, promises
from reports.queries.receivables.grouping import Name
from reports.registry import Params, Report, ReportColumn, Row, register

STATES = [
    ("", _("all")),
    ("open", _("open")),
    ("kept", _("kept")),
    ("broken", _("broken")),
]


# Ageing


def _intervals(params: Params) -> list[Interval]:
    text = params.get("intervals")
    return parse_intervals(text) if text else current_intervals()


def _ageing_columns(params: Params) -> Sequence[ReportColumn]:
    return [
        *key_columns(params["by"] or "client"),
        *(
            money(interval.code, interval.label, link=f"{interval.code}_url")
            for interval in _intervals(params)
        ),
        money("total", _("Total"), link="total_url"),
        money("overdue", _("Overdue")),
        ReportColumn("overdue_percent", _("Overdue, %"), Kind.PERCENT),
        money("reserve", _("Reserve"), help=_("Tax Code, article 266: for information")),
        money("advance", _("Advances and returns"), help=_("Never netted with the debt")),
        money("disputed", _("Disputed")),
    ]


def _ageing_rows(user: User, params: Params) -> Iterable[Row]:
    by, today = params["by"] or "client", timezone.localdate()
    report = ageing(user, as_of=params["as_of"], today=today, by=by, intervals=_intervals(params))
    names = named(by, [row.key for row in report.rows])
    for row in report.rows:
        yield {
            **names[row.key],
            **_figures(row),
            **_links(by, row, report.intervals, params, today),
        }


def _figures(row: AgeingRow) -> dict[str, Any]:
    return {
        **row.by_interval,
        "total": row.total,
        "overdue": row.overdue,
        "overdue_percent": row.overdue_percent,
        "reserve": row.reserve,
        "advance": row.advance,
        "disputed": row.disputed,
    }


def _links(
    by: str, row: AgeingRow, intervals: Sequence[Interval], params: Params, today: date
) -> dict[str, str]:
    where, days = links.where_of(by, row.key), {"as_of": params["as_of"], "today": today}
    found = {f"{one.code}_url": links.in_interval(where, one, **days) for one in intervals}
    return {**found, "total_url": links.documents(where, **days)}


def _share_of_overdue(user: User, params: Params, rows: Sequence[Row]) -> Row:
    whole = sum((row["total"] for row in rows), Decimal(0))
    overdue = sum((row["overdue"] for row in rows), Decimal(0))
    return {"overdue_percent": percent(overdue, whole)}


def _debtor_columns(params: Params) -> Sequence[ReportColumn]:
    return [
        ReportColumn("place", _("No."), Kind.NUMBER),
        *key_columns("client"),
        money("total", _("Debt"), link="total_url"),
        money("overdue", _("Overdue")),
        ReportColumn("overdue_percent", _("Overdue, %"), Kind.PERCENT),
        ReportColumn("share", _("Share of all debt, %"), Kind.PERCENT),
        ReportColumn("worst", _("Days overdue"), Kind.NUMBER),
    ]


def _debtor_rows(user: User, params: Params) -> Iterable[Row]:
    today = timezone.localdate()
    report = ageing(user, as_of=params["as_of"], today=today, by="client")
    rows = [row for row in report.rows if row.total][: params["limit"]]
    names = named("client", [row.key for row in rows])
    for place, row in enumerate(rows, start=1):
        yield {
            **names[row.key],
            "place": place,
            "total": row.total,
            "total_url": links.documents(
                links.where_of("client", row.key), as_of=params["as_of"], today=today
            ),
            "overdue": row.overdue,
            "overdue_percent": row.overdue_percent,
            "share": percent(row.total, report.total.total),
            "worst": row.worst_days,
        }


# Receipts to come, promises, limits


def _expected_columns(params: Params) -> Sequence[ReportColumn]:
    return [
        ReportColumn("day", _("Day"), Kind.DATE, link="url", empty=_("Overdue")),
        money("due", _("Falls due")),
        ReportColumn("invoices", _("Invoices"), Kind.NUMBER, total=True),
        money("promised", _("Promised"), help=_("A part of the debt, not added to it")),
        ReportColumn("promises", _("Promises"), Kind.NUMBER, total=True),
    ]


def _expected_rows(user: User, params: Params) -> Iterable[Row]:
    today = timezone.localdate()
    for row in expected_receipts(user, today=today, days=params["days"]):
        last = row.day or today - timedelta(days=1)
        yield {
            "day": row.day,
            "url": links.documents({}, as_of=today, today=today, due_from=row.day, due_to=last),
            "due": row.due,
            "invoices": row.invoices,
            "promised": row.promised,
            "promises": row.promises,
        }


def _promise_columns(params: Params) -> Sequence[ReportColumn]:
    return [
        ReportColumn("promise_on", _("Promised for"), Kind.DATE),
        *key_columns("client"),
        ReportColumn("person", _("Who promised")),
        ReportColumn("talked_on", _("Contact"), Kind.DATE, link="contact_url"),
        money("amount", _("Promised")),
        money("received", _("Came on time")),
        ReportColumn("state", _("State")),
    ]


def _promise_rows(user: User, params: Params) -> Iterable[Row]:
    words = dict(STATES)
    for row in promises(user, params["from"], params["to"], state=params["state"] or ""):
        contact, client = row.contact, row.contact.client
        assert client is not None
        yield {
            **key_values("client", Name(client.name, client, client.get_absolute_url())),
            "promise_on": contact.promise_on,
            "person": contact.person.full_name if contact.person else "",
            "talked_on": contact.local_moment.date(),
            "contact_url": links.contact(contact.pk),
            "amount": contact.promise_amount,
            "received": row.received,
            "state": str(words[row.state]),
        }


# Declarations


def register_receivables() -> None:
    """Declare the reports."""
    for report in (*REPORTS, LIMITS_USED, *TURNOVER_REPORTS):
        register(report)


REPORTS = [
    Report(
        name="ageing",
        title=_("Ageing of receivables"),
        parameters=[ask.as_of(), ask.grouping("client"), ask.intervals()],
        columns=_ageing_columns,
        rows=_ageing_rows,
        totals=_share_of_overdue,
        may_open=can_see_money,
        how=_("Open amounts of invoices by calendar days after the due day (AR-1)."),
        group=GROUP,
    ),
    Report(
        name="top_debtors",
        title=_("Largest debtors"),
        parameters=[ask.as_of(), ask.whole("limit", _("How many"), 20, 1000)],
        columns=_debtor_columns,
        rows=_debtor_rows,
        totals=_share_of_overdue,
        may_open=can_see_money,
        group=GROUP,
    ),
    Report(
        name="expected_receipts",
        title=_("Receipts to come"),
        parameters=[ask.whole("days", _("Days ahead"), 60, 730)],
        columns=_expected_columns,
        rows=_expected_rows,
        may_open=can_see_money,
        how=_("Open invoices by due day, and open promises by the promised day."),
        group=GROUP,
    ),
    Report(
        name="promises",
        title=_("Promises to pay"),
        parameters=[
            ask.first_day(),
            ask.last_day(lambda today: today + timedelta(days=31)),
            ask.choice("state", _("State"), STATES, ""),
        ],
        columns=_promise_columns,
        rows=_promise_rows,
        may_open=can_see_money,
        how=_("Receipts from the day of the contact to the promised day, both included."),
        group=GROUP,
    ),
]
