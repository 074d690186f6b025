"""The order in which imported money is taken back."""

from __future__ import annotations

from collections.abc import Callable

from clients.models import Client, Counterparty
from crm.imports.journal import Journal
from deals.models import (
    Allocation,
    Contract,
    Invoice,
    Order,
    OrderLine,
    Payment,
    Proposal,
    ProposalLine,
    Shipment,
    ShipmentLine,
)

# Allocations go while what they settle is still there: their trigger gives the sums back.
ORDER = (
    *(Allocation, ShipmentLine, Invoice, Payment, Shipment, OrderLine, Order, Contract),
    *(ProposalLine, Proposal, Counterparty, Client),
)


def documents_first(journal: Journal) -> Callable[[], None]:
    """Parts before what they belong to, whatever order they were written in."""
    journal.in_order(ORDER)
    return lambda: None
