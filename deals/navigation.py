"""Lines of the rail and of the `+` menu, and parts of the client card that this app adds."""

from django.utils.translation import gettext_lazy as _

from clients.pages import card_tabs
from clients.pages.card import register_strip
from clients.pages.card_tabs import TabOfLaterApp, register_tab
from crm.accounts.models import DIRECTORS, SALES, Role, User
from crm.shell.nav import (
    DEALS,
    EVERYBODY,
    GROWTH,
    MONEY,
    SEES_CLIENTS,
    SEES_MONEY,
    SETUP,
    TERMS,
    WORK,
    CreateItem,
    NavItem,
    register,
    register_counter,
    register_create,
)
from deals import permissions
from deals.models import Shipment
from deals.pages.payments import count_unmatched

ACCOUNTING = frozenset({Role.ACCOUNTANT})
SEES_ALL = DIRECTORS | {Role.ACCOUNTANT, Role.LAWYER}
ITEMS = (
    ("orders", _("Orders"), "shopping-cart", "deals:order_list", SEES_MONEY, 7, ()),
    ("shipments", _("Shipments"), "truck-delivery", "deals:shipment_list", SEES_MONEY, 31, ()),
    ("invoices", _("Invoices"), "file-invoice", "deals:invoice_list", SEES_MONEY, 32, ()),
    ("payments", _("Payments"), "cash", "deals:payment_list", SEES_MONEY, 8, ()),
    (
        "statements",
        _("Bank statements"),
        "building-bank",
        "deals:statement_list",
        SEES_ALL | {Role.ADMIN},
        33,
        ("deals:own_account_list",),
    ),
    (
        "unassigned",
        _("Without a client"),
        "file-unknown",
        "deals:unassigned_list",
        SEES_ALL,
        40,
        ("deals:shipment_assign",),
    ),
    (
        "reconciliations",
        _("Reconciliations"),
        "scale",
        "deals:reconciliation_list",
        SEES_MONEY,
        34,
        (
            "deals:reconciliation_board",
            "deals:reconciliation_detail",
            "deals:reconciliation_ask",
            "deals:schedule_list",
            "deals:schedule_detail",
            "deals:act_preview",
            "deals:act_link_revoke",
        ),
    ),
    (
        "stops",
        _("Shipping stops"),
        "hand-stop",
        "deals:stop_list",
        SEES_MONEY,
        41,
        (),
    ),
    (
        "contracts",
        _("Contracts"),
        "file-certificate",
        "deals:contract_list",
        SEES_MONEY,
        39,
        ("deals:power_list", "deals:template_list", "deals:disagreement_"),
    ),
    (
        "obligations",
        _("Obligations"),
        "checklist",
        "deals:obligation_list",
        SEES_MONEY,
        45,
        (),
    ),
    (
        "deliveries",
        _("Delivery schedules"),
        "calendar-event",
        "deals:delivery_list",
        SEES_CLIENTS,
        46,
        ("deals:delivery_client",),
    ),
    (
        "proposals",
        _("Proposals"),
        "receipt",
        "deals:proposal_list",
        SEES_MONEY,
        38,
        (),
    ),
    (
        "terms",
        _("Discounts and deferrals"),
        "discount",
        "deals:terms_list",
        SEES_MONEY,
        46,
        (),
    ),
    (
        "schemes_of_clients",
        _("Relationship schemes"),
        "heart-handshake",
        "deals:scheme_list",
        SEES_MONEY,
        48,
        (),
    ),
    (
        "retro",
        _("Retro bonuses"),
        "rosette-discount",
        "deals:retro_list",
        SEES_MONEY | {Role.MARKETER},
        48,
        ("deals:retro_accruals",),
    ),
    (
        "exceptions",
        _("Exceptions from the policy"),
        "alert-square-rounded",
        "deals:exception_list",
        SEES_MONEY,
        47,
        (),
    ),
    ("products", _("Products"), "packages", "deals:product_list", EVERYBODY, 42, ("deals:vat_",)),
    (
        "assortment",
        _("Assortment matrix"),
        "layout-grid",
        "deals:assortment_list",
        SALES | DIRECTORS | {Role.MARKETER},
        43,
        (),
    ),
    ("prices", _("Price lists"), "tags", "deals:price_list_list", SEES_MONEY, 45, ()),
    (
        "pricing_policy",
        _("Pricing policy"),
        "book-2",
        "deals:pricing_policy",
        SEES_MONEY | {Role.PURCHASING, Role.MARKETER},
        47,
        ("deals:pricing_policy_version", "deals:pricing_policy_write"),
    ),
    (
        "producers",
        _("Agreements with producers"),
        "building-factory-2",
        "deals:producer_agreement_list",
        SEES_MONEY | {Role.PURCHASING, Role.MARKETER},
        47,
        (),
    ),
    (
        "promos",
        _("Promos"),
        "discount-2",
        "deals:promo_list",
        SALES | SEES_MONEY | {Role.MARKETER},
        47,
        ("deals:promo_",),
    ),
    (
        "price_notices",
        _("Notices of new prices"),
        "speakerphone",
        "deals:price_notice_list",
        SEES_MONEY,
        46,
        ("deals:price_notice_detail",),
    ),
)
GROUP_OF = {
    **dict.fromkeys(
        (
            "contracts",
            "obligations",
            "terms",
            "schemes_of_clients",
            "retro",
            "exceptions",
            "prices",
            "pricing_policy",
            "producers",
            "price_notices",
        ),
        TERMS,
    ),
    "promos": GROWTH,
    **dict.fromkeys(
        ("invoices", "payments", "statements", "unassigned", "reconciliations", "stops"), MONEY
    ),
}
OPENS_ON = {"reconciliations": "step=now&sort=due"}  # open work, what is due first
CREATED = (
    ("payment", _("Payment"), "cash", "deals:payment_create"),
    ("shipment", _("Shipment"), "truck-delivery", "deals:shipment_create"),
)

