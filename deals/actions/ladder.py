"""Editing the ladder of follow-up (D.6): rungs are archived, what was done stays readable."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from deals import permissions
from deals.models import FollowUpStep


def add_step(*, by: User, **values: Any) -> FollowUpStep:
    """Add a rung; raises RuleViolation where the category has one of the same day."""
    if not permissions.can_edit_ladder(by):
        raise PermissionDenied
    with _once(), transaction.atomic(), verb("follow_up.step_added", by=by):
        return FollowUpStep.objects.create(**values)


@transaction.atomic
def edit_step(step_id: int, *, by: User, version: int, **values: Any) -> FollowUpStep:
    """Change a rung; follow-ups that it opened show the new words."""
    step = _locked(step_id, by=by, version=version)
    for name, value in values.items():
        setattr(step, name, value)
    step.version += 1
    with _once(), transaction.atomic(), verb("follow_up.step_edited", by=by):
        step.save(update_fields=[*values, "version"])
    return step


@transaction.atomic
def archive_step(step_id: int, *, by: User, version: int, now: datetime) -> FollowUpStep:
    """Take a rung out of the ladder."""
    step = _locked(step_id, by=by, version=version)
    with verb("follow_up.step_archived", by=by):
        step.archived_at = now
        step.version += 1
        step.save(update_fields=["archived_at", "version"])
    return step


def _locked(step_id: int, *, by: User, version: int) -> FollowUpStep:
    if not permissions.can_edit_ladder(by):
        raise PermissionDenied
    step = FollowUpStep.objects.select_for_update().get(pk=step_id)
    if step.archived_at is not None:
        raise RuleViolation(_("The step is out of the ladder already."))
    if step.version != version:
        raise StaleVersion(of=step)
    return step


class _once:
    """Say in words that the category has a rung of that day."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if isinstance(error, IntegrityError) and "follow_up_step_once" in str(error):
            raise RuleViolation(
                _("The category has a step of this day already."), field="days_overdue"
            ) from None
