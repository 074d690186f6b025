"""Writes of notes about employees (RP-09)."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.errors import RuleViolation
from crm.history import verb
from reports.models import StaffNote
from reports.permissions import staff as permissions


@transaction.atomic
def note_staff(
    employee_id: int, *, by: User, kind: str, noted_on: date, text: str, today: date
) -> StaffNote:
    """Note a course, a candidate or a recommendation; RuleViolation for a day to come."""
    employee = User.objects.visible_to(by).get(pk=employee_id)
    if not permissions.can_note_staff(by, employee):
        raise PermissionDenied
    if noted_on > today:
        raise RuleViolation(_("This day has not come yet."), field="noted_on")
    with verb("staff_note.added", by=by):
        made: StaffNote = StaffNote.objects.create(
            employee=employee, kind=kind, noted_on=noted_on, text=text, author=by
        )
    return made


@transaction.atomic
def withdraw_note(note_id: int, *, by: User, now: datetime) -> StaffNote:
    """Take a note back; only whoever may write one. RuleViolation when it was taken back."""
    note: StaffNote = (
        StaffNote.objects.visible_to(by).select_for_update(of=("self",)).get(pk=note_id)
    )
    if not permissions.can_note_staff(by, note.employee):
        raise PermissionDenied
    if note.withdrawn_at is not None:
        raise RuleViolation(_("This note has already been taken back."))
    note.withdrawn_at = now
    with verb("staff_note.withdrawn", by=by):
        note.save(update_fields=["withdrawn_at"])
    return note
