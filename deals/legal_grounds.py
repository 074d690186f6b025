"""What contracts, orders and debts mean for data of people at the client (D.13)."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from clients.legal_grounds import register_ground
from deals.models import Contract, ContractState, Invoice, Order, OrderState

LIVE = (ContractState.APPROVED, ContractState.SIGNED_BY_US, ContractState.ACTIVE)
OVER = (OrderState.CLOSED, OrderState.CANCELLED)


def contracts_in_force(clients: Collection[int]) -> dict[int, str]:
    """A contract that holds or is being signed."""
    rows = Contract.objects.filter(client__in=clients, state__in=LIVE)
    return dict.fromkeys(rows.values_list("client", flat=True), _("a contract is in force"))


def debts(clients: Collection[int]) -> dict[int, str]:
    """Something is unpaid."""
    rows = Invoice.objects.unpaid().filter(client__in=clients)
    return dict.fromkeys(rows.values_list("client", flat=True), _("invoices are unpaid"))


def orders(clients: Collection[int]) -> dict[int, str]:
    """An order is on its way."""
    rows = Order.objects.filter(client__in=clients).exclude(state__in=OVER)
    return dict.fromkeys(rows.values_list("client", flat=True), _("orders are not finished"))


def register_deal_grounds() -> None:
    """Called once when the app is ready."""
    for ground in (contracts_in_force, debts, orders):
        register_ground(ground)
