"""Reports of contracts: those that end, and what departments owe by them."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.tabular import Kind
from deals.models import Contract
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
            "renews": _("prolongs itself") if contract.auto_renew else "",
            "amount": contract.amount,
        }


def register_contract_reports() -> None:
    """Declare the reports."""
    register(
        Report(
            name="contracts_expiring",
            title=gettext_lazy("Contracts that end"),
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
