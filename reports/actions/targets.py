"""Target tasks: drawn up, set together by weight, reported with evidence, accepted (RP-03)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.money import format_percent
from crm.notices.actions import notify
from crm.states import move
from deals.actions.contracts import said
from reports import permissions
from reports.models import TARGET_MOVES, TargetState, TargetTask
from reports.parameters import month_start
from reports.queries.target_measures import UNIT, count_of

WHOLE = Decimal(100)
SOON_DAYS = 3


@dataclass(frozen=True)
class Task:
    """What is to be reached: how it is measured, by which day, how much it weighs."""

    name: str
    weight: Decimal
    plan: Decimal
    unit: str
    due_on: date
    measure: str = ""

    @property
    def values(self) -> dict[str, Any]:
        """The columns; what is counted by itself is counted in per cent."""
        return {**vars(self), "unit": UNIT if self.measure else self.unit}


@transaction.atomic
def draw_up_task(
    owner_id: int, month: date, task: Task, *, by: User, today: date, key: UUID | None = None
) -> TargetTask:
    """A draft for the owner; it is seen by the owner once all of the month are set.

    Raises RuleViolation for a month gone by and for a day before the month.
    """
    made = TargetTask.objects.filter(idempotency_key=key).first() if key else None
    if made is not None:
        return made
    owner = _owner(owner_id, by)
    _check(month, task, today)
    row = TargetTask(
        owner=owner,
        org_unit=owner.org_unit,
        month=month_start(month),
        created_by=by,
        idempotency_key=key,
        **task.values,
    )
    with verb("target.drawn_up", by=by):
        row.save(force_insert=True)
    return row


@transaction.atomic
def edit_task(task_id: int, task: Task, *, by: User, version: int, today: date) -> TargetTask:
    """Correct a draft."""
    row = _of_setter(task_id, by, version)
    if row.state != TargetState.DRAFT:
        raise RuleViolation(_("A task that was set does not change."))
    _check(row.month, task, today)
    for name, value in task.values.items():
        setattr(row, name, value)
    row.version += 1
    with verb("target.edited", by=by):
        row.save(update_fields=[*task.values, "version"])
    return row


@transaction.atomic
def drop_task(task_id: int, *, by: User, version: int) -> TargetTask:
    """A draft comes to nothing."""
    row = _of_setter(task_id, by, version)
    with verb("target.dropped", by=by):
        move(row, TARGET_MOVES, TargetState.DROPPED)
    return row


@transaction.atomic
def set_tasks(task_id: int, *, by: User, version: int) -> list[TargetTask]:
    """Set all drafts of the owner and month of this one; the owner is told.

    Raises RuleViolation unless the weights, with those that are set already, are 100 together.
    """
    row = _of_setter(task_id, by, version)
    # Of two who set tasks of one person the second waits, and then sees what the first has set.
    User.objects.select_for_update(of=("self",)).get(pk=row.owner_id)
    rows = TargetTask.objects.of_month(row.month).filter(owner=row.owner_id)
    drafts = list(rows.filter(state="draft").select_for_update(of=("self",)).order_by("pk"))
    if not drafts:
        raise RuleViolation(_("There is nothing to be set."))
    weights = sum((one.weight for one in drafts), Decimal(0))
    weights += rows.counted().aggregate(sum=Sum("weight"))["sum"] or 0
    if weights != WHOLE:
        text = _("The weights of the month are %(sum)s together; they are to be 100 %%.")
        raise RuleViolation(text % {"sum": format_percent(weights)})
    now = timezone.now()
    with verb("target.set", by=by):
        for one in drafts:
            move(one, TARGET_MOVES, TargetState.SET, set_by=by, set_at=now)
    for one in drafts:
        _count(one)
    first = drafts[0]
    _tell(first, "target.set", to=first.owner_id, more=f":{len(drafts)}")
    return drafts


@transaction.atomic
def report_task(
    task_id: int, *, by: User, version: int, evidence: str, fact: Decimal | None = None
) -> TargetTask:
    """The owner says what was reached and what proves it; who set the task is told.

    The fact of a task with a measure is counted anew and stands before the owner's words.
    """
    row = _locked(task_id, by, version)
    if by.pk != row.owner_id:
        raise PermissionDenied
    told, counted = said(evidence, "evidence"), count_of(row)
    if counted is not None:
        if row.state == TargetState.SET:
            raise RuleViolation(_("This is calculated automatically."))
        return _report(row, counted.fact, counted.text + f"\n{told}", by=by)
    if fact is None or fact < 0:
        raise RuleViolation(_("Not below zero."), field="fact")
    return _report(row, fact, told, by=by)


@transaction.atomic
def count_tasks(*, today: date) -> int:
    """Count the facts of tasks with a measure; those whose day is over are reported by it.

    Twice on a day changes nothing; after an outage the days gone by are reported as they stood on
    their last day, as far as what is counted still says so. How many were changed.
    """
    rows = TargetTask.objects.to_count().select_related("owner").select_for_update(of=("self",))
    changed = 0
    for row in rows.order_by("pk"):
        counted = count_of(row)
        if counted is not None and row.due_on < today:
            _report(row, counted.fact, counted.text, by=None)
            changed += 1
        else:
            changed += _count(row)
    return changed


def _count(row: TargetTask) -> bool:
    """Write what the measure of the task gives, where it has become something else."""
    found = count_of(row)
    if found is None or (found.fact, found.text) == (row.fact, row.evidence):
        return False
    row.fact, row.evidence = found.fact, found.text
    row.version += 1
    with verb("target.counted", by=None):
        row.save(update_fields=["fact", "evidence", "version"])
    return True


def _report(row: TargetTask, fact: Decimal, evidence: str, *, by: User | None) -> TargetTask:
    with verb("target.reported", by=by):
        now = timezone.now()
        state = TargetState.REPORTED
        move(row, TARGET_MOVES, state, fact=fact, evidence=evidence, reported_at=now)
    assert row.set_by_id is not None
    _tell(row, "target.reported", to=row.set_by_id)
    return row


@transaction.atomic
def accept_task(task_id: int, *, by: User, version: int, comment: str = "") -> TargetTask:
    """What was reported counts; never by the owner."""
    return _judge(task_id, TargetState.ACCEPTED, by=by, version=version, comment=comment)


@transaction.atomic
def return_task(task_id: int, *, by: User, version: int, comment: str) -> TargetTask:
    """What was reported is to be told anew, and why."""
    said(comment, "comment")
    return _judge(task_id, TargetState.RETURNED, by=by, version=version, comment=comment)


def _judge(task_id: int, state: str, *, by: User, version: int, comment: str) -> TargetTask:
    row = _of_setter(task_id, by, version)
    name = "target.accepted" if state == TargetState.ACCEPTED else "target.returned"
    with verb(name, by=by):
        now = timezone.now()
        move(row, TARGET_MOVES, state, comment=comment.strip(), decided_by=by, decided_at=now)
    _tell(row, name, to=row.owner_id)
    return row


def close_tasks(month: date) -> int:
    """With the month its accepted tasks are closed; how many."""
    rows = TargetTask.objects.of_month(month).filter(state=TargetState.ACCEPTED)
    closed = list(rows.select_for_update(of=("self",)).order_by("pk"))
    with verb("target.closed", by=None):
        for row in closed:
            move(row, TARGET_MOVES, TargetState.CLOSED)
    return len(closed)


@transaction.atomic
def remind_of_tasks(*, today: date) -> int:
    """Owners of tasks whose day is near or gone and nothing is reported; once for each."""
    rows = TargetTask.objects.to_report().filter(due_on__lte=today + timedelta(days=SOON_DAYS))
    told = 0
    for row in rows.filter(owner__is_active=True).order_by("pk"):
        step = "late" if row.due_on < today else "soon"
        told += notify(
            row.owner_id,
            kind=f"target.{step}",
            params=_params(row),
            url=row.get_absolute_url(),
            dedupe_key=f"target:{row.pk}:{row.due_on}:{step}",
        )
    return told


def _tell(row: TargetTask, kind: str, *, to: int, more: str = "") -> None:
    notify(
        to,
        kind=kind,
        params=_params(row),
        url=row.get_absolute_url(),
        dedupe_key=f"{kind}:{row.pk}:{row.version}{more}",
    )


def _params(row: TargetTask) -> dict[str, str]:
    return {"name": row.name, "month": f"{row.month:%m.%Y}", "due": f"{row.due_on:%d.%m.%Y}"}


def _owner(owner_id: int, by: User) -> User:
    owner = User.objects.select_related("org_unit").get(pk=owner_id)
    if not permissions.can_set_tasks_of(by, owner):
        raise PermissionDenied
    return owner


def _check(month: date, task: Task, today: date) -> None:
    if month_start(month) < month_start(today):
        raise RuleViolation(_("The month is over."), field="month")
    if task.due_on < month_start(month):
        raise RuleViolation(_("Not before the month."), field="due_on")
    if not 0 < task.weight <= WHOLE:
        raise RuleViolation(_("Above zero, 100 at most."), field="weight")
    if task.plan <= 0:
        raise RuleViolation(_("Above zero."), field="plan")
    if task.measure and task.plan > WHOLE:
        raise RuleViolation(_("Above zero, 100 at most."), field="plan")


def _of_setter(task_id: int, by: User, version: int) -> TargetTask:
    row = _locked(task_id, by, version)
    if not permissions.can_set_tasks_of(by, row.owner):
        raise PermissionDenied
    return row


def _locked(task_id: int, by: User, version: int) -> TargetTask:
    rows = TargetTask.objects.visible_to(by).select_for_update(of=("self",))
    row: TargetTask = rows.select_related("owner").get(pk=task_id)
    if row.version != version:
        raise StaleVersion(of=row)
    return row
