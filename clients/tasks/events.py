"""What events, competitors and recommendations declare: settings, words, rail, tab of the card."""

from django.utils.translation import gettext_lazy as _

from clients.actions.event_reminders import ASK, NOTE, remind_of_events
from clients.pages.card_tabs import TabOfLaterApp, register_tab
from clients.permissions import sees_all_fields
from clients.policy.events import register_event_policy
from clients.querysets.competitors import READERS
from crm.accounts.models import DIRECTORS, SALES, Role
from crm.history import name_verbs
from crm.notices import kinds
from crm.shell import nav
from crm.work import periodic

VERBS = {
    "event.created": _("Event added"),
    "event.changed": _("Event changed"),
    "event.cancelled": _("Event called off"),
    "event.invited": _("People of clients invited"),
    "event.confirmed": _("Agreement to come noted"),
    "event.declined": _("Noted that they are not coming"),
    "event.attended": _("Attendance noted"),
    "event.no_show": _("Absence noted"),
    "competitor.created": _("Competitor added"),
    "competitor.changed": _("Competitor changed"),
    "competitor.archived": _("Competitor put into the archive"),
    "competitor.restored": _("Competitor brought back"),
    "competitor.noted": _("Noted what was learnt of a competitor"),
    "competitor.note_changed": _("Note on a competitor changed"),
    "advice.given": _("Recommendation given"),
    "advice.changed": _("Recommendation changed"),
    "advice.accepted": _("Recommendation accepted by the client"),
    "advice.refused": _("Recommendation declined by the client"),
    "advice.done": _("Recommendation put into practice"),
}


TITLES = {
    ASK: _("%(event)s, %(day)s: %(count)s of your invited people have not answered"),
    NOTE: _("%(event)s, %(day)s: note who came, %(count)s of your people are open"),
}
SEES_EVENTS = SALES | DIRECTORS | {Role.MARKETER, Role.ACCOUNTANT, Role.LAWYER}
LINES = (
    nav.NavItem(
        "events",
        _("Events"),
        "calendar-event",
        "clients:event_list",
        nav.GROWTH,
        SEES_EVENTS,
        phone=53,
        order=7,
        also=("clients:event_detail", "clients:event_create"),
    ),
    nav.NavItem(
        "competitors",
        _("Competitors"),
        "swords",
        "clients:competitor_list",
        nav.GROWTH,
        frozenset(READERS),
        phone=54,
        order=8,
        also=("clients:competitor_detail", "clients:competitor_create"),
    ),
    nav.NavItem(
        "recommendations",
        _("Recommendations"),
        "bulb",
        "clients:recommendation_list",
        nav.GROWTH,
        nav.SEES_MONEY,
        phone=55,
        order=9,
    ),
)


def register_events() -> None:
    """Called once when the app is ready."""
    register_event_policy()
    name_verbs(VERBS)
    for kind, title in TITLES.items():
        kinds.register(kind, title=title)
    periodic.register(
        "remind_of_events",
        due=periodic.daily(9, 5),
        run=remind_of_events,
        label=_("Remind managers of invitations to events"),
    )
    for line in LINES:
        nav.register(line)
    register_tab(
        TabOfLaterApp(
            "advice",
            _("Recommendations and market"),
            "bulb",
            "clients:recommendation_tab",
            sees_all_fields,
            order=49,
        )
    )
