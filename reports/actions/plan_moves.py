"""The way of a monthly plan (C.5 no. 23): filled, submitted, sent, approved, locked, corrected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.actions.contact_plan import follow_plan
from crm.accounts.models import User
from crm.accounts.scope import acting_for
from crm.approvals import actions as approvals
from crm.errors import RuleViolation
from crm.history import verb
from crm.notices.actions import notify_many
from crm.states import move
from deals.actions.contracts import said
from reports import permissions
from reports.actions import revisions
from reports.actions.plan_locks import lock_part, lock_plan, same_version
from reports.models import (
    PART_MOVES,
    PLAN_MOVES,
    MonthlyPlan,
    PartState,
    PlanLine,
    PlanPart,
    PlanState,
)
from reports.queries.plan_gaps import gaps_of

KIND = "plan"


@transaction.atomic
def fill_part(part_id: int, *, by: User, version: int) -> PlanPart:
    """The manager says that the own lines are whole; RuleViolation while they have gaps."""
    part = lock_part(part_id, by)
    if not permissions.can_fill_part(by, part.plan, part):
        raise PermissionDenied
    same_version(part, version)
    _refuse_gaps(part.plan, [part])
    with verb("plan.filled", by=by, on_behalf_of=_for(by, part)):
        move(part, PART_MOVES, PartState.FILLED, filled_at=timezone.now(), comment="")
        _tell_heads(part)
    return part


@transaction.atomic
def submit_unit(plan_id: int, unit_id: int, *, by: User, version: int, today: date) -> MonthlyPlan:
    """The head submits all parts of a sector; with the last sector the plan is submitted.

    RuleViolation names the gaps: a plan is of every manager and every client (III.9).
    """
    plan = lock_plan(plan_id, by)
    parts = _parts(plan, unit_id)
    waiting = [part for part in parts if permissions.can_submit_part(by, plan, part)]
    if not parts or not permissions.heads_unit(by, unit_id) or not plan.is_editable:
        raise PermissionDenied
    same_version(plan, version)
    if not waiting:
        raise RuleViolation(_("This has been submitted already."))
    _refuse_gaps(plan, parts)
    with verb("plan.submitted", by=by):
        for part in waiting:
            move(
                part,
                PART_MOVES,
                PartState.SUBMITTED,
                submitted_by=by,
                submitted_at=timezone.now(),
                first_submitted_on=part.first_submitted_on or today,
                comment="",
            )
        _submitted_if_whole(plan)
    return plan


@transaction.atomic
def return_part(part_id: int, *, by: User, version: int, comment: str) -> PlanPart:
    """A head gives a manager's lines back with the reason; the manager is told."""
    part = lock_part(part_id, by)
    plan = part.plan
    if not permissions.can_return_part(by, plan, part):
        raise PermissionDenied
    same_version(part, version)
    with verb("plan.returned", by=by):
        move(part, PART_MOVES, PartState.RETURNED, comment=said(comment, "comment"))
        if plan.state == PlanState.SUBMITTED:
            move(plan, PLAN_MOVES, PlanState.RETURNED)
        _tell(
            [part.manager_id, part.org_unit.head_id],
            "plan.part_returned",
            plan,
            by,
            part=f"{part.pk}:{part.version}",
            comment=part.comment,
        )
    return part


@transaction.atomic
def send_plan(plan_id: int, *, by: User, version: int, today: date) -> MonthlyPlan:
    """The head of the department sends the whole to the director; nothing changes from then on."""
    plan = lock_plan(plan_id, by)
    if not permissions.can_send_plan(by, plan):
        raise PermissionDenied
    same_version(plan, version)
    if plan.parts.exclude(state=PartState.SUBMITTED).exists():
        raise RuleViolation(_("Not every sector has submitted its plan."))
    _refuse_gaps(plan, list(plan.parts.all()))
    approvals.submit(plan, kind=KIND, by=by, title=str(plan), org_unit=plan.org_unit, today=today)
    return plan