OTHERS = (
    NavItem(
        "differences",
        _("Differences"),
        "arrows-diff",
        "deals:difference_list",
        MONEY,
        SEES_MONEY,
        phone=49,
        order=45,
        also=("deals:difference_list_of",),
    ),
    NavItem(
        "payment_queue",
        _("Unknown payers"),
        "user-question",
        "deals:payment_queue",
        WORK,
        ACCOUNTING,
        phone=2,
        order=2,
        also=("deals:payment_panel",),
        short=_("Unknown"),
    ),
    NavItem(
        "picking",
        _("Orders to deliver"),
        "package-export",
        "deals:picking_list",
        WORK,
        frozenset({Role.LOGISTICS}),
        phone=2,
        order=2,
        also=("deals:picking_detail",),
        short=_("Orders"),
    ),
    NavItem(
        "ladder",
        _("Debt follow-up"),
        "stairs-up",
        "deals:ladder",
        SETUP,
        frozenset({Role.ADMIN, Role.DIRECTOR}),
        phone=43,
        order=5,
    ),
    NavItem(
        "exchange",
        _("Exchange with 1C"),
        "plug-connected",
        "deals:exchange_key_list",
        SETUP,
        frozenset({Role.ADMIN}),
        phone=44,
        order=10,
    ),
)


def register_navigation() -> None:
    """Declare them; called once when the app is ready."""
    for order, (key, label, icon, url_name, roles, phone, also) in enumerate(ITEMS, start=10):
        group = GROUP_OF.get(key, DEALS)
        query = OPENS_ON.get(key, "")
        register(NavItem(key, label, icon, url_name, group, roles, phone, order, also, query=query))
    for item in OTHERS:
        register(item)
    for key, label, icon, url_name in CREATED:
        register_create(CreateItem(key, label, icon, url_name, ACCOUNTING))
    register_create(
        CreateItem("order", _("New order"), "shopping-cart-plus", "deals:order_create", SALES)
    )
    register_create(
        CreateItem("proposal", _("New proposal"), "receipt", "deals:proposal_create", SALES)
    )
    register_counter("unassigned", count_unassigned)
    register_counter("payment_queue", count_unmatched)
    _card()


def _card() -> None:
    """Tabs and the strip of the client card."""
    see, sales, money = permissions.can_see_money, card_tabs.SALES, card_tabs.MONEY
    contracts, acts = permissions.can_see_contracts, permissions.can_see_reconciliations
    for key, label, icon, may_open, order, group in (
        ("orders", _("Orders"), "shopping-cart", see, 49, sales),
        ("contracts", _("Contracts"), "file-certificate", contracts, 50, money),
        ("shipments", _("Shipments"), "truck-delivery", see, 50, sales),
        ("invoices", _("Invoices and payments"), "file-invoice", see, 51, money),
        ("reconciliations", _("Reconciliations"), "scale", acts, 53, money),
    ):
        register_tab(TabOfLaterApp(key, label, icon, f"deals:client_{key}", may_open, order, group))
    register_strip("deals:client_facts")


def count_unassigned(user: User) -> int:
    """Documents that wait for a client."""
    if not permissions.can_see_unassigned(user):
        return 0
    count: int = Shipment.objects.visible_to(user).counted().unassigned().count()
    return count
