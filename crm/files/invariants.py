"""What must hold for files at any quiet moment (crm.work.invariants)."""

from collections.abc import Iterable
from datetime import datetime

from crm.files import registry, storage
from crm.files.models import Attachment
from crm.work import invariants


def register_invariants() -> None:
    """Declare the checks."""
    invariants.register("every attachment has its file", attachments_have_files)
    invariants.register("every file has its attachment", files_have_attachments)
    invariants.register("every attachment has its record", attachments_have_records)


def attachments_have_files(_now: datetime) -> Iterable[str]:
    """The file on the disk has the checksum of the row."""
    rows = Attachment.objects.order_by("pk").values_list("pk", "key", "sha256")
    return (f"file {pk}" for pk, key, sha in rows.iterator() if storage.sha256_of(key) != sha)


def files_have_attachments(_now: datetime) -> Iterable[str]:
    """No file at its place is without a row; tmp/ is for the sweeper."""
    found = [key for key, _written in storage.settled_keys()]  # before the rows: one more is new
    known = set(Attachment.objects.values_list("key", flat=True))
    return (str(key) for key in found if key not in known)


def attachments_have_records(_now: datetime) -> Iterable[str]:
    """The record of each file is there and of a known kind."""
    lost = Attachment.objects.order_by("pk")
    for owner in registry.owners():
        there = owner.model._default_manager.values("pk")
        lost = lost.exclude(owner_kind=owner.key, owner_id__in=there)
    return (f"file {pk}" for pk in lost.values_list("pk", flat=True)[: invariants.SHOWN])
