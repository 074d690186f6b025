"""What work items declare to the shared mechanisms when the app is ready."""

from django.utils.translation import gettext_lazy as _

from crm.accounts.hooks import register_dismissal_guard, register_unit_guard
from crm.assignments import permissions, tasks
from crm.assignments.guards import work_of_person, work_of_unit
from crm.assignments.models import WorkItem
from crm.assignments.pages import count_mine
from crm.assignments.policy import register_work_policy
from crm.assignments.telling import TITLES
from crm.files.registry import register_owner
from crm.history import name_verbs
from crm.notices import kinds
from crm.shell import nav
from crm.work import periodic

ITEM = nav.NavItem(
    "work",
    _("Assignments"),
    "checklist",
    "assignments:list",
    nav.WORK,
    nav.EVERYBODY,
    phone=7,
    order=4,
    also=("assignments:detail", "assignments:board", "assignments:create"),
    query="step=open",
)
CREATE = nav.CreateItem(
    "work",
    _("Assignment, request, report of a problem"),
    "checklist",
    "assignments:create",
    nav.EVERYBODY,
    dialog=True,
)
VERBS = {
    "work.entered": _("entered"),
    "work.accepted": _("accepted"),
    "work.answered": _("answered"),
    "work.action_taken": _("reported the action"),
    "work.resolved": _("found it solved"),
    "work.returned": _("returned"),
    "work.cancelled": _("withdrew"),
    "work.handed_on": _("handed on"),
    "work.postponed": _("moved to another day"),
    "work.commented": _("commented"),
}


def register_everything() -> None:
    """Called once, from AppConfig.ready()."""
    name_verbs(VERBS)
    register_work_policy()
    for kind, title in TITLES.items():
        kinds.register(kind, title=title)
    register_owner("work_item", WorkItem, may_add=permissions.can_comment)
    register_dismissal_guard(work_of_person)
    register_unit_guard(work_of_unit)
    nav.register(ITEM)
    nav.register_create(CREATE)
    nav.register_counter("work", count_mine)
    periodic.register(
        "remind_of_work",
        due=periodic.daily(8, 10),
        run=tasks.remind_of_work,
        label=_("Remind of assignments and answers that fall due"),
    )
    periodic.register(
        "overdue_actions_digest",
        due=periodic.daily(8, 50),
        run=tasks.overdue_actions_digest,
        label=_("Tell heads of overdue assignments"),
    )
