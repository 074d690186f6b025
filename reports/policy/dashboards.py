"""Policy of dashboards: whether places of managers are shown, how often the wall is refreshed,
at which hours dashboards may be sent."""

from django.utils.translation import gettext_lazy as _

from crm.work.registry import Group, Kind

DASHBOARDS = Group(_("Dashboards"))


def register_dashboard_policy() -> None:
    """Declare the settings."""
    DASHBOARDS.register(
        "dashboard.leaderboard",
        kind=Kind.BOOL,
        default=True,
        label=_("Dashboard: show the places of managers"),
    )
    DASHBOARDS.whole(
        "dashboard.wall_seconds", 60, 15, 3600, _("Dashboard on the wall: refreshed every"), _("s")
    )
    DASHBOARDS.whole(
        "dashboard.mail_from_hour", 7, 0, 23, _("Dashboard by e-mail: not before"), _("h")
    )
    DASHBOARDS.whole(
        "dashboard.mail_to_hour", 11, 0, 23, _("Dashboard by e-mail: not after"), _("h")
    )
