"""What target tasks declare when the app is ready: words, sentences of notices, reminders."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.history import name_verbs
from crm.notices import kinds
from crm.work import periodic
from reports.actions.targets import count_tasks, remind_of_tasks

VERBS = {
    "target.drawn_up": _("Target task drawn up"),
    "target.edited": _("Target task corrected"),
    "target.dropped": _("Target task dropped"),
    "target.set": _("Target task set"),
    "target.reported": _("Target task reported"),
    "target.accepted": _("Target task accepted"),
    "target.returned": _("Target task returned"),
    "target.closed": _("Target task closed"),
    "target.counted": _("Actual figure of the target task calculated"),
}
TITLES = {
    "target.set": _("Target tasks for %(month)s are set: %(name)s, by %(due)s"),
    "target.reported": _("Target task reported: %(name)s"),
    "target.accepted": _("Target task accepted: %(name)s"),
    "target.returned": _("Target task returned: %(name)s"),
    "target.soon": _("Report on the target task by %(due)s: %(name)s"),
    "target.late": _("The target task is not reported, its day was %(due)s: %(name)s"),
}


def register_target_parts() -> None:
    """Called once."""
    name_verbs(VERBS)
    for kind, title in TITLES.items():
        kinds.register(kind, title=title)
    periodic.register(
        "target_task_count",
        due=periodic.daily(7, 10),
        run=count_tasks,
        label=_("Count target tasks that are measured automatically"),
    )
    periodic.register(
        "target_task_reminders",
        due=periodic.daily(8, 50),
        run=remind_of_tasks,
        label=_("Remind of target tasks to be reported"),
    )
