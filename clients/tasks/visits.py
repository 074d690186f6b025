"""What visits of merchandisers declare when the app is ready."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients import permissions
from clients.actions.visit_plans import AGREED, WAITS, make_visit_plans
from clients.actions.visits import FILES, mark_missed_visits
from clients.guards import outlets_of_person
from clients.models import MerchandiserVisit, VisitPlan, VisitState
from clients.policy.visits import register_visit_policy
from crm.accounts import hooks
from crm.accounts.models import DIRECTORS, SALES, Role, User
from crm.files.models import AttachmentKind
from crm.files.registry import register_owner
from crm.history import name_verbs
from crm.notices import kinds
from crm.shell import nav
from crm.work import periodic

VERBS = {
    "visit.put_in": _("Visit added"),
    "visit.started": _("Visit started"),
    "visit.noted": _("Findings of the visit noted"),
    "visit.done": _("Visit done"),
    "visit.moved": _("Visit moved to another day"),
    "visit.handed_over": _("Visit went to the new merchandiser"),
    "visit.called_off": _("Visit cancelled"),
    "visit.missed": _("Visit missed"),
    "visit_plan.drawn_up": _("Month of visits planned"),
    "visit_plan.agreed": _("Month of visits approved by marketing"),
}
READERS = SALES | DIRECTORS | {Role.MARKETER}


def register_visits() -> None:
    """Called once when the app is ready."""
    register_visit_policy()
    name_verbs(VERBS)
    kinds.register(WAITS, title=_("Merchandisers' visits for %(month)s await your approval"))
    kinds.register(AGREED, title=_("Your visits for %(month)s are approved"))
    hooks.register_dismissal_guard(outlets_of_person)
    periodic.register(
        "mark_missed_visits",
        due=periodic.daily(0, 15),
        run=mark_missed_visits,
        label=_("Mark missed visits"),
    )
    periodic.register(
        "make_visit_plans",
        due=periodic.daily(5, 40),
        run=make_visit_plans,
        label=_("Plan merchandisers' visits"),
    )
    register_owner(
        FILES,
        MerchandiserVisit,
        kind=AttachmentKind.PHOTO,
        may_add=permissions.can_add_visit_photos,
        may_see=permissions.can_see_visits,
    )
    _navigation()


def _navigation() -> None:
    """The merchandiser's day, and the register with the plans."""
    nav.register(
        nav.NavItem(
            "visits_today",
            _("My visits"),
            "route",
            "clients:visit_today",
            nav.WORK,
            frozenset({Role.MERCHANDISER}),
            phone=1,
            order=1,
        )
    )
    nav.register(
        nav.NavItem(
            "visits",
            _("Merchandisers' visits"),
            "map-pin",
            "clients:visit_list",
            nav.GROWTH,
            READERS | {Role.MERCHANDISER},
            phone=52,
            order=7,
            also=("clients:visit_",),
            query="due=true",
        )
    )
    for name in ("clients:visit_plan_list", "clients:visit_plan_detail"):
        nav.register_gate(name, permissions.can_see_visit_plans)
    nav.register_counter("visits_today", count_today)
    nav.register_counter("visits", count_plans)


def count_today(user: User) -> int:
    """Visits that the merchandiser has still to make today."""
    if not permissions.makes_visits(user):
        return 0
    rows = MerchandiserVisit.objects.visible_to(user).on(timezone.localdate())
    count: int = rows.filter(state=VisitState.PLANNED).count()
    return count


def count_plans(user: User) -> int:
    """Months that wait for marketing."""
    if not permissions.agrees_visit_plans(user):
        return 0
    count: int = VisitPlan.objects.visible_to(user).filter(state="draft").count()
    return count
