"""Lines of the rail and parts of the client card that claims add."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.permissions import outgoing as permissions
from clients.pages import card_tabs
from clients.pages.card_tabs import TabOfLaterApp, register_tab
from crm.shell.nav import CLAIMS, SEES_MONEY, NavItem, register


def register_outgoing_navigation() -> None:
    """Claims against clients; called once when the app is ready."""
    register(
        NavItem(
            "outgoing",
            _("Claims against clients"),
            "gavel",
            "claims:outgoing_list",
            CLAIMS,
            SEES_MONEY,
            phone=42,
            order=46,
            also=(
                "claims:outgoing_detail",
                "claims:lawsuit_",
                "claims:package_",
                "claims:key_rates",
                "claims:key_rate_",
            ),
        )
    )
    register_tab(
        TabOfLaterApp(
            "outgoing",
            pgettext_lazy("tab of a client", "Claims against the client"),
            "gavel",
            "claims:client_outgoing",
            permissions.can_see_outgoing,
            order=55,
            group=card_tabs.CLAIMS,
        )
    )
