"""Periodic work of corrective measures, their words and notices."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.actions.measures import tell_of_late_measures
from crm.history import name_verbs
from crm.notices import kinds
from crm.work import periodic

TITLES = {
    "measure.planned": _("A measure is yours: “%(title)s”, by %(due)s"),
    "measure.late": _("A measure is late: “%(title)s” was to be done by %(due)s"),
}
VERBS = {
    "measure.planned": _("Measure planned"),
    "measure.begun": _("Measure started"),
    "measure.done": _("Measure carried out"),
    "measure.checked": _("Effect of the measure checked"),
    "measure.given_up": _("Measure given up"),
}


def measure_deadlines(*, today: date) -> int:
    """Daily 08:45; a day gone by alerts nobody."""
    return tell_of_late_measures(today=today) if today >= timezone.localdate() else 0


def register_measures() -> None:
    """Called once when the app is ready."""
    name_verbs(VERBS)
    for kind, title in TITLES.items():
        kinds.register(kind, title=title)
    periodic.register(
        "measure_deadlines",
        due=periodic.daily(8, 45),
        run=measure_deadlines,
        label=_("Notify of corrective measures that are late"),
    )
