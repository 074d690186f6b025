"""Policy of events: how many are invited at once, how long after an event its sales are counted."""

from django.utils.translation import gettext_lazy as _

from crm.work.registry import Group

EVENTS = Group(_("Events and recommendations"))
WHOLE = (
    (
        "events.effect_days",
        30,
        1,
        365,
        _("Shipments of clients that came to an event are counted for"),
        _("calendar days"),
    ),
    (
        "events.remind_days",
        3,
        0,
        60,
        _("Managers are reminded of people who have not answered an invitation; 0: never"),
        _("calendar days before"),
    ),
    ("events.most_invited", 500, 1, 5000, _("People invited to an event at once, at most"), ""),
    (
        "advice.answer_days",
        14,
        1,
        180,
        _("A recommendation waits for an answer of the client for"),
        _("calendar days"),
    ),
    (
        "competitors.stale_days",
        180,
        30,
        1500,
        _("What was learnt of a competitor is out of date after"),
        _("calendar days"),
    ),
)


def register_event_policy() -> None:
    """Declare them."""
    for name, default, least, most, label, unit in WHOLE:
        EVENTS.whole(name, default, least, most, label, unit)
