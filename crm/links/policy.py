"""How often personal links may be asked for, and the clock that forgets the counts."""

from django.utils.translation import gettext_lazy as _

from crm.links.limits import forget_counts
from crm.work import periodic
from crm.work.registry import Group

LINKS = Group(_("Personal links"))
WHOLE = (
    ("window", 10, 1, 120, _("Requests by personal links are counted within"), _("minutes")),
    ("requests", 60, 5, 1000, _("Requests by one personal link, at most"), ""),
    ("ip_requests", 120, 10, 10_000, _("Requests by links from one address, at most"), ""),
    ("wrong", 20, 3, 1000, _("Wrong links from one address, at most"), ""),
)


def register_links() -> None:
    """Called once when the app is ready."""
    for name, default, least, most, label, unit in WHOLE:
        LINKS.whole(f"links.{name}", default, least, most, label, unit)
    periodic.register(
        "link_counts",
        due=periodic.daily(4, 10),
        run=forget_counts,
        label=_("Forget the counts of requests by personal links"),
    )
