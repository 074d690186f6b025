"""What meetings declare to the shared mechanisms when the app is ready."""

from django.utils.translation import gettext_lazy as _

from crm.accounts.models import DIRECTORS, HEADS
from crm.assignments.policy import WORK
from crm.assignments.registry import register_subject
from crm.files.registry import register_owner
from crm.history import name_verbs
from crm.meetings import agenda, carrying, permissions
from crm.meetings.agenda import AgendaSource
from crm.meetings.models import Meeting
from crm.meetings.telling import TITLES, remind_of_meetings
from crm.notices import kinds
from crm.shell import nav
from crm.work import periodic

ITEM = nav.NavItem(
    "meetings",
    _("Meetings"),
    "presentation",
    "meetings:list",
    nav.WORK,
    nav.EVERYBODY,
    phone=19,
    order=5,
    also=("meetings:detail", "meetings:create", "meetings:edit"),
)
VERBS = {
    "meeting.called": _("called the meeting"),
    "meeting.changed": _("changed the meeting"),
    "meeting.agenda": _("changed the agenda"),
    "meeting.minutes": _("wrote the minutes"),
    "meeting.decided": _("recorded a decision"),
    "meeting.signed": _("signed the minutes"),
    "meeting.cancelled": _("cancelled the meeting"),
}


def register_everything() -> None:
    """Called once, from AppConfig.ready()."""
    name_verbs(VERBS)
    for kind, title in TITLES.items():
        kinds.register(kind, title=title)
    WORK.whole(
        "meetings.remind_days",
        1,
        0,
        14,
        _("A meeting is reminded of before its day"),
        _("calendar days"),
    )
    register_subject("meeting", Meeting, label=_("Minutes of the meeting"))
    register_owner("meeting", Meeting, may_add=permissions.leads)
    agenda.register(
        AgendaSource(
            carrying.KEY, _("Decisions of former meetings"), find=carrying.unfinished, order=10
        )
    )
    agenda.register(
        AgendaSource(
            carrying.OVERDUE, _("Overdue assignments"), find=carrying.overdue_work, order=90
        )
    )
    _control()


def _control() -> None:
    """The rail, the `+` menu, the clock."""
    nav.register(ITEM)
    nav.register_create(
        nav.CreateItem(
            "meeting",
            _("Meeting or briefing"),
            "presentation",
            "meetings:create",
            HEADS | DIRECTORS,
        )
    )
    periodic.register(
        "remind_of_meetings",
        due=periodic.daily(7, 50),
        run=remind_of_meetings,
        label=_("Remind of meetings and of minutes to be signed"),
    )
