"""Periodic work of escalations (C.6 no. `escalation_autofiasco`), their words and notices."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.actions.escalations import pass_over_late, remind_late
from crm.history import name_verbs
from crm.notices import kinds
from crm.work import periodic

TITLES = {
    "escalation.opened": _("%(client)s: settle “%(subject)s” by %(due)s"),
    "escalation.personally": _("%(client)s: settle “%(subject)s” in person by %(due)s"),
    "escalation.went_up": _("%(client)s: “%(subject)s” went up to %(person)s"),
    "escalation.late": _("%(client)s: “%(subject)s” was to be settled by %(due)s"),
    "escalation.settled": _("%(client)s: “%(subject)s” is settled. %(outcome)s"),
}
VERBS = {
    "escalation.opened": _("Handed up"),
    "escalation.taken_up": _("Taken up"),
    "escalation.settled": _("Settled"),
    "escalation.fiasco": _("Came to nothing, handed higher"),
    "escalation.time_ran_out": _("Time ran out, handed higher"),
}


def escalation_autofiasco(*, today: date) -> int:
    """Hourly: what a sector head has not settled in time goes to the department head (ESC-1).

    An outage of days hands each one up once, on the day when somebody can act again.
    """
    if today < timezone.localdate():
        return 0
    return pass_over_late(today=today) + remind_late(today=today)


def register_escalations() -> None:
    """Called once when the app is ready."""
    name_verbs(VERBS)
    for kind, title in TITLES.items():
        kinds.register(kind, title=title)
    periodic.register(
        "escalation_autofiasco",
        due=periodic.hourly(5),
        run=escalation_autofiasco,
        label=_("Hand up what was not settled on time"),
    )
