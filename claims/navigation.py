"""Lines of the rail and parts of the client card that this app adds."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims import permissions
from claims.models import Return
from clients.card import TabOfLaterApp, register_tab
from crm.accounts.models import Role, User
from crm.shell.nav import DEALS, SEES_MONEY, WORK, NavItem, register, register_counter

RETURNS = NavItem(
    "returns",
    pgettext_lazy("rail", "Returns"),
    "truck-return",
    "claims:return_list",
    DEALS,
    SEES_MONEY,
    phone=36,
    order=13,
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
        )
    )


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
