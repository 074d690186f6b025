"""Every write of files: add, new version, put aside, bring back, sweep (CR-11)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from crm.accounts.actions import log_access
from crm.accounts.models import AccessEventKind, User
from crm.errors import RuleViolation, StaleVersion
from crm.files import registry, storage
from crm.files.checking import CheckedFile, check_file, typeset_file
from crm.files.models import Attachment, AttachmentKind
from crm.files.policy import MB, file_limits
from crm.files.registry import Owner
from crm.history import verb
from crm.said import gettext as _
from crm.work.registry import setting


class QuotaExceeded(RuleViolation):
    """The person or the record has had its share (G-IO6)."""

    status = 429


def add_file(
    owner_kind: str,
    owner_id: int,
    *,
    by: User,
    name: str,
    content: bytes,
    kind: str = AttachmentKind.OTHER,
    is_typeset: bool = False,
) -> Attachment:
    """Keep a file with a record; the same bytes again give the file that is there (G-RL7).

    `is_typeset` tells a PDF that the product has just made itself: it is not parsed. Raises
    DoesNotExist for a record that the person does not see, PermissionDenied, Unreadable with the
    reason of a refused file, QuotaExceeded.
    """
    owner = registry.get(owner_kind)
    if owner is None:
        raise Attachment.DoesNotExist
    record = _record(owner, owner_id, by)
    if is_typeset:
        checked = typeset_file(name, content, file_limits())
    else:
        checked = check_file(name, content, file_limits(), owner.also)
    received = sha256(content).hexdigest()
    with _on_disk(checked) as key, transaction.atomic():
        _lock_author(by)
        same = Attachment.objects.of(owner.key, record.pk).open().filter(received_sha256=received)
        if found := same.first():
            storage.discard(key)
            return found  # type: ignore[no-any-return]
        _check_quotas(owner, record.pk, by, len(checked.content))
        with verb("file.added", by=by, on_behalf_of=owner.acting_for(record, by)):
            made = _row(key, checked, owner, record.pk, by, kind=kind, received_sha256=received)
            made.save(force_insert=True)
        _settle_on_commit(key)
        return made


def check_received(owner_kind: str, name: str, content: bytes) -> CheckedFile:
    """What came from outside as records of the kind keep it; raises Unreadable with the reason."""
    owner = registry.owned(owner_kind)
    return check_file(name, content, file_limits(), owner.also)


def keep_received(
    checked: CheckedFile, owner_kind: str, owner_id: int, *, sender: str, content: bytes, kind: str
) -> Attachment:
    """Keep a checked file that somebody without an account has sent for a record.

    Runs in the caller's transaction, which has decided that it may be sent and holds the record's
    lock; raises QuotaExceeded when the record has had its share. The same bytes are kept once.
    """
    owner = registry.owned(owner_kind)
    received = sha256(content).hexdigest()
    same = Attachment.objects.of(owner.key, owner_id).open().filter(received_sha256=received)
    if found := same.first():
        return found  # type: ignore[no-any-return]
    with _on_disk(checked) as key, verb("file.received", by=None):
        _check_room(owner, owner_id, len(checked.content))
        more = {"kind": kind, "received_sha256": received, "sender": sender}
        made = _row(key, checked, owner, owner_id, None, **more)
        made.save(force_insert=True)
        _settle_on_commit(key)
        return made


def replace_file(attachment_id: int, *, by: User, name: str, content: bytes) -> Attachment:
    """Put a new version in the place of a file; the older ones stay and can be downloaded.

    Raises as `add_file`, and StaleVersion when this is not the newest version any more.
    """
    shown = Attachment.objects.visible_to(by).get(pk=attachment_id)
    owner, record = _owner_and_record(shown, by)
    checked = check_file(name, content, file_limits(), owner.also)
    received = sha256(content).hexdigest()
    with _on_disk(checked) as key, transaction.atomic():
        _lock_author(by)
        old = _lock_latest(attachment_id, by)
        if old.received_sha256 == received:
            raise RuleViolation(_("This is the same file as the version before."), field="file")
        _check_quotas(owner, record.pk, by, len(checked.content))
        with verb("file.replaced", by=by, on_behalf_of=owner.acting_for(record, by)):
            old.is_latest = False
            old.save(update_fields=["is_latest"])
            made = _row(key, checked, owner, record.pk, by, kind=old.kind, received_sha256=received)
            made.chain, made.number = old.chain, old.number + 1
            made.save(force_insert=True)
        _settle_on_commit(key)
        return made


@transaction.atomic
def put_aside(attachment_id: int, *, by: User, reason: str) -> Attachment:
    """Take the file off the list, with all versions; it is kept and can be brought back."""
    file = _lock_latest(attachment_id, by)
    owner, record = _owner_and_record(file, by)
    if not reason.strip():
        raise RuleViolation(_("Say why the file is put aside."), field="reason")
    file.put_aside_at, file.put_aside_by = timezone.now(), by
    file.put_aside_reason = reason.strip()
    return _save_aside(file, "file.put_aside", by, owner.acting_for(record, by))


@transaction.atomic
def bring_back(attachment_id: int, *, by: User) -> Attachment:
    """Put a file back on the list; one that is there stays."""
    file = _lock(attachment_id, by)
    owner, record = _owner_and_record(file, by)
    if not file.is_put_aside:
        return file
    file.put_aside_at = file.put_aside_by = None
    file.put_aside_reason = ""
    return _save_aside(file, "file.brought_back", by, owner.acting_for(record, by))


def note_download(file: Attachment, *, by: User, request: HttpRequest) -> None:
    """A line of the access journal for every download (CR-06)."""
    target = f"{file.owner_kind} {file.owner_id}: {file.name} ({file.pk})"
    log_access(by, kind=AccessEventKind.DOWNLOAD, target=target, request=request)


def sweep_files(*, today: date) -> int:
    """Move files of committed rows to their places; what is old and has no row is cleared away.

    In tmp/ it is deleted; at its place, where only a restored backup can leave it, laid by.
    """
    old = (timezone.now() - timedelta(hours=setting("files.sweep_hours"))).timestamp()
    waiting, settled = list(storage.waiting_keys()), list(storage.settled_keys())
    known = set(Attachment.objects.values_list("key", flat=True))
    moved = [key for key, _written in waiting if key in known]
    for key in moved:
        storage.settle(key)
    gone = [key for key, written in waiting if key not in known and written < old]
    for key in gone:
        storage.discard(key)
    strays = [key for key, written in settled if key not in known and written < old]
    for key in strays:
        storage.lay_by(key)
    return len(moved) + len(gone) + len(strays)


@contextmanager
def _on_disk(checked: CheckedFile) -> Iterator[UUID]:
    """The bytes under tmp/ while the row is written; a refused row takes them along.

    Whatever else breaks may break after the commit: then the sweeper knows whether there is a row.
    """
    key = uuid4()
    storage.write_waiting(key, checked.content)
    try:
        yield key
    except RuleViolation:
        storage.discard(key)
        raise


def _settle_on_commit(key: UUID) -> None:
    transaction.on_commit(lambda: storage.settle(key), robust=True)


def _row(
    key: UUID, checked: CheckedFile, owner: Owner, owner_id: int, by: User | None, **values: Any
) -> Attachment:
    return Attachment(
        key=key,
        owner_kind=owner.key,
        owner_id=owner_id,
        name=checked.name,
        format=checked.format.key,
        size=len(checked.content),
        sha256=sha256(checked.content).hexdigest(),
        author=by,
        **values,
    )


def _record(owner: Owner, owner_id: int, by: User) -> Any:
    """The record, where the person sees it and may add files to it."""
    record = owner.rows(by).get(pk=owner_id)
    if not owner.may_add(by, record):
        raise PermissionDenied
    return record


def _owner_and_record(file: Attachment, by: User) -> tuple[Owner, Any]:
    owner = registry.owned(file.owner_kind)  # visible files are of declared owners only
    return owner, _record(owner, file.owner_id, by)


def _lock(attachment_id: int, by: User) -> Attachment:
    rows = Attachment.objects.visible_to(by).select_for_update(of=("self",))
    file: Attachment = rows.get(pk=attachment_id)
    return file


def _lock_latest(attachment_id: int, by: User) -> Attachment:
    """The newest version, on the list, as the page showed it."""
    file = _lock(attachment_id, by)
    if not file.is_latest or file.is_put_aside:
        raise StaleVersion(_("There is a newer version of this file, or it was put aside."))
    return file


def _save_aside(file: Attachment, name: str, by: User, absent: User | None) -> Attachment:
    with verb(name, by=by, on_behalf_of=absent):
        file.save(update_fields=["put_aside_at", "put_aside_by", "put_aside_reason"])
    return file


def _lock_author(by: User) -> None:
    """Uploads of one person come one after another: quotas and doubled clicks are seen."""
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)


def _check_quotas(owner: Owner, owner_id: int, by: User, size: int) -> None:
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    of_day = setting("files.day_mb")
    if Attachment.objects.since(by, midnight).bytes() + size > of_day * MB:
        raise QuotaExceeded(
            _("You have uploaded your %(size)s MB of today. Go on tomorrow.") % {"size": of_day},
            field="file",
        )
    _check_room(owner, owner_id, size)


def _check_room(owner: Owner, owner_id: int, size: int) -> None:
    of_record = setting("files.record_mb")
    if Attachment.objects.of(owner.key, owner_id).bytes() + size > of_record * MB:
        raise QuotaExceeded(
            _("The files of this record take all of its %(size)s MB.") % {"size": of_record},
            field="file",
        )
