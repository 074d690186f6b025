"""Lines of the rail for debts: stops of shipping, the ladder of follow-up."""

from django.utils.translation import gettext_lazy as _

from clients import card
from crm.accounts.models import Role
from crm.shell import nav


def register_money_nav() -> None:
    """Declare them, and the strip of money on the client card."""
    nav.register(
        nav.NavItem(
            "stops",
            _("Stops of shipping"),
            "hand-stop",
            "deals:stop_list",
            nav.DEALS,
            nav.SEES_MONEY,
            phone=40,
            order=41,
            also=("deals:credit",),
        )
    )
    nav.register(
        nav.NavItem(
            "ladder",
            _("Follow-up of debts"),
            "stairs-up",
            "deals:ladder",
            nav.SETUP,
            frozenset({Role.ADMIN, Role.DIRECTOR}),
            phone=41,
            order=5,
        )
    )
    card.register_strip("deals:credit_strip")
