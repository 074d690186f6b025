"""Writes of issued originals."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.models import User
from crm.errors import RuleViolation, StaleVersion
from crm.history import verb
from crm.notices.actions import notify_many
from crm.originals import permissions
from crm.originals.models import IssuedOriginal
from crm.work.registry import setting


@transaction.atomic
def issue_original(
    *,
    by: User,
    kind: str,
    item: str,
    number: str,
    holder: User,
    issued_on: date,
    return_due: date,
    note: str,
    today: date,
) -> IssuedOriginal:
    """Note that a person holds an original; raises RuleViolation for days out of order."""
    if not permissions.can_issue(by):
        raise PermissionDenied
    if issued_on > today:
        raise RuleViolation(_("This day is still to come."), field="issued_on")
    if return_due < issued_on:
        raise RuleViolation(_("It is returned after it is given out."), field="return_due")
    if not holder.is_active:
        raise RuleViolation(_("This person does not work here any more."), field="holder")
    with verb("original.issued", by=by):
        return IssuedOriginal.objects.create(
            kind=kind,
            item=item,
            number=number,
            holder=holder,
            issued_on=issued_on,
            return_due=return_due,
            note=note,
            issued_by=by,
        )


@transaction.atomic
def prolong_original(original_id: int, *, by: User, version: int, return_due: date) -> None:
    """Give the holder more time; the new day is later than the old one."""
    row = _locked(original_id, by, version)
    if return_due <= row.return_due:
        raise RuleViolation(_("Choose a later day than the present one."), field="return_due")
    row.return_due = return_due
    _save(row, "original.prolonged", by, "return_due")


@transaction.atomic
def receive_original(original_id: int, *, by: User, version: int, today: date) -> None:
    """Take it back from its holder."""
    row = _locked(original_id, by, version)
    row.returned_on, row.received_by = today, by
    _save(row, "original.returned", by, "returned_on", "received_by")


@transaction.atomic
def remind_of_originals(*, today: date) -> int:
    """Daily 08:50: from the day of the return on, holder and giver, once per so many days."""
    if today < timezone.localdate():
        return 0
    every, told = setting("originals.remind_days"), 0
    due = IssuedOriginal.objects.out().filter(return_due__lte=today)
    for row in due.select_related("holder").order_by("pk"):
        turn = (today - row.return_due).days // every
        told += notify_many(
            sorted({row.holder_id, row.issued_by_id}),
            kind="original.due",
            params={
                "item": str(row),
                "holder": row.holder.short_name,
                "day": f"{row.return_due:%d.%m.%Y}",
            },
            url=row.get_absolute_url(),
            dedupe_key=f"original:{row.pk}:{row.return_due}:{turn}",
        )
    return told


def _locked(original_id: int, by: User, version: int) -> IssuedOriginal:
    rows = IssuedOriginal.objects.visible_to(by).select_for_update(of=("self",))
    row: IssuedOriginal = rows.get(pk=original_id)
    if not permissions.is_keeper(by, row):
        raise PermissionDenied
    if row.version != version:
        raise StaleVersion(of=row)
    if not row.is_out:
        raise RuleViolation(_("It has been returned."))
    return row


def _save(row: IssuedOriginal, said: str, by: User, *fields: str) -> None:
    row.version += 1
    with verb(said, by=by):
        row.save(update_fields=[*fields, "version"])
