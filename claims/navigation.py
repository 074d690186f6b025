"""Lines of the rail and parts of the client card that this app adds."""

from django.utils.translation import gettext_lazy as _

from crm.shell.nav import DIRECTORS, SALES, SEES_MONEY, WORK, NavItem, register

ITEMS = (
    NavItem(
        "escalations",
        _("Conflicts and escalations"),
        "stairs-up",
        "claims:escalation_list",
        WORK,
        SEES_MONEY,
        phone=50,
        order=30,
        also=("claims:escalation_detail",),
        short=_("Conflicts"),
    ),
    NavItem(
        "measures",
        _("Corrective measures"),
        "target-arrow",
        "claims:measure_list",
        WORK,
        SALES | DIRECTORS,
        phone=51,
        order=31,
        also=("claims:measure_detail",),
    ),
)


def register_navigation() -> None:
    """Declare them; called once when the app is ready."""
    for item in ITEMS:
        register(item)
