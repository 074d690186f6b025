"""Everything beside the way of a work item: comments, other hands, other days, withdrawing."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.assignments import permissions, telling
from crm.assignments.actions.locking import locked, moved, note, saved, words
from crm.assignments.models import NoteKind, WorkItem, WorkNote, WorkState
from crm.errors import RuleViolation
from crm.history import verb


@transaction.atomic
def add_comment(item_id: int, *, by: User, text: str) -> WorkNote:
    """Say something about it; the author and the executor are told."""
    rows = WorkItem.objects.visible_to(by).select_related("author", "executor", "unit")
    item: WorkItem = rows.get(pk=item_id)
    said = words(text, "text", _("Write something."))
    with verb("work.commented", by=by):
        made = note(item, NoteKind.COMMENT, said, by)
    telling.tell_of_comment(item, made, by)
    return made


@transaction.atomic
def hand_on_work(
    item_id: int, *, by: User, version: int, executor: User, reason: str = ""
) -> WorkItem:
    """Give it to another executor, who accepts it anew."""
    item = locked(item_id, by, version, permissions.can_hand_on)
    if not permissions.heirs_for(by, item).filter(pk=executor.pk).exists():
        text = _("You cannot address this person with this kind of work.")
        raise RuleViolation(text, field="executor")
    before = item.executor.short_name if item.executor else str(item.unit)
    if item.state == WorkState.ACCEPTED:
        changes = {"executor": executor, "accepted_on": None}
        moved(item, WorkState.NEW, "work.handed_on", by=by, **changes)
    else:
        saved(item, "work.handed_on", by=by, executor=executor)
    said = f"{before} → {executor.short_name}."
    with verb("work.handed_on", by=by):
        note(item, NoteKind.HAND_ON, f"{said} {reason.strip()}".strip(), by)
    telling.tell_executor(item, "work.handed_on")
    return item


@transaction.atomic
def postpone_work(
    item_id: int,
    *,
    by: User,
    version: int,
    due_on: date,
    feedback_due: date | None,
    reason: str,
    today: date,
) -> WorkItem:
    """Another day with its reason; the first one stays in sight."""
    item = locked(item_id, by, version, permissions.can_postpone)
    why = words(reason, "reason", _("Say why."))
    if due_on < today:
        raise RuleViolation(_("This day has passed."), field="due_on")
    changes: dict[str, object] = {"due_on": due_on}
    if item.feedback_due is not None:
        answer_by = feedback_due or item.feedback_due
        if answer_by > due_on or answer_by < item.created_on:
            raise RuleViolation(_("An answer is due before the work is."), field="feedback_due")
        changes["feedback_due"] = answer_by
    before = item.due_on
    saved(item, "work.postponed", by=by, **changes)
    said = f"{before:%d.%m.%Y} → {due_on:%d.%m.%Y}."
    with verb("work.postponed", by=by):
        note(item, NoteKind.POSTPONED, f"{said} {why}", by)
    telling.tell_executor(item, "work.postponed")
    return item


@transaction.atomic
def cancel_work(item_id: int, *, by: User, version: int, reason: str) -> WorkItem:
    """Withdraw it with a reason."""
    item = locked(item_id, by, version, permissions.can_cancel, WorkState.CANCELLED)
    why = words(reason, "reason", _("Say why."))
    moved(item, WorkState.CANCELLED, "work.cancelled", by=by, cancel_reason=why[:300])
    telling.tell_executor(item, "work.cancelled", reason=why)
    return item
