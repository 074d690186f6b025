"""Who may do what with approvals and their routes (C.9)."""

from datetime import date

from crm.accounts.models import Role, User
from crm.approvals import registry
from crm.approvals.models import Approval, ApprovalState, ApprovalStep, StepState
from crm.approvals.signers import Capacity, capacity


def can_see_routes(user: User) -> bool:
    """Routes are policy: directors read them, the administrator edits them."""
    return user.is_active and user.role in {Role.ADMIN, Role.DIRECTOR, Role.GENERAL_DIRECTOR}


def can_edit_routes(user: User) -> bool:
    """The administrator (C.9: users, settings, calendar)."""
    return user.is_active and user.role == Role.ADMIN


def waiting_step(approval: Approval) -> ApprovalStep | None:
    """The step whose turn it is."""
    return next((s for s in approval.steps.all() if s.state == StepState.WAITING), None)


def deciding_capacity(user: User, approval: Approval, *, today: date) -> Capacity | None:
    """In whose name the person may decide the current step; None means not at all."""
    step = waiting_step(approval)
    if step is None or approval.state != ApprovalState.RUNNING:
        return None
    step.approval = approval
    return capacity(user, step, today=today)


def can_withdraw(user: User, approval: Approval, target: object) -> bool:
    """The author, until somebody has signed, if the kind of request allows it (C.5.2)."""
    if approval.state != ApprovalState.RUNNING or approval.author_id != user.pk:
        return False
    signed = any(step.decided_by_id for step in approval.steps.all())
    return user.is_active and not signed and registry.handler(approval.kind).can_withdraw(target)


def can_revoke(user: User, approval: Approval, target: object) -> bool:
    """Whoever decided, or for whom it was decided, until the decision has taken effect."""
    if approval.state != ApprovalState.APPROVED or not user.is_active:
        return False
    decided = [step for step in approval.steps.all() if step.state == StepState.APPROVED]
    last = max(decided, key=lambda step: step.order, default=None)
    if last is None or user.pk not in {last.decided_by_id, last.on_behalf_of_id}:
        return False
    return stands(approval, target)


def stands(approval: Approval, target: object) -> bool:
    """Whether the approval has not taken effect yet and is the last that the record has passed."""
    if not registry.handler(approval.kind).can_revoke(target):
        return False
    record = {"content_type": approval.content_type_id, "object_id": approval.object_id}
    return not Approval.objects.filter(**record, pk__gt=approval.pk).exists()
