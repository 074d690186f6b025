"""What promos declare when the app is ready: settings, the clock, notices, words."""

from django.utils.translation import gettext_lazy as _

from crm.history import name_verbs
from crm.notices import kinds
from crm.work import periodic
from crm.work.registry import Group
from deals.actions.promo_moves import turn_promos

PROMOS = Group(_("Promos"))
VERBS = {
    "promo.drafted": _("Promo written"),
    "promo.edited": _("Promo changed"),
    "promo.running": _("Promo begun"),
    "promo.finished": _("Promo over"),
    "promo.analysed": _("Effect of the promo calculated"),
    "promo.closed": _("Promo closed"),
    "promo.cancelled": _("Promo cancelled"),
}


def register_promo_parts() -> None:
    """Called once."""
    name_verbs(VERBS)
    days = _("calendar days")
    PROMOS.whole("promo.longest_days", 186, 1, 3650, _("A promo runs for at most"), unit=days)
    PROMOS.whole(
        "promo.days_before",
        28,
        7,
        365,
        _("The usual sales before a promo are counted over"),
        help=_("Whole weeks compare best."),
        unit=days,
    )
    PROMOS.whole(
        "promo.days_after",
        14,
        1,
        365,
        _("What buyers take less of after a promo is counted over"),
        unit=days,
    )
    kinds.register(
        "promo.finished", title=_("The promo “%(promo)s” is over: count what it has brought")
    )
    periodic.register(
        "promos",
        due=periodic.daily(0, 5),
        run=turn_promos,
        label=_("Begin and end promos by their days"),
    )
