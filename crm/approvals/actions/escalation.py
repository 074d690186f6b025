"""A late decision goes on to the next superior, who may decide beside the signer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db import transaction
from django.db.models import Q

from crm.accounts.models import OrgUnit, Role
from crm.approvals import messages, registry
from crm.approvals.models import Approval, ApprovalState, ApprovalStep, StepKind, StepState
from crm.approvals.signers import names_on, people_of, working
from crm.calendar import add_working_days, is_working_day
from crm.history import verb
from crm.work.registry import setting

Office = tuple[str, OrgUnit | None]


def escalate_overdue(*, today: date) -> int:
    """Pass steps that are late by more than the setting on, once each; returns how many.

    Each step has a transaction of its own. Where nobody stands above, the step stays as it is.
    """
    days = setting("approvals.escalate_after")
    if not days or not is_working_day(today):
        return 0
    kinds = [handler.kind for handler in registry.handlers()]
    late = ApprovalStep.objects.overdue(today).filter(escalated_on=None, approval__kind__in=kinds)
    rows = late.order_by("pk").values_list("pk", "approval_id", "due_on")
    asked = [row for row in rows if row[2] and add_working_days(row[2], days) < today]
    return sum(_escalate(step, approval, today) for step, approval, _due in asked)


@transaction.atomic
def _escalate(step_id: int, approval_id: int, today: date) -> bool:
    """Under the lock of the approval, if the step still waits."""
    approval = Approval.objects.select_for_update(of=("self",)).get(pk=approval_id)
    step = ApprovalStep.objects.select_related("unit").get(pk=step_id)
    waits = step.state == StepState.WAITING and step.escalated_on is None
    if approval.state != ApprovalState.RUNNING or not waits:
        return False
    step.approval = approval
    found = next(_superiors(step), None)
    if found is None:
        return False
    step.escalated_role, step.escalated_unit = found
    step.escalated_on = today
    with verb(f"{approval.kind}.escalated", by=None):
        step.save(update_fields=["escalated_role", "escalated_unit", "escalated_on"])
    messages.escalated(step, today=today)
    return True


def _superiors(step: ApprovalStep) -> Iterator[Office]:
    """Offices above the signer with somebody who may decide, the nearest first.

    Whoever decides at a later step keeps free for it, because nobody signs twice.
    """
    approval = step.approval
    steps = list(approval.steps.select_related("unit"))
    barred = {approval.author_id, *names_on(steps), *_deciders(approval, steps)}
    if step.unit is not None:
        ids = [int(part) for part in step.unit.path.split("/") if part][:-1]
        units = OrgUnit.objects.filter(pk__in=ids, head__is_active=True).select_related("head")
        for unit in sorted(units, key=lambda unit: ids.index(unit.pk), reverse=True):
            if unit.head_id not in {*barred, step.unit.head_id}:
                yield "", unit
    top = (Role.DIRECTOR, Role.GENERAL_DIRECTOR)
    for role in top[top.index(Role(step.role)) + 1 :] if step.role in top else top:
        if any(person.pk not in barred for person in working(Q(role=role), approval.author_id)):
            yield role.value, None


def _deciders(approval: Approval, steps: list[ApprovalStep]) -> set[int]:
    """People without whom a later step cannot be decided."""
    found: set[int] = set()
    for step in steps:
        if step.state == StepState.QUEUED and step.kind != StepKind.VISA:
            step.approval = approval
            people = people_of(step)
            found |= {person.pk for person in people} if len(people) == 1 else set()
    return found
