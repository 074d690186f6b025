"""What changes of prices declare: settings, periodic work, sentences of notices, files, verbs."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.files.registry import register_owner
from crm.history import name_verbs
from crm.notices import kinds
from crm.work import periodic
from crm.work.registry import Group
from deals import permissions
from deals.actions.contracts import absent
from deals.actions.price_changes import advance_changes, prepare_new_changes, tell_heads
from deals.models import PriceChangeNotice

PRICES = Group(_("Prices"))
VERBS = {
    "pricing_policy.drafted": _("Version of the pricing policy written"),
    "pricing_policy.edited": _("Draft of the pricing policy changed"),
    "pricing_policy.published": _("Version of the pricing policy published"),
    "pricing_policy.discarded": _("Draft thrown away"),
    "price_change.notices": _("Notices of new prices prepared"),
    "price_change.effective": _("New prices in force"),
    "price_notice.sent": _("Client notified of new prices"),
    "price_notice.delivered": _("Notice of new prices delivered"),
    "price_notice.failed": _("Notice of new prices not delivered"),
    "price_notice.taken_back": _("Mark of the notice taken back"),
    "price_notice.acknowledged": _("New prices acknowledged by the client"),
}
SETTINGS = (
    (
        "prices.notice_days",
        14,
        0,
        _("Clients are notified of new prices before they come in force"),
    ),
    (
        "prices.notice_history_days",
        180,
        1,
        _("Clients are notified of new prices of goods that they bought in the last"),
    ),
    (
        "prices.notice_ahead_days",
        5,
        0,
        _("My day reminds of a client to be notified of new prices ahead of the last day"),
    ),
)


def price_change_notices(*, today: date) -> int:
    """Daily 09:30: notices of changes, new prices in force; heads learn who is not told yet."""
    made = advance_changes(today=today)
    return made + (tell_heads(today) if today >= timezone.localdate() else 0)


def _may_add(user: User, notice: PriceChangeNotice) -> bool:
    return permissions.can_tell_prices(user, notice.client)


def _absent(notice: PriceChangeNotice, user: User) -> User | None:
    return absent(user, notice.client)


def register_price_changes() -> None:
    """Called once when the app is ready."""
    name_verbs(VERBS)
    for name, default, least, label in SETTINGS:
        PRICES.whole(name, default, least, 365, label, unit=_("calendar days"))
    kinds.register(
        "prices.to_tell",
        title=_("Clients not notified of new prices: too late %(late)s, due soon %(soon)s"),
    )
    _register_jobs()
    register_owner(
        "price_notice",
        PriceChangeNotice,
        may_add=_may_add,
        may_see=permissions.can_see_price_notices,
        acting_for=_absent,
    )


def _register_jobs() -> None:
    periodic.register(
        "new_price_changes",
        due=periodic.every(10),
        run=prepare_new_changes,
        label=_("Prepare the notices of prices just approved"),
    )
    periodic.register(
        "price_change_notices",
        due=periodic.daily(9, 30),
        run=price_change_notices,
        label=_("Notices of new prices, and prices in force"),
    )
