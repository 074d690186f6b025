"""The way of a work item: accepted, answered, action taken, verified or returned (C.5 no. 27)."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.assignments import permissions, telling
from crm.assignments.actions.locking import locked, moved, note, words
from crm.assignments.models import NoteKind, Verdict, WorkItem, WorkKind, WorkState
from crm.errors import RuleViolation
from crm.history import verb


@transaction.atomic
def accept_work(item_id: int, *, by: User, version: int, today: date) -> WorkItem:
    """Take the work; what was addressed to a unit is from now on the person's own."""
    item = locked(item_id, by, version, permissions.can_accept, WorkState.ACCEPTED)
    executor = item.executor or by
    moved(item, WorkState.ACCEPTED, "work.accepted", by=by, executor=executor, accepted_on=today)
    return item


@transaction.atomic
def answer_work(
    item_id: int, *, by: User, version: int, text: str, verdict: str = "", today: date
) -> WorkItem:
    """Answer, of a proposal with what becomes of it; raises RuleViolation without words."""
    item = locked(item_id, by, version, permissions.can_answer, WorkState.ANSWERED)
    answer = words(text, "text", _("Write the answer."))
    if item.kind == WorkKind.PROPOSAL and verdict not in Verdict.values:
        raise RuleViolation(_("Say what becomes of the proposal."), field="verdict")
    kept = verdict if item.kind == WorkKind.PROPOSAL else ""
    begun = {**_begun(item, by, today), "answer": answer, "verdict": kept, "answered_on": today}
    moved(item, WorkState.ANSWERED, "work.answered", by=by, **begun)
    telling.tell_author(item, "work.answered")
    return item


@transaction.atomic
def report_action(
    item_id: int, *, by: User, version: int, text: str, verdict: str = "", today: date
) -> WorkItem:
    """Report what was done; where nothing was answered before, the report is the answer too."""
    item = locked(item_id, by, version, permissions.can_act, WorkState.ACTION_TAKEN)
    done = words(text, "text", _("Say what was done."))
    changes = {**_begun(item, by, today), "action": done, "action_on": today}
    if item.answered_on is None:
        if item.kind == WorkKind.PROPOSAL and verdict not in Verdict.values:
            raise RuleViolation(_("Say what becomes of the proposal."), field="verdict")
        kept = verdict if item.kind == WorkKind.PROPOSAL else ""
        changes |= {"answer": done, "verdict": kept, "answered_on": today}
    moved(item, WorkState.ACTION_TAKEN, "work.action_taken", by=by, **changes)
    telling.tell_author(item, "work.action_taken")
    return item


@transaction.atomic
def resolve_work(item_id: int, *, by: User, version: int, today: date) -> WorkItem:
    """Find the problem solved: the author's word, never the executor's."""
    item = locked(item_id, by, version, permissions.can_resolve, WorkState.RESOLVED)
    moved(item, WorkState.RESOLVED, "work.resolved", by=by, resolved_on=today, resolved_by=by)
    telling.tell_executor(item, "work.resolved")
    return item


@transaction.atomic
def return_work(
    item_id: int, *, by: User, version: int, reason: str, due_on: date | None, today: date
) -> WorkItem:
    """Send it back with a reason: what was answered or done does not count; another day if given.

    An answer that led to an action stays one.
    """
    item = locked(item_id, by, version, permissions.can_verify, WorkState.RETURNED)
    why = words(reason, "reason", _("Say what is not right."))
    if due_on is not None and due_on < today:
        raise RuleViolation(_("This day has passed."), field="due_on")
    changes: dict[str, object] = {"action": "", "action_on": None}
    if item.state == WorkState.ANSWERED:
        changes |= {"answer": "", "verdict": "", "answered_on": None}
    if due_on is not None:
        changes["due_on"] = due_on
        if item.feedback_due is not None and item.feedback_due > due_on:
            changes["feedback_due"] = due_on
    moved(item, WorkState.RETURNED, "work.returned", by=by, **changes)
    with verb("work.returned", by=by):
        note(item, NoteKind.RETURN, why, by)
    telling.tell_executor(item, "work.returned", reason=why)
    return item


def _begun(item: WorkItem, by: User, today: date) -> dict[str, object]:
    """Whoever answers or acts at once has accepted; for an absent person it stays that one's."""
    executor = item.executor or by
    return {"executor": executor, "accepted_on": item.accepted_on or today}