def approved(plan: MonthlyPlan, *, by: User, today: date) -> None:
    """on approval → approved; the former revision is superseded, the contact plan follows.

    A plan whose month has begun is locked at once: nothing waits for the clock.
    """
    revisions.approved(plan, by=by)
    lines = plan.lines.filter(contacts__isnull=False).values_list(
        "client_id", "manager_id", "contacts"
    )
    follow_plan(plan.month, {client: (who, count) for client, who, count in lines}, by=by)
    if plan.month <= today:
        move(plan, PLAN_MOVES, PlanState.LOCKED)


@transaction.atomic
def lock_plans(*, today: date) -> int:
    """Daily: approved plans whose month has begun are locked; how many."""
    rows = MonthlyPlan.objects.to_lock(today).select_for_update(of=("self",)).order_by("pk")
    count = 0
    with verb("plan.locked", by=None):
        for plan in rows:
            move(plan, PLAN_MOVES, PlanState.LOCKED)
            count += 1
    return count


@transaction.atomic
def correct_plan(plan_id: int, *, by: User, version: int, comment: str) -> MonthlyPlan:
    """Begin the next revision of a plan in force, with its lines; the old one holds until the
    director approves the new one. RuleViolation while another revision is being made."""
    plan = lock_plan(plan_id, by)
    if not permissions.can_correct_plan(by, plan):
        raise PermissionDenied
    same_version(plan, version)
    with verb("plan.corrected", by=by):
        days = {"submit_by": plan.submit_by, "approve_by": plan.approve_by}
        made: MonthlyPlan = revisions.next_revision(
            plan, by=by, comment=comment, state=PlanState.SUBMITTED, **days
        )
        PlanPart.objects.bulk_create(_copied(plan.parts.all(), made))
        lines = list(_copied(plan.lines.all(), made))
        for line in lines:
            line.version = 1
        PlanLine.objects.bulk_create(lines, batch_size=2000)
    return made


def _copied(rows: Iterable[Any], plan: MonthlyPlan) -> Iterator[Any]:
    for row in rows:
        row.pk, row.plan = None, plan
        row._state.adding = True
        yield row


def _parts(plan: MonthlyPlan, unit_id: int) -> list[PlanPart]:
    rows = plan.parts.filter(org_unit=unit_id).select_for_update(of=("self",))
    return list(rows.order_by("pk"))


def _refuse_gaps(plan: MonthlyPlan, parts: list[PlanPart]) -> None:
    """Every client of these managers has all four metrics; else RuleViolation with how many."""
    wanted = {(part.org_unit_id, part.manager_id) for part in parts}
    missing = [gap for gap in gaps_of(plan) if (gap.unit_id, gap.manager_id) in wanted]
    if missing:
        text = _("The plan is not whole: %(count)s clients lack something, the first is %(first)s.")
        raise RuleViolation(text % {"count": len(missing), "first": missing[0].client})


def _submitted_if_whole(plan: MonthlyPlan) -> None:
    if plan.state == PlanState.SUBMITTED or plan.parts.exclude(state="submitted").exists():
        plan.version += 1
        plan.save(update_fields=["version"])
        return
    move(plan, PLAN_MOVES, PlanState.SUBMITTED)
    _tell([plan.org_unit.head_id], "plan.whole", plan, None)


def _for(by: User, part: PlanPart) -> User | None:
    return acting_for(by, manager_id=part.manager_id, unit_id=part.org_unit_id)


def _tell_heads(part: PlanPart) -> None:
    waiting = part.plan.parts.filter(org_unit=part.org_unit_id, state__in=["open", "returned"])
    if not waiting.exists():
        _tell([part.org_unit.head_id], "plan.unit_filled", part.plan, None, unit=str(part.org_unit))


def _tell(
    people: Iterable[int | None], kind: str, plan: MonthlyPlan, by: User | None, **more: str
) -> None:
    told = {pk for pk in people if pk is not None and (by is None or pk != by.pk)}
    params = {"plan": str(plan), "by": str(by or ""), "comment": "", "unit": ""} | more
    key = f"{kind}:{plan.pk}:{plan.version}:{more.get('part') or more.get('unit', '')}"
    notify_many(
        sorted(told), kind=kind, dedupe_key=key[:200], url=plan.get_absolute_url(), params=params
    )
