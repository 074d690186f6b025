"""Periodic control of work: reminders before the day, the digest of what is overdue (C.6)."""

from __future__ import annotations

from collections import Counter
from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from crm.accounts.models import OrgUnit, Role, User
from crm.assignments.models import WorkItem
from crm.assignments.telling import responsible
from crm.calendar import add_working_days
from crm.notices.actions import notify, notify_many
from crm.work.registry import setting

NAMED = 8  # people whom a digest names


@transaction.atomic
def remind_of_work(*, today: date) -> int:
    """Daily 08:10: the executor before the day, both on the day after an answer was due.

    A day gone by reminds nobody.
    """
    if today < timezone.localdate():
        return 0
    last = add_working_days(today, setting("work.remind_days"))
    told = 0
    rows = WorkItem.objects.undone().select_related("unit", "author", "executor").order_by("pk")
    for item in rows.filter(due_on__gte=today, due_on__lte=last):
        told += _remind(item, {responsible(item)}, "work.due", item.due_on)
    unanswered = WorkItem.objects.unanswered().select_related("unit").order_by("pk")
    for item in unanswered.filter(feedback_due__gte=today, feedback_due__lte=last):
        told += _remind(item, {responsible(item)}, "work.answer_due", item.feedback_due)
    for item in unanswered.filter(feedback_due__lt=today):
        people = {responsible(item), item.author_id}
        told += _remind(item, people, "work.unanswered", item.feedback_due)
    return told


def _remind(item: WorkItem, people: set[int | None], kind: str, day: date | None) -> int:
    return notify_many(
        sorted(pk for pk in people if pk is not None),
        kind=kind,
        params={"what": str(item), "due": f"{day:%d.%m.%Y}"},
        url=item.get_absolute_url(),
        dedupe_key=f"{kind}:{item.pk}:{day}",
    )


@transaction.atomic
def overdue_actions_digest(*, today: date) -> int:
    """Daily 08:50: each head and director once what is overdue in the own reach, by person."""
    if today < timezone.localdate():
        return 0
    return sum(_digest(chief, today) for chief in chiefs())


def chiefs() -> list[User]:
    """Working directors and heads of open units."""
    heads = OrgUnit.objects.open().exclude(head=None).values("head")
    directors = [Role.DIRECTOR, Role.GENERAL_DIRECTOR]
    working = User.objects.working()
    found = working.filter(role__in=directors) | working.filter(pk__in=heads)
    return list(found.distinct().order_by("pk"))


def _digest(chief: User, today: date) -> int:
    rows = WorkItem.objects.visible_to(chief).overdue(today)
    late = rows.select_related("executor", "unit").only(
        "executor__last_name",
        "executor__first_name",
        "executor__middle_name",
        "executor__username",
        "unit__name",
    )
    names = Counter(item.executor.short_name if item.executor else str(item.unit) for item in late)
    if not names:
        return 0
    which = ", ".join(f"{name} {count}" for name, count in names.most_common(NAMED))
    return notify(
        chief,
        kind="work.overdue_digest",
        params={"count": sum(names.values()), "which": which},
        url=f"{reverse('assignments:list')}?step=overdue",
        dedupe_key=f"work.overdue_digest:{today}",
    )
