"""Payments in the left rail and in the `+` menu."""

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Role, User
from crm.shell import nav
from crm.shell.nav import DEALS, DIRECTORS, SALES, WORK, CreateItem, NavItem

KEEPERS = frozenset({Role.ACCOUNTANT})
SEES_PAYMENTS = SALES | DIRECTORS | {Role.ACCOUNTANT, Role.LAWYER}


def register_payment_nav() -> None:
    """Declare the lines."""
    nav.register(
        NavItem(
            "payment_queue",
            _("Unknown payers"),
            "user-question",
            "deals:payment_queue",
            WORK,
            KEEPERS,
            phone=2,
            order=2,
            also=("deals:payment_panel",),
        )
    )
    nav.register(
        NavItem(
            "payments",
            _("Payments"),
            "cash",
            "deals:payment_list",
            DEALS,
            SEES_PAYMENTS,
            phone=8,
            order=3,
        )
    )
    nav.register_create(
        CreateItem("payment", _("Payment"), "cash", "deals:payment_create", KEEPERS)
    )
    nav.register_counter("payment_queue", _count)


def _count(user: User) -> int:
    from deals.payment_page import count_unmatched

    return count_unmatched(user)
