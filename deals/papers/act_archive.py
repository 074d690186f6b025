"""The acts of a selection as one archive, made while it is sent."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from zipfile import ZIP_STORED, ZipFile

from deals.models import ReconciliationAct
from deals.papers.act import paper_of, pdf_of


class _Pipe(io.RawIOBase):
    """What the archive has written since it was last asked."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        part = bytes(data)  # type: ignore[call-overload]
        self.parts.append(part)
        return len(part)

    def taken(self) -> bytes:
        parts, self.parts = self.parts, []
        return b"".join(parts)


def archive_of(acts: Iterable[ReconciliationAct]) -> Iterator[bytes]:
    """A ZIP, act by act: nothing of it is kept, so its size is not bounded by the memory."""
    pipe = _Pipe()
    with ZipFile(pipe, "w", ZIP_STORED) as archive:
        for act in acts:
            paper = paper_of(act)
            archive.writestr(f"{paper.file_name} {_plain(act.client.name)}.pdf", pdf_of(paper))
            yield pipe.taken()
    yield pipe.taken()


def _plain(name: str) -> str:
    """A name that every file system takes."""
    return "".join(char for char in name if char.isalnum() or char in " -_«»").strip()[:80]
