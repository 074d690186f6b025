"""Submitting, deciding and withdrawing: the approval's row is locked first, then its target."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.models import OrgUnit, User
from crm.approvals import messages, permissions, registry, routes
from crm.approvals.limits import LimitRoute, nobody_needed, steps_of
from crm.approvals.models import (
    APPROVAL_MOVES,
    STEP_MOVES,
    Approval,
    ApprovalRoute,
    ApprovalState,
    ApprovalStep,
    SkipReason,
    StepKind,
    StepState,
)
from crm.approvals.models.approvals import TITLE
from crm.approvals.registry import Decision, Handler
from crm.approvals.signers import Capacity, names_on, people_of
from crm.calendar import add_working_days
from crm.errors import AlreadyDecided, RuleViolation, StaleVersion
from crm.history import verb
from crm.said import in_each_language

Way = tuple[ApprovalRoute, list[routes.StepPreview]]
OUTCOMES: dict[str, tuple[str, str]] = {
    "approve": (StepState.APPROVED, ApprovalState.APPROVED),
    "return": (StepState.RETURNED, ApprovalState.RETURNED),
    "reject": (StepState.REJECTED, ApprovalState.REJECTED),
}


@transaction.atomic
def submit(
    target: models.Model,
    *,
    kind: str,
    by: User,
    title: str | Callable[[], str],
    org_unit: OrgUnit | None,
    today: date,
    on_behalf_of: User | None = None,
    limits: LimitRoute | None = None,
    way: Way | None = None,
) -> Approval:
    """Start the route of the kind for a record that the caller has locked and checked.

    A `title` with words of a language is given as a function: it is kept in each of them.
    With `limits` (from `limits.route_for`) the matrix says who signs. `way` is what `way_of` gives
    for the same author, unit and day: found once for many records.

    The steps are fixed now; later changes of the route do not touch them. Raises RuleViolation
    where nobody can sign a step or the record is already on its way.
    """
    handler = registry.handler(kind)
    if org_unit is None:
        raise RuleViolation(_("There is no approval route for this. Ask the administrator."))
    route, steps = way or way_of(kind, by, org_unit, today, limits)
    facts: dict[str, Any] = dict(limits.stored) if limits else {}
    if not isinstance(title, str):
        facts[TITLE] = in_each_language(title)
        title = str(facts[TITLE][settings.LANGUAGE_CODE])
    with verb(f"{kind}.submitted", by=by, on_behalf_of=on_behalf_of):
        approval = _create(
            target, route, kind=kind, by=by, title=title, org_unit=org_unit, facts=facts
        )
        ApprovalStep.objects.bulk_create(_row(approval, step) for step in steps)
        decision = Decision(approval, by, today, on_behalf_of=on_behalf_of)
        handler.on_submitted(target, decision)
        _advance(handler, target, decision, signed=False)
    return approval


def way_of(
    kind: str, by: User, org_unit: OrgUnit, today: date, limits: LimitRoute | None = None
) -> Way:
    """The route with its steps; RuleViolation where somebody is missing."""
    if limits is not None:
        steps = steps_of(limits, author=by, org_unit=org_unit, today=today)
        if nobody_needed(steps):
            raise RuleViolation(_("This is within your own limit: nobody has to be asked."))
        return limits.route, _whole(steps)
    route = routes.active_route(kind)
    steps = routes.preview(kind, author=by, org_unit=org_unit, today=today)
    if route is None or not steps:
        raise RuleViolation(_("There is no approval route for this. Ask the administrator."))
    if _whole(steps)[-1].skipped:
        raise RuleViolation(_("Nobody would be left to decide. Ask the administrator."))
    return route, steps


def _whole(steps: list[routes.StepPreview]) -> list[routes.StepPreview]:
    """The steps, if each can be signed."""
    for step in steps:
        if step.problem:
            raise RuleViolation(step.problem)
    return steps


def _create(
    target: models.Model,
    route: ApprovalRoute,
    *,
    kind: str,
    by: User,
    title: str,
    org_unit: OrgUnit,
    facts: dict[str, Any],
) -> Approval:
    try:
        with transaction.atomic():
            return Approval.objects.create(
                kind=kind,
                route=route,
                content_type=ContentType.objects.get_for_model(target),
                object_id=target.pk,
                title=title[:300],
                author=by,
                org_unit=org_unit,
                facts=facts,
                submitted_at=timezone.now(),
            )
    except IntegrityError as clash:
        if "approval_one_running_per_object" not in str(clash):
            raise
        raise RuleViolation(_("This is already on its way to a decision.")) from clash


def _row(approval: Approval, step: routes.StepPreview) -> ApprovalStep:
    return ApprovalStep(
        approval=approval,
        order=step.order,
        kind=step.kind,
        role=step.role,
        unit=step.unit,
        due_working_days=step.due_working_days,
        state=StepState.SKIPPED if step.skipped else StepState.QUEUED,
        skipped_because=step.skipped,
    )


@transaction.atomic
def decide(
    approval_id: int,
    *,
    by: User,
    decision: str,
    comment: str = "",
    version: int,
    target_version: int,
    extra: Mapping[str, Any] | None = None,
    today: date,
) -> Approval:
    """Sign the current step: approve, return for rework or reject.

    What is signed is what was shown: both versions are compared under the lock. Raises
    AlreadyDecided (who and when), StaleVersion, PermissionDenied (four eyes, not a signer) or
    RuleViolation (a refusal without a comment).
    """
    approval = locked(approval_id, by, today)
    if approval.state != ApprovalState.RUNNING or approval.version != version:
        raise AlreadyDecided(messages.already_decided(approval))
    step = permissions.waiting_step(approval)
    capacity = permissions.deciding_capacity(by, approval, today=today)
    if step is None or capacity is None:
        raise PermissionDenied(_("Somebody else decides this request."))
    handler = registry.handler(approval.kind)
    comment = comment.strip()
    _check(handler, step, decision, comment)
    target = handler.lock(approval.object_id)
    if not target.version == approval.target_version == target_version:
        raise StaleVersion(_("The request has changed since it was shown. Read it again."))
    event = Decision(approval, by, today, step, capacity.on_behalf_of, comment, dict(extra or {}))
    outcome = _outcome(step, decision)
    with verb(f"{approval.kind}.{outcome}", by=by, on_behalf_of=capacity.on_behalf_of):
        _sign(step, OUTCOMES[decision][0], event, capacity)
        if decision == "approve":
            handler.on_step_approved(target, event)
            _advance(handler, target, event, signed=True)
        else:
            close(handler, target, event, OUTCOMES[decision][1])
    return approval


def locked(approval_id: int, by: User, today: date) -> Approval:
    """The approval, locked; its steps are read after the lock, with their units."""
    visible = Approval.objects.visible_to(by, today=today)
    approval: Approval = visible.select_for_update(of=("self",)).get(pk=approval_id)
    steps = ApprovalStep.objects.select_related("unit", "decided_by", "escalated_unit")
    models.prefetch_related_objects([approval], models.Prefetch("steps", steps))
    return approval


def _check(handler: Handler, step: ApprovalStep, decision: str, comment: str) -> None:
    if decision not in handler.decisions(step.kind):
        raise RuleViolation(_("This cannot be decided at this step."))
    if decision != "approve" and not comment:
        raise RuleViolation(_("Write why, so that the author knows what to do."), field="comment")


def _outcome(step: ApprovalStep, decision: str) -> str:
    if decision == "approve" and step.kind == StepKind.VISA:
        return "endorsed"
    return str(OUTCOMES[decision][0])


def _sign(step: ApprovalStep, state: str, event: Decision, capacity: Capacity) -> None:
    if state not in STEP_MOVES[step.state]:
        raise RuleViolation(_("This step has already been decided."))
    step.state, step.comment = state, event.comment
    step.decided_by, step.on_behalf_of = event.by, capacity.on_behalf_of
    step.decided_at = timezone.now()
    step.save(update_fields=["state", "comment", "decided_by", "on_behalf_of", "decided_at"])


def _advance(handler: Handler, target: Any, event: Decision, *, signed: bool) -> None:
    """Open the next step; without one the request is approved."""
    approval = event.approval
    _skip_signed(approval)
    queued = [s for s in approval.steps.all() if s.state == StepState.QUEUED]
    if not queued:
        close(handler, target, event, ApprovalState.APPROVED)
        return
    step = queued[0]
    was_visa = event.step is None or event.step.kind == StepKind.VISA
    if step.kind != StepKind.VISA and was_visa:
        handler.on_endorsed(target, event)
    step.state = StepState.WAITING
    step.due_on = add_working_days(event.today, step.due_working_days)
    step.save(update_fields=["state", "due_on"])
    approval.target_version = target.version
    approval.version += 1 if signed else 0
    approval.save(update_fields=["target_version", "version"])
    step.approval = approval
    messages.step_waits(step, today=event.today)
    if signed:
        messages.outcome(event, "endorsed")


def _skip_signed(approval: Approval) -> None:
    """A superior who gave the visa of a late step is not asked for an own one after it."""
    steps = list(approval.steps.all())
    if not any(step.escalated_on for step in steps):
        return
    signed = names_on(steps)
    for step in steps:
        if step.state != StepState.QUEUED or step.kind != StepKind.VISA:
            continue
        step.approval = approval
        people = {person.pk for person in people_of(step)}
        if people and people <= signed:
            step.state, step.skipped_because = StepState.SKIPPED, SkipReason.SIGNED_BEFORE
            step.save(update_fields=["state", "skipped_because"])


def close(handler: Handler, target: Any, event: Decision, state: str) -> None:
    """End the approval; steps that were not reached need no signature any more."""
    approval = event.approval
    if state not in APPROVAL_MOVES[approval.state]:
        raise AlreadyDecided(messages.already_decided(approval))
    hooks = {
        ApprovalState.APPROVED: handler.on_approved,
        ApprovalState.RETURNED: handler.on_returned,
        ApprovalState.REJECTED: handler.on_rejected,
        ApprovalState.WITHDRAWN: handler.on_withdrawn,
    }
    for step in approval.steps.all():
        if step.state in {StepState.QUEUED, StepState.WAITING}:
            step.state, step.skipped_because = StepState.SKIPPED, SkipReason.CLOSED
            step.save(update_fields=["state", "skipped_because"])
    hooks[ApprovalState(state)](target, event)
    approval.state, approval.closed_at = state, timezone.now()
    approval.version += 1
    approval.target_version = target.version
    approval.save(update_fields=["state", "closed_at", "version", "target_version"])
    messages.outcome(event, state)
