"""Periodic work of monthly plans, their words and notices."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.history import name_verbs
from crm.notices import kinds
from crm.work import periodic
from crm.work.registry import setting
from reports.actions.plan_drafts import draft_plans
from reports.actions.plan_moves import lock_plans
from reports.actions.plan_reminders import remind_of_plans, tell_of_gaps
from reports.days.plans import following

TITLES = {
    "plan.part_returned": _("%(by)s gives the plan back: %(plan)s. %(comment)s"),
    "plan.unit_filled": _("The managers of “%(unit)s” have filled the plan: %(plan)s"),
    "plan.whole": _("All sectors have submitted the plan: %(plan)s"),
    "plan.soon": _("The plan is to be submitted by %(due)s: %(plan)s"),
    "plan.late": _("The plan was to be submitted by %(due)s: %(plan)s"),
    "plan.approval_soon": _("The plan is to be approved by %(due)s: %(plan)s"),
    "plan.approval_late": _("The plan was to be approved by %(due)s: %(plan)s"),
    "plan.gaps": _("The plan is not whole: %(plan)s, %(manager)s, clients: %(count)s"),
}
VERBS = {
    "plan.drawn_up": _("Plan drawn up"),
    "plan.clients_added": _("Clients of the plan brought up to date"),
    "plan.edited": _("Plan filled"),
    "plan.filled": _("Plan filled by the manager"),
    "plan.locked": _("Plan locked"),
    "plan.corrected": _("Correction of the plan started"),
    "plan.target_set": _("Sum of the plan set from above"),
    "plan.target_spread": _("Sum of the plan spread"),
    "plan.explained": _("Execution of the plan explained"),
    "plan.explanation_judged": _("Explanation judged"),
    "plan.imported": _("Plan filled from a file"),
}


def monthly_plan_draft(*, today: date) -> int:
    """Daily 06:00: from the day of the setting on, plans of the next month that are not there."""
    if today.day < setting("plan.draft_day"):
        return 0
    return draft_plans(month=following(today), today=today)


def plan_deadline_reminders(*, today: date) -> int:
    """Daily 09:00; a day gone by alerts nobody."""
    return remind_of_plans(today=today) if today >= timezone.localdate() else 0


def plan_completeness_check(*, today: date) -> int:
    """Daily 09:05; a day gone by alerts nobody."""
    return tell_of_gaps(today=today) if today >= timezone.localdate() else 0


def plan_lock(*, today: date) -> int:
    """Daily 00:05, so that on the first day of a month its plans are locked."""
    return lock_plans(today=today)


def register_plan_work() -> None:
    """Called once when the app is ready."""
    name_verbs(VERBS)
    for kind, title in TITLES.items():
        kinds.register(kind, title=title)
    for job, due, label in (
        (monthly_plan_draft, periodic.daily(6), _("Draw up the plans of the next month")),
        (plan_deadline_reminders, periodic.daily(9), _("Remind of the last days of plans")),
        (plan_completeness_check, periodic.daily(9, 5), _("Notify of gaps in plans")),
        (plan_lock, periodic.daily(0, 5), _("Lock approved plans")),
    ):
        periodic.register(job.__name__, due=due, run=job, label=label)
