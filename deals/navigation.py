"""Lines of the rail and tabs of the client card that this app adds."""

from django.utils.translation import gettext_lazy as _

from clients.card import TabOfLaterApp, register_tab
from crm.accounts.models import Role
from crm.shell.nav import (
    DEALS,
    EVERYBODY,
    SEES_MONEY,
    CreateItem,
    NavItem,
    register,
    register_create,
)
from deals.permissions import can_see_money

ACCOUNTING = frozenset({Role.ACCOUNTANT})


def register_navigation() -> None:
    """Declare them; called once when the app is ready."""
    for key, label, icon, url_name, roles, phone, order in (
        ("shipments", _("Shipments"), "truck-delivery", "deals:shipment_list", SEES_MONEY, 31, 1),
        ("invoices", _("Invoices"), "file-invoice", "deals:invoice_list", SEES_MONEY, 32, 2),
        ("products", _("Products"), "packages", "deals:product_list", EVERYBODY, 39, 9),
    ):
        register(NavItem(key, label, icon, url_name, DEALS, roles, phone=phone, order=order))
    register_create(
        CreateItem("shipment", _("Shipment"), "truck-delivery", "deals:shipment_create", ACCOUNTING)
    )
    for tab in (
        TabOfLaterApp(
            "shipments", _("Shipments"), "truck-delivery", "deals:client_shipments", can_see_money
        ),
        TabOfLaterApp(
            "invoices",
            _("Invoices and payments"),
            "file-invoice",
            "deals:client_invoices",
            can_see_money,
            order=51,
        ),
    ):
        register_tab(tab)
