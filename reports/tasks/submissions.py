"""What the catalogue of internal reports declares to the shared mechanisms."""

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.files.registry import register_owner
from crm.history import name_verbs
from crm.notices import kinds
from crm.shell import nav
from crm.work import periodic
from crm.work import seeds as seeding
from crm.work.registry import Group
from reports.actions.submissions import TITLES, report_deadline_reminders
from reports.models import ReportSubmission
from reports.permissions import submissions as permissions
from reports.seeds.submissions import seed_definitions

POLICY = Group(_("Internal reports"))
WORKING = _("working days")
ITEM = nav.NavItem(
    "submissions",
    _("Report calendar"),
    "calendar-due",
    "reports:submission_list",
    nav.CONTROL,
    nav.EVERYBODY,
    phone=24,
    order=61,
    also=("reports:submission_detail", "reports:report_catalogue"),
)
VERBS = {
    "report.due": _("the report fell due"),
    "report.submitted": _("handed in the report"),
    "report.accepted": _("accepted the report"),
    "report.returned": _("returned the report"),
    "report.catalogue": _("changed the catalogue of reports"),
    "report.seeded": _("set up the catalogue of reports"),
}


def count_open(user: User) -> int:
    """Reports that the person has to hand in, the number in the rail."""
    return ReportSubmission.objects.to_hand_in().filter(author=user).count()  # type: ignore[no-any-return]


def register_submissions() -> None:
    """Called once, when the app is ready."""
    name_verbs(VERBS)
    for kind, title in TITLES.items():
        kinds.register(kind, title=title)
    label = _("A report stands in the calendar before its day")
    POLICY.whole("reports.ahead_days", 10, 1, 60, label, WORKING)
    label = _("A report is reminded of before its day")
    POLICY.whole("reports.remind_days", 2, 0, 30, label, WORKING)
    register_owner("report_submission", ReportSubmission, may_add=permissions.can_add_file)
    seeding.register("catalogue of reports", seed_definitions)
    nav.register(ITEM)
    nav.register_counter("submissions", count_open)
    periodic.register(
        "report_deadline_reminders",
        due=periodic.daily(8, 50),
        run=report_deadline_reminders,
        label=_("Make internal reports that fall due and remind of them"),
    )
