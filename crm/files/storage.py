"""Where the bytes stand: under a made-up name outside of everything the web server serves.

A file is written under tmp/, together with its row in the transaction, and moved when that is
committed. What dies in between leaves either nothing but a file in tmp/, which is swept, or a row
whose file is still there: it is read from there and moved by the sweeper (G-RL1). A file at its
place without a row comes with a restored backup only; it is laid by, never deleted.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

import structlog
from django.conf import settings
from django.utils.translation import gettext as _

from crm.errors import RuleViolation

log = structlog.get_logger(__name__)
PIECE = 1024 * 1024


def write_waiting(key: UUID, content: bytes) -> None:
    """Write the file under tmp/, to the disk; raises RuleViolation when the disk refuses."""
    path = waiting_path(key)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(path, "xb", opener=_for_us_only) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as problem:
        log.error("file_not_written", error=str(problem))
        with suppress(OSError):
            discard(key)
        raise RuleViolation(
            _(
                "The server could not keep the file: its disk is full or read-only."
                " Tell the administrator and upload it again."
            ),
            field="file",
        ) from problem


def settle(key: UUID) -> None:
    """Move the file of a committed row to its place; may run twice."""
    final = settled_path(key)
    final.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        waiting_path(key).replace(final)
    except FileNotFoundError:
        if not final.exists():
            raise


def discard(key: UUID) -> None:
    """Forget a file whose row was not written."""
    waiting_path(key).unlink(missing_ok=True)


def lay_by(key: UUID) -> None:
    """Move a file without a row out of the way."""
    laid_by_path(key).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    settled_path(key).replace(laid_by_path(key))


def open_file(key: UUID) -> BinaryIO:
    """The file for reading; FileNotFoundError when it is gone."""
    for path in (settled_path(key), waiting_path(key)):
        with suppress(FileNotFoundError):
            return path.open("rb")
    return laid_by_path(key).open("rb")


def sha256_of(key: UUID) -> str:
    """Checksum of what stands on the disk, empty when it is gone."""
    digest = hashlib.sha256()
    try:
        with open_file(key) as file:
            while piece := file.read(PIECE):
                digest.update(piece)
    except OSError:
        return ""
    return digest.hexdigest()


def waiting_keys() -> Iterator[tuple[UUID, float]]:
    """Files under tmp/ with the moment of their writing."""
    yield from _keys(_root() / "tmp", "*")


def settled_keys() -> Iterator[tuple[UUID, float]]:
    """Files at their places, likewise."""
    yield from _keys(_root() / "attachments", "*/*")


def waiting_path(key: UUID) -> Path:
    return _root() / "tmp" / str(key)


def settled_path(key: UUID) -> Path:
    return _root() / "attachments" / key.hex[:2] / str(key)


def laid_by_path(key: UUID) -> Path:
    return _root() / "orphans" / str(key)


def _keys(folder: Path, pattern: str) -> Iterator[tuple[UUID, float]]:
    for path in folder.glob(pattern):
        try:
            yield UUID(path.name), path.stat().st_mtime
        except (ValueError, FileNotFoundError):  # not ours; gone meanwhile
            continue


def _root() -> Path:
    return Path(settings.MEDIA_ROOT)


def _for_us_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
