"""The days of a monthly plan (CAL-3): internal terms move back to a working day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from crm import calendar
from crm.accounts.models import OrgUnit
from crm.work.registry import setting


@dataclass(frozen=True)
class PlanDays:
    """By when the plan of a month is submitted by the sectors and approved by the director."""

    submit_by: date
    approve_by: date


def days_of_plan(month: date, unit: OrgUnit | None = None) -> PlanDays:
    """The 25th of the month before moved back to a working day, and its last working day."""
    before = previous(month)
    last = calendar.last_working_day(before.year, before.month)
    earlier = setting("plan.approve_before", unit=unit)
    return PlanDays(
        calendar.internal_deadline(
            before.year, before.month, setting("plan.submit_day", unit=unit)
        ),
        calendar.add_working_days(last, -earlier) if earlier else last,
    )


def first_of(day: date) -> date:
    """The first day of the month."""
    return day.replace(day=1)


def previous(day: date) -> date:
    """The first day of the month before."""
    return calendar.month_start(day, -1)


def following(day: date) -> date:
    """The first day of the next month."""
    return calendar.month_start(day, 1)


def months_before(day: date, count: int) -> list[date]:
    """The full months before the day's month, oldest first."""
    return [calendar.month_start(day, -away) for away in range(count, 0, -1)]
