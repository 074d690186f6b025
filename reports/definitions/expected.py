"""The report behind what the accounting expects to receive in a month."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.tabular import Kind
from reports import links
from reports.definitions.columns import GROUP, money
from reports.parameters import month_parameter
from reports.permissions import can_see_accounting
from reports.queries.accounting import expected_of
from reports.registry import Params, Report, ReportColumn, Row, register


def _columns(params: Params) -> Sequence[ReportColumn]:
    del params
    return [
        ReportColumn("due_on", _("Due on"), Kind.DATE),
        ReportColumn("invoice", _("Invoice"), link="url"),
        ReportColumn("client", _("Client"), link="client_url"),
        money("left", _("Outstanding")),
        money("paid", _("Paid since the month began")),
        money("expected", _("Expected")),
    ]


def _rows(user: User, params: Params) -> Iterable[Row]:
    for one in expected_of(user, params["month"]):
        yield {
            "due_on": one.invoice.due_on,
            "invoice": one.invoice.number,
            "url": one.invoice.get_absolute_url(),
            "client": one.invoice.client.name,
            "client_url": links.client_card(one.invoice.client_id),
            "left": one.left,
            "paid": one.paid,
            "expected": one.left + one.paid,
        }


def register_expected_report() -> None:
    """Declare it."""
    register(
        Report(
            name="expected_of_month",
            title=_("Receipts expected in the month"),
            group=GROUP,
            parameters=[month_parameter()],
            columns=_columns,
            rows=_rows,
            may_open=can_see_accounting,
            how=_(
                "Invoices due in the month: what was outstanding when the month began, or when "
                "they were issued in it. That is what is outstanding now and what has been paid "
                "since."
            ),
        )
    )
