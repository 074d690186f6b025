"""The folder where 1C and the bank's client lay files: a folder of each kind inside it (C.6)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import structlog
from django.conf import settings

from crm.imports import registry
from crm.imports.registry import ImportKind
from crm.work.registry import setting

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Found:
    """A whole file of a known kind."""

    kind: ImportKind
    path: Path
    content: bytes

    @property
    def digest(self) -> str:
        return sha256(self.content).hexdigest()


def found_files() -> Iterator[Found]:
    """Files that nobody writes any more, by kind and name; larger ones than an import may be are
    left out and named in the log.
    """
    if not settings.IMPORT_DROPFOLDER:
        return
    quiet_since = time.time() - setting("imports.dropfolder_quiet_seconds")
    for kind in registry.kinds():
        folder = Path(settings.IMPORT_DROPFOLDER, kind.kind)
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path.name.startswith(".") or not path.is_file():
                continue
            facts = path.stat()
            if facts.st_size > settings.IMPORT_MAX_BYTES:
                log.warning("dropfolder.too_large", kind=kind.kind, file=path.name)
            elif facts.st_size and facts.st_mtime <= quiet_since:
                yield Found(kind, path, path.read_bytes())
