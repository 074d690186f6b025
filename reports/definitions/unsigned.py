"""Reports of what is not signed: contracts on their way, papers that did not come back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from crm.accounts.models import User
from crm.tabular import Kind
from deals.models import Contract, ShipmentDocument
from deals.permissions import can_see_contracts
from reports.definitions import parameters as ask
from reports.definitions.columns import money
from reports.definitions.contracts import GROUP
from reports.parameters import manager_parameter, unit_parameter
from reports.registry import Params, Report, ReportColumn, Row, register


def _of_unit(rows: Any, params: Params, client: str) -> Any:
    """Narrowed to a manager and a unit with those below it."""
    if params.get("manager"):
        rows = rows.filter(**{f"{client}__manager": params["manager"]})
    if params.get("unit"):
        rows = rows.filter(**{f"{client}__org_unit__path__startswith": params["unit"].path})
    return rows


def _whose(client: Any) -> dict[str, Any]:
    return {
        "client": client.name,
        "client_url": client.get_absolute_url(),
        "manager": client.manager.short_name if client.manager else "",
    }


def _signing_rows(user: User, params: Params) -> Iterable[Row]:
    today = timezone.localdate()
    rows = _of_unit(Contract.objects.visible_to(user).in_negotiation(), params, "client")
    for contract in rows.for_list().order_by("created_at", "pk"):
        since = timezone.localtime(contract.created_at).date()
        yield _whose(contract.client) | {
            "number": contract.number,
            "url": contract.get_absolute_url(),
            "kind": contract.get_kind_display(),
            "state": contract.get_state_display(),
            "negotiator": contract.negotiator.short_name if contract.negotiator else "",
            "since": since,
            "days": (today - since).days,
            "amount": contract.amount,
        }


def _original_rows(user: User, params: Params) -> Iterable[Row]:
    day = params["as_of"]
    rows = ShipmentDocument.objects.visible_to(user).out_on(day, params["days"])
    rows = _of_unit(rows, params, "shipment__client").order_by("handed_on", "pk")
    for paper in rows.select_related("shipment__client__manager"):
        yield _whose(paper.shipment.client) | {
            "number": paper.shipment.number,
            "url": paper.shipment.get_absolute_url(),
            "kind": paper.get_kind_display(),
            "handed_on": paper.handed_on,
            "days": (day - paper.handed_on).days,
            "amount": paper.shipment.amount,
        }


def register_unsigned_reports() -> None:
    """Declare the reports."""
    _register_contracts()
    _register_originals()


def _register_contracts() -> None:
    register(
        Report(
            name="contracts_unsigned",
            title=gettext_lazy("Contracts being signed"),
            group=GROUP,
            parameters=[manager_parameter(), unit_parameter()],
            columns=lambda params: [
                ReportColumn("number", gettext_lazy("Contract"), link="url"),
                ReportColumn("client", gettext_lazy("Client"), link="client_url"),
                ReportColumn("manager", gettext_lazy("Manager")),
                ReportColumn("kind", gettext_lazy("Kind")),
                ReportColumn("state", gettext_lazy("State")),
                ReportColumn("negotiator", gettext_lazy("Leads the talks")),
                ReportColumn("since", gettext_lazy("Written"), Kind.DATE),
                ReportColumn("days", gettext_lazy("Days under way"), Kind.NUMBER),
                money("amount", gettext_lazy("Amount")),
            ],
            rows=_signing_rows,
            may_open=can_see_contracts,
            how=gettext_lazy(
                "Contracts of all kinds from the draft to the second signature, as they stand now;"
                " days since they were written, calendar ones."
            ),
        )
    )


def _register_originals() -> None:
    register(
        Report(
            name="originals_not_back",
            title=gettext_lazy("Originals that did not come back"),
            group=GROUP,
            parameters=[
                ask.as_of(),
                ask.whole("days", gettext_lazy("Handed over earlier than, days ago"), 14, 3650),
                manager_parameter(),
                unit_parameter(),
            ],
            columns=lambda params: [
                ReportColumn("number", gettext_lazy("Shipment"), link="url"),
                ReportColumn("kind", gettext_lazy("Document")),
                ReportColumn("client", gettext_lazy("Client"), link="client_url"),
                ReportColumn("manager", gettext_lazy("Manager")),
                ReportColumn("handed_on", gettext_lazy("Handed over"), Kind.DATE),
                ReportColumn("days", gettext_lazy("Days at the client"), Kind.NUMBER),
                money("amount", gettext_lazy("Amount")),
            ],
            rows=_original_rows,
            may_open=can_see_contracts,
            how=gettext_lazy(
                "Papers of shipments handed over to the client more than so many calendar days"
                " before the day, and not come back signed by it."
            ),
        )
    )
