"""What control declares to the shared mechanisms."""

from django.utils.translation import gettext_lazy as _

from crm.accounts.hooks import register_dismissal_guard
from crm.accounts.models import DIRECTORS, SALES, User
from crm.assignments.registry import register_subject
from crm.files.registry import register_owner
from crm.history import name_verbs
from crm.notices import kinds
from crm.shell import nav
from crm.work import periodic
from crm.work import seeds as seeding
from reports.actions import distribution_deadlines
from reports.actions.control_reminders import remind_of_checks
from reports.actions.control_telling import TITLES
from reports.actions.distribution_deadlines import tell_of_undistributed
from reports.guards import checks_of_person, parts_of_person
from reports.models import SpotCheck, SpotCheckItem
from reports.permissions import control as permissions
from reports.policy.control import register_control_policy
from reports.sampling.sources import register_sources
from reports.seeds.control import seed_control_points

CONTROLLED = SALES | DIRECTORS
ITEMS = (
    nav.NavItem(
        "control",
        _("Checks"),
        "zoom-check",
        "reports:check_list",
        nav.CONTROL,
        CONTROLLED,
        phone=23,
        order=34,
        also=(
            "reports:check_detail",
            "reports:check_item",
            "reports:control_points",
            "reports:violation_list",
        ),
    ),
)
VERBS = {
    "control.seeded": _("set up the control points"),
    "control.changed": _("changed the control point"),
    "control.planned": _("planned the check"),
    "control.started": _("began the check"),
    "control.marked": _("marked the row"),
    "control.completed": _("completed the check"),
    "control.called_off": _("called the check off"),
}


def register_control() -> None:
    """Called once, when the app is ready."""
    name_verbs(VERBS)
    register_control_policy()
    register_sources()
    for kind, title in {**TITLES, **distribution_deadlines.TITLES}.items():
        kinds.register(kind, title=title)
    register_subject("spot_check", SpotCheck, label=_("Spot check"))
    register_owner("spot_check_item", SpotCheckItem, may_add=_may_add)
    seeding.register("control points", seed_control_points)
    periodic.register(
        "spot_check_reminders",
        due=periodic.daily(8, 50),
        run=remind_of_checks,
        label=_("Remind checkers of checks to be started and completed"),
    )
    periodic.register(
        "distribution_deadlines",
        due=periodic.daily(10),
        run=tell_of_undistributed,
        label=_("Notify heads of clients without a responsible manager"),
    )
    register_dismissal_guard(parts_of_person)
    register_dismissal_guard(checks_of_person)
    for item in ITEMS:
        nav.register(item)


def _may_add(user: User, item: SpotCheckItem) -> bool:
    return permissions.can_mark(user, item.spot_check)
