"""Lines of the rail and parts of the client card that this app adds."""

from django.utils.translation import gettext_lazy as _

from claims import permissions
from claims.models import Escalation
from crm.accounts.models import User
from crm.shell.nav import DIRECTORS, SALES, SEES_MONEY, WORK, NavItem, register, register_counter

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
    register_counter("escalations", count_awaiting)


def count_awaiting(user: User) -> int:
    """Escalations that this person has to settle."""
    if not permissions.can_see_escalations(user):
        return 0
    count: int = Escalation.objects.awaiting(user).count()
    return count
