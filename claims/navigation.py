"""Lines of the rail and of the `+` menu, and the tab of the client card that claims add."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims import permissions
from claims.filters.claims import mine_of
from claims.models import Claim, Escalation
from clients.card import TabOfLaterApp, register_tab
from crm.accounts.models import Role, User
from crm.shell.nav import (
    DEALS,
    DIRECTORS,
    SALES,
    SEES_MONEY,
    WORK,
    CreateItem,
    NavItem,
    register,
    register_counter,
    register_create,
)
from deals.permissions import can_see_money

REGISTERS = SALES | {Role.DIRECTOR}


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
    _claims()


def _claims() -> None:
    register(
        NavItem(
            "claims",
            _("Claims"),
            "message-report",
            "claims:list",
            DEALS,
            SEES_MONEY | {Role.PURCHASING},
            phone=9,
            order=20,
            also=("claims:board", "claims:detail", "claims:register"),
        )
    )
    register_create(
        CreateItem(
            "claim",
            pgettext_lazy("create", "Claim"),
            "message-report",
            "claims:start",
            REGISTERS,
            dialog=True,
        )
    )
    register_counter("claims", count_to_decide)
    register_tab(
        TabOfLaterApp(
            "claims",
            _("Claims"),
            "message-report",
            "claims:client_claims",
            can_see_money,
            order=54,
        )
    )


def count_to_decide(user: User) -> int:
    """Claims that wait for the person: those looked into by it, or of its clients."""

    if not permissions.can_register_claims(user):
        return 0
    rows = Claim.objects.visible_to(user).open().filter(mine_of(user.pk))
    count: int = rows.count()
    return count


def count_awaiting(user: User) -> int:
    """Escalations that this person has to settle."""
    if not permissions.can_see_escalations(user):
        return 0
    count: int = Escalation.objects.awaiting(user).count()
    return count
