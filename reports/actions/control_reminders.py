"""What the clock tells checkers: checks to be begun or completed, and those that are late."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from crm.calendar import WorkingCalendar, current
from crm.notices.actions import Told, notify_each
from crm.said import in_each_language
from crm.work.registry import setting
from reports.models import CheckState, SpotCheck


def complete_by(check: SpotCheck, days: WorkingCalendar) -> date:
    """The last day on which a check that has begun is completed in time."""
    assert check.started_at is not None
    begun = timezone.localtime(check.started_at).date()
    return days.add(begun, setting("control.complete_days"))


@transaction.atomic
def remind_of_checks(*, today: date) -> int:
    """Daily 08:50 on working days: the checker alone is told, once a day, of a planned check whose
    day has come or gone by and of one in progress on its last day and after it.

    A check is planned without notice: neither the checked nor a head learns of it here. A day gone
    by alerts nobody.
    """
    days = current()
    if today < timezone.localdate() or not days.is_working(today):
        return 0
    open_ones = SpotCheck.objects.filter(
        state__in=[CheckState.PLANNED, CheckState.IN_PROGRESS], checker__is_active=True
    )
    found = [_told(one, today, days) for one in open_ones.defer("frame").order_by("pk")]
    return notify_each([one for one in found if one is not None])


def _told(check: SpotCheck, today: date, days: WorkingCalendar) -> Told | None:
    planned = check.state == CheckState.PLANNED
    due = check.planned_on if planned else complete_by(check, days)
    if due > today:
        return None
    ahead, behind = ("to_begin", "not_begun") if planned else ("to_complete", "not_completed")
    kind = f"control.{behind if due < today else ahead}"
    question = in_each_language(lambda: check.question_label)
    params = {"number": check.number, "question": question, "due": f"{due:%d.%m.%Y}"}
    key = f"{kind}:{check.pk}:{today}"
    return Told(check.checker_id, kind, params, check.get_absolute_url(), key)
