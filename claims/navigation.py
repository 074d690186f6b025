"""Lines of the rail and of the `+` menu, and the tab of the client card that claims add."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims import permissions
from claims.filters.claims import mine_of
from claims.models import Claim, Escalation, Return
from clients.pages import card_tabs
from clients.pages.card_tabs import TabOfLaterApp, register_tab
from crm.accounts.models import DIRECTORS, SALES, Role, User
from crm.shell.nav import (
    CLAIMS,
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
        query="open=true&sort=due_on",
    ),
    NavItem(
        "measures",
        _("Corrective measures"),
        "target-arrow",
        "claims:measure_list",
        CLAIMS,
        SALES | DIRECTORS,
        phone=51,
        order=31,
        also=("claims:measure_detail",),
    ),
)


RETURNS = NavItem(
    "returns",
    pgettext_lazy("rail", "Returns"),
    "truck-return",
    "claims:return_list",
    CLAIMS,
    SEES_MONEY,
    phone=36,
    order=21,
    also=("claims:return_detail", "claims:return_start"),
)
RECEIVING = NavItem(
    "receiving",
    _("Returns to receive"),
    "truck-return",
    "claims:receiving_list",
    WORK,
    frozenset({Role.LOGISTICS}),
    phone=3,
    order=3,
    also=("claims:receiving_detail",),
    short=pgettext_lazy("rail", "Returns"),
)


def register_navigation() -> None:
    """Declare them; called once when the app is ready."""
    for item in ITEMS:
        register(item)
    register_counter("escalations", count_awaiting)
    _claims()
    _returns()


def _claims() -> None:
    register(
        NavItem(
            "claims",
            _("Claims"),
            "message-report",
            "claims:list",
            CLAIMS,
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
            group=card_tabs.CLAIMS,
        )
    )


def _returns() -> None:
    register(RETURNS)
    register(RECEIVING)
    register_counter("returns", count_to_credit)
    register_counter("receiving", count_to_receive)
    register_tab(
        TabOfLaterApp(
            "returns",
            pgettext_lazy("rail", "Returns"),
            "truck-return",
            "claims:client_returns",
            permissions.can_see_returns,
            order=55,
            group=card_tabs.CLAIMS,
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


def count_to_credit(user: User) -> int:
    """What waits for the accounting; others have no count."""
    if user.role != Role.ACCOUNTANT:
        return 0
    count: int = Return.objects.visible_to(user).to_credit().count()
    return count


def count_to_receive(user: User) -> int:
    """Goods that are to come or to be looked at."""
    rows = Return.objects.seen_without_sums(user)
    count: int = rows.filter(state__in=["approved", "goods_received"]).count()
    return count
