"""Reports of contracts: those that end, and what departments owe by them."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.tabular import Kind
from deals.models import Contract
from deals.packages import waiting_invoices
from deals.permissions import can_see_contracts
from reports.definitions import parameters as ask
from reports.definitions.columns import money
from reports.parameters import manager_parameter, unit_parameter
from reports.registry import Params, Report, ReportColumn, Row, register

GROUP = gettext_lazy("Contracts")


def _ending_rows(user: User, params: Params) -> Iterable[Row]:
    rows = Contract.objects.visible_to(user).ending(params["as_of"], params["days"])
    if params.get("manager"):
        rows = rows.filter(client__manager=params["manager"])
    if params.get("unit"):
        rows = rows.filter(client__org_unit__path__startswith=params["unit"].path)
    for contract in rows.for_list().order_by("ends_on", "pk"):
        client, manager = contract.client, contract.client.manager
        yield {
            "number": contract.number,
            "url": contract.get_absolute_url(),
            "client": client.name,
            "client_url": client.get_absolute_url(),
            "manager": manager.short_name if manager else "",
            "kind": contract.get_kind_display(),
            "ends_on": contract.ends_on,
            "days_left": (contract.ends_on - params["as_of"]).days if contract.ends_on else None,
            "renews": _("renews automatically") if contract.auto_renew else "",
            "amount": contract.amount,
        }


def _waiting_rows(user: User, params: Params) -> Iterable[Row]:
    for row in waiting_invoices(user, params["as_of"]):
        client, manager = row.invoice.client, row.invoice.client.manager
        yield {
            "number": row.invoice.number,
            "url": row.invoice.get_absolute_url(),
            "client": client.name,
            "client_url": client.get_absolute_url(),
            "manager": manager.short_name if manager else "",
            "paid_on": row.invoice.settled_on,
            "deadline": row.deadline,
            "late": _("late") if row.late else "",
            "amount": row.invoice.amount,
        }


def _register_documents() -> None:
    register(
        Report(
            name="paid_without_documents",
            title=gettext_lazy("Paid, documents not made"),
            group=GROUP,
            parameters=[ask.as_of()],
            columns=lambda params: [
                ReportColumn("number", gettext_lazy("Invoice"), link="url"),
                ReportColumn("client", gettext_lazy("Client"), link="client_url"),
                ReportColumn("manager", gettext_lazy("Manager")),
                ReportColumn("paid_on", gettext_lazy("Paid"), Kind.DATE),
                ReportColumn("deadline", gettext_lazy("Documents by"), Kind.DATE),
                ReportColumn("late", gettext_lazy("On time")),
                money("amount", gettext_lazy("Amount")),
            ],
            rows=_waiting_rows,
            may_open=can_see_contracts,
            how=gettext_lazy(
                "Advances paid in full by the day for which no goods have been posted: those of"
                " their order, or without an order any sale to the client since the payment. The"
                " documents are due within the working days of the setting."
            ),
        )
    )


def register_contract_reports() -> None:
    """Declare the reports."""
    _register_documents()
    register(
        Report(
            name="contracts_expiring",
            title=gettext_lazy("Contracts expiring"),
            group=GROUP,
            parameters=[
                ask.as_of(),
                ask.whole("days", gettext_lazy("Ends within, days"), 60, 3650),
                manager_parameter(),
                unit_parameter(),
            ],
            columns=lambda params: [
                ReportColumn("number", gettext_lazy("Contract"), link="url"),
                ReportColumn("client", gettext_lazy("Client"), link="client_url"),
                ReportColumn("manager", gettext_lazy("Manager")),
                ReportColumn("kind", gettext_lazy("Kind")),
                ReportColumn("ends_on", gettext_lazy("Ends"), Kind.DATE),
                ReportColumn("days_left", gettext_lazy("Days left"), Kind.NUMBER),
                ReportColumn("renews", gettext_lazy("What then")),
                money("amount", gettext_lazy("Amount")),
            ],
            rows=_ending_rows,
            may_open=can_see_contracts,
            how=gettext_lazy(
                "Contracts in force on the day whose last day comes within so many calendar days."
            ),
        )
    )
