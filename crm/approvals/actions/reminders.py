"""The daily reminder of decisions that are late."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from crm.approvals import messages, registry
from crm.approvals.models import ApprovalStep
from crm.calendar import is_working_day
from crm.notices.actions import notify_many


@transaction.atomic
def remind_overdue(*, today: date) -> int:
    """Remind on working days those who can decide; the author learns when nobody can.

    One reminder per step and day, however often it runs; returns the notices written.
    """
    if not is_working_day(today):
        return 0
    steps = ApprovalStep.objects.overdue(today).select_related(
        "approval__author", "unit", "escalated_unit"
    )
    kinds = {handler.kind for handler in registry.handlers()}
    waiting = steps.filter(approval__kind__in=kinds).prefetch_related("approval__steps")
    return sum(_remind(step, today) for step in waiting.order_by("pk"))


def _remind(step: ApprovalStep, today: date) -> int:
    approval = step.approval
    people = messages.signers_today(step, today)
    return notify_many(
        people or [approval.author],
        kind=f"{approval.kind}.{'overdue' if people else 'stuck'}",
        params={"title": approval.said, "due": f"{step.due_on:%d.%m.%Y}"},
        url=approval.get_absolute_url(),
        dedupe_key=f"approval.overdue:{step.pk}:{today.isoformat()}",
    )
