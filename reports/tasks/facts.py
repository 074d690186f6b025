"""The clock of the facts (C.6): hourly what changed, nightly what is open, then the closing."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from crm.history import name_verbs
from crm.work import periodic
from reports.actions.incentive_drafts import month_end_close
from reports.actions.rollup import count_changes, count_open

HOUR = 60  # minutes


def monthly_plan_rollup(*, today: date) -> int:
    """Every hour: the months that documents have changed."""
    return count_changes(today=today).changed


def monthly_plan_rollup_full(*, today: date) -> int:
    """At 02:00: the months that are open, from the documents."""
    return count_open(today=today).changed


def register_fact_jobs() -> None:
    """Called once."""
    name_verbs({"month.closed": _("Month closed")})
    periodic.register(
        "monthly_plan_rollup",
        due=periodic.every(HOUR),
        run=monthly_plan_rollup,
        label=_("Calculate the actual figures that have changed"),
    )
    periodic.register(
        "monthly_plan_rollup_full",
        due=periodic.daily(2),
        run=monthly_plan_rollup_full,
        label=_("Calculate the actual figures of the open months"),
    )
    periodic.register(
        "month_end_close",
        due=periodic.daily(7),
        run=month_end_close,
        label=_("Close the month on the first working day of the next one, draft sheets"),
    )
