"""By when a claim is answered: the contract says, else a setting (D.7)."""

from __future__ import annotations

from datetime import date

from clients.models import Client
from crm.calendar import due_date
from crm.work.registry import setting
from deals.models import Contract, ContractKind, Order, Shipment

SELLING = (ContractKind.SUPPLY, ContractKind.SALE)


def answer_due(
    client: Client, day: date, *, shipment: Shipment | None = None, order: Order | None = None
) -> date:
    """The last day for the answer to a claim that came on `day`; moved to a working day.

    By the contract of the sale, else by the newest one in force, else by the setting.
    """
    return due_by(contract_of(client, shipment=shipment, order=order), day)


def due_by(contract: Contract | None, day: date) -> date:
    """The last day by this contract; without one by the setting."""
    if contract is None:
        return due_date(day, setting("claim.answer_days"))
    days = contract.claim_response_days
    return due_date(day, days, "working" if contract.claim_day_type == "working" else "calendar")


def contract_of(
    client: Client, *, shipment: Shipment | None = None, order: Order | None = None
) -> Contract | None:
    """The contract that says by when claims of this sale are answered."""
    for document in (shipment, order):
        if document is not None and document.contract is not None:
            return document.contract  # type: ignore[no-any-return]
    rows = Contract.objects.in_force().filter(client=client, parent=None, kind__in=SELLING)
    found: Contract | None = rows.order_by("-signed_on", "-pk").first()
    return found
