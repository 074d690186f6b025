"""Reports on shipments, receipts and the balance of a client."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from crm.tabular import Kind
from deals.permissions import can_see_money
from reports.parameters import (
    choice_parameter,
    client_parameter,
    manager_parameter,
    period_parameter,
    unit_parameter,
)
from reports.queries import balance, movements
from reports.registry import Params, Report, ReportColumn, Row, Text, register

GROUP = _("Shipments and money")
MOST_BARS = 40
SHIPMENT_CUTS: tuple[tuple[str, Text], ...] = (
    ("month", _("month")),
    ("client", _("client")),
    ("manager", _("manager")),
    ("unit", _("unit")),
    ("type", _("type of document")),
    ("group", _("product group")),
)
RECEIPT_CUTS: tuple[tuple[str, Text], ...] = (
    ("day", _("day")),
    ("month", _("month")),
    ("client", _("client")),
    ("manager", _("manager")),
    ("account", _("own account")),
)
NARROWING = (client_parameter(required=False), manager_parameter(), unit_parameter())


def register_movement_reports() -> None:
    """Declare the reports."""
    register(
        Report(
            name="shipments",
            title=_("Shipments"),
            group=GROUP,
            parameters=[
                period_parameter(),
                choice_parameter("by", _("Break down by"), SHIPMENT_CUTS),
                *NARROWING,
            ],
            columns=shipment_columns,
            rows=movements.shipment_rows,
            totals=movements.shipment_totals,
            figures=[ReportColumn("returns_share", _("Returns of sales"), Kind.PERCENT)],
            chart=_bars("net", _("Net shipments")),
            may_open=can_see_money,
            how=_(
                "Documents in the books by the day of posting, roubles with VAT. Net is sales "
                "plus returns and adjustments, which are negative; a reversed document and its "
                "mirror stand each in its own month. A document counts for who was responsible "
                "for the client on its day and for the unit of that manager at the end of the "
                "month, as in “Plan vs actual”."
            ),
        )
    )
    _register_receipts()
    _register_balance()


def _register_receipts() -> None:
    register(
        Report(
            name="receipts",
            title=_("Receipts"),
            group=GROUP,
            parameters=[
                period_parameter(),
                choice_parameter("by", _("Break down by"), RECEIPT_CUTS),
                *NARROWING,
            ],
            columns=receipt_columns,
            rows=movements.receipt_rows,
            chart=_bars("net", _("Receipts")),
            may_open=can_see_money,
            how=_(
                "Clients' money by the day on which the bank put it on our account, less what "
                "was given back; own transfers and reversed payments are left out. Money "
                "counts for who was responsible for the client on its day and for the unit of "
                "that manager at the end of the month, as in “Plan vs actual”."
            ),
        )
    )


def _register_balance() -> None:
    register(
        Report(
            name="client_balance",
            title=_("Balance of a client"),
            group=GROUP,
            parameters=[client_parameter(), period_parameter()],
            columns=balance_columns,
            rows=balance.balance_rows,
            totals=balance.balance_totals,
            figures=[
                ReportColumn("opening", _("Opening balance"), Kind.MONEY),
                ReportColumn("closing", _("Closing balance"), Kind.MONEY),
            ],
            may_open=can_see_money,
            how=_(
                "Closing = opening + debit − credit; above zero the client owes us. Shipments and"
                " refunds are debit, payments and returns credit."
            ),
        )
    )


def _by(params: Params, choices: Sequence[tuple[str, Text]]) -> list[ReportColumn]:
    """The column of what rows are put together by, with a code where there is one."""
    label = dict(choices)[params["by"]]
    kind = Kind.DATE if params["by"] == "day" else Kind.TEXT
    named = ReportColumn("name", str(label)[:1].upper() + str(label)[1:], kind, link="url")
    if params["by"] in {"client", "type", "account"}:
        return [ReportColumn("code", _("Code")), named]
    return [named]


def shipment_columns(params: Params) -> list[ReportColumn]:
    """Amounts, how many documents, share of the whole."""
    return [
        *_by(params, SHIPMENT_CUTS),
        ReportColumn("net", _("Net shipments"), Kind.MONEY, total=True),
        ReportColumn("shipped", _("Shipped"), Kind.MONEY, total=True),
        ReportColumn("returned", _("Returned"), Kind.MONEY, total=True),
        ReportColumn("adjusted", _("Adjusted"), Kind.MONEY, total=True),
        # A document may hold goods of several groups.
        ReportColumn("documents", _("Documents"), Kind.NUMBER, total=params["by"] != "group"),
        ReportColumn("share", _("Share"), Kind.PERCENT),
    ]


def receipt_columns(params: Params) -> list[ReportColumn]:
    """Amounts, how many payments, share of the whole."""
    return [
        *_by(params, RECEIPT_CUTS),
        ReportColumn("net", _("Receipts"), Kind.MONEY, total=True),
        ReportColumn("received", _("Received"), Kind.MONEY, total=True),
        ReportColumn("refunded", pgettext_lazy("money", "Given back"), Kind.MONEY, total=True),
        ReportColumn(
            "free",
            _("Left of it"),
            Kind.MONEY,
            total=True,
            help=_("Not spread over invoices and not given back"),
        ),
        ReportColumn("payments", _("Payments"), Kind.NUMBER, total=True),
        ReportColumn("share", _("Share"), Kind.PERCENT),
    ]


def balance_columns(params: Params) -> list[ReportColumn]:
    """Documents with debit and credit."""
    return [
        ReportColumn("day", _("Date"), Kind.DATE),
        ReportColumn("document", _("Document"), link="url"),
        ReportColumn("debit", _("Debit"), Kind.MONEY, total=True),
        ReportColumn("credit", _("Credit"), Kind.MONEY, total=True),
        ReportColumn("balance", _("Balance"), Kind.MONEY),
    ]


def _bars(name: str, label: Text) -> Any:
    def chart(params: Params, rows: Sequence[Row]) -> Mapping[str, Any]:
        shown, by_day = rows[:MOST_BARS], params["by"] == "day"
        return {
            "type": "bar",
            "unit": "money",
            "rows_title": gettext("Name"),
            "labels": [f"{row['name']:%d.%m}" if by_day else row["name"] for row in shown],
            "datasets": [{"label": str(label), "data": [row[name] for row in shown]}],
        }

    return chart
