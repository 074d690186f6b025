"""Work items, entered by the actions: `work.item(cast.department_head, cast.manager, …)`."""

from datetime import timedelta

from django.utils import timezone

from crm.assignments import actions
from crm.assignments.models import GIVEN, WorkItem

TODAY = timezone.localdate()


def new(kind="assignment", **more):
    """What is wanted, valid by itself; days count from `today`."""
    today = more.pop("today", TODAY)
    values = {"kind": kind, "title": "Сверить остатки", "due_on": today + timedelta(days=10)}
    if kind not in GIVEN:
        values["feedback_due"] = today + timedelta(days=3)
    if kind == "proposal":
        values["justification"] = "Экономит час в день."
    if kind == "order":
        values |= {"order_number": "12-к", "order_on": today}
    return actions.NewWork(**values | more)


def item(author, executor=None, kind="assignment", today=TODAY, **more):
    """One entered by its author."""
    if executor is not None:
        more["executor"] = executor
    return actions.create_work(new(kind, today=today, **more), by=author, today=today)


def answered(author, executor, kind="info_request", today=TODAY, **more):
    """One with an answer, not verified yet."""
    made = item(author, executor, kind, today, **more)
    verdict = "taken" if kind == "proposal" else ""
    return actions.answer_work(
        made.pk, by=executor, version=1, text="Готово, см. файл.", verdict=verdict, today=today
    )


def done(author, executor, today=TODAY, on=None, **more):
    """One that the executor has reported as done."""
    made = item(author, executor, today=today, **more)
    return actions.report_action(
        made.pk, by=executor, version=1, text="Сделано.", today=on or today
    )


def solved(author, executor, today=TODAY, on=None, **more):
    """One that the author has found solved."""
    made = done(author, executor, today, on, **more)
    return actions.resolve_work(made.pk, by=author, version=2, today=on or today)


def fresh(made):
    """The row as it stands now."""
    return WorkItem.objects.get(pk=made.pk)
