"""Taking back: the author's request before it is signed, an approval before it takes effect."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.approvals import messages, permissions, registry
from crm.approvals.actions.approvals import close, locked
from crm.approvals.models import APPROVAL_MOVES, Approval, ApprovalState
from crm.approvals.registry import Decision
from crm.errors import AlreadyDecided, RuleViolation
from crm.history import verb

REVOKED = (
    "state",
    "revoked_by",
    "revoked_at",
    "revoke_reason",
    "version",
    "target_version",
)


@transaction.atomic
def withdraw(approval_id: int, *, by: User, today: date) -> Approval:
    """The author takes the request back while nobody has signed it."""
    approval = locked(approval_id, by, today)
    if approval.author_id != by.pk:
        raise PermissionDenied(_("Only the author may withdraw a request."))
    if approval.state != ApprovalState.RUNNING:
        raise AlreadyDecided(messages.already_decided(approval))
    handler = registry.handler(approval.kind)
    target = handler.lock(approval.object_id)
    if not permissions.can_withdraw(by, approval, target):
        raise RuleViolation(_("Somebody has already signed, it cannot be withdrawn any more."))
    with verb(f"{approval.kind}.withdrawn", by=by):
        close(handler, target, Decision(approval, by, today), ApprovalState.WITHDRAWN)
    return approval


def withdraw_running(record: Any, *, by: User, today: date) -> bool:
    """Withdraw the approval that the record is passing; False where it passes none.

    Raises PermissionDenied for anybody but whoever sent it (a head sends a manager's record), or
    where nothing runs but the author of the record.
    """
    running = Approval.objects.of(record).running().first()
    if (running or record).author_id != by.pk:
        raise PermissionDenied(_("Only the author may withdraw a request."))
    if running is not None:
        withdraw(running.pk, by=by, today=today)
    return running is not None


def follow(record: Any) -> None:
    """A rule has changed a record on its way: who signs reads it again instead of being stuck."""
    running = Approval.objects.of(record).running()
    running.update(target_version=record.version)


@transaction.atomic
def revoke(approval_id: int, *, by: User, reason: str, version: int, today: date) -> Approval:
    """Take an approval back before it has taken effect; only whoever decided, with a reason.

    Raises AlreadyDecided (who and when) for another state or version, PermissionDenied, and
    RuleViolation where it has taken effect or the reason is missing.
    """
    approval = locked(approval_id, by, today)
    if ApprovalState.REVOKED not in APPROVAL_MOVES[approval.state] or approval.version != version:
        raise AlreadyDecided(messages.already_decided(approval))
    handler = registry.handler(approval.kind)
    target = handler.lock(approval.object_id)
    if not permissions.stands(approval, target):
        raise RuleViolation(_("This has taken effect already and cannot be taken back."))
    if not permissions.can_revoke(by, approval, target):
        raise PermissionDenied(_("Only whoever decided may take the approval back."))
    if not reason.strip():
        raise RuleViolation(_("Write why, so that the author knows what to do."), field="reason")
    event = Decision(approval, by, today, comment=reason.strip())
    with verb(f"{approval.kind}.revoked", by=by):
        handler.on_revoked(target, event)
        approval.state = ApprovalState.REVOKED
        approval.revoked_by, approval.revoked_at = by, timezone.now()
        approval.revoke_reason = event.comment
        approval.version += 1
        approval.target_version = target.version
        approval.save(update_fields=REVOKED)
        messages.outcome(event, ApprovalState.REVOKED)
    return approval
