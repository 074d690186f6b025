"""XLSX: guarded by its table of contents first, then read in a process of its own (G-IO2, M11)."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from crm.imports.reading.child import OutOfLimits, run_child
from crm.imports.reading.table import Limits, Unreadable

CHILD = Path(__file__).with_name("workbook_child.py")
MOST_SHEETS = 5  # visible ones that are looked into for a header
HEAD = 64 * 1024
END_OF_DIRECTORY = b"PK\x05\x06"
SMALL = 1024 * 1024  # a part below it may be packed as tightly as it likes
ROWS_LIMIT_STATUS, CELLS_LIMIT_STATUS = 3, 4  # of the child


@dataclass(frozen=True)
class Sheet:
    """Rows of one sheet; `start` is the number of the first."""

    name: str
    start: int
    rows: list[list[str]]


def check(content: bytes, limits: Limits) -> None:
    """Refuse a workbook by its table of contents alone, before anything is unpacked."""
    check_package(content, limits, _check_kind)


def check_package(
    content: bytes, limits: Limits, check_kind: Callable[[list[zipfile.ZipInfo]], None]
) -> None:
    """The same for any office file: what it is and what it may hold, `check_kind` says."""
    if _entries(content) > limits.entries:
        raise too_large()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            check_kind(parts)
            _check_sizes(parts, limits)
            _check_names(parts)
            _check_markup(archive, parts)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, ValueError) as problem:
        raise broken() from problem
    except (NotImplementedError, RuntimeError) as problem:  # foreign packing, encrypted parts
        raise broken() from problem


def _entries(content: bytes) -> int:
    """How many parts the end of the file announces; read before the list itself is built."""
    at = content.rfind(END_OF_DIRECTORY, max(0, len(content) - 70_000))
    if at < 0 or at + 12 > len(content):
        raise broken()
    return int.from_bytes(content[at + 10 : at + 12], "little")


def _check_kind(parts: list[zipfile.ZipInfo]) -> None:
    names = {part.filename.casefold() for part in parts}
    if any("vbaproject" in name or "/macrosheets/" in name for name in names):
        raise Unreadable(_("The workbook holds macros. Save it as XLSX without them."))
    if "xl/workbook.bin" in names:
        raise Unreadable(_("This is a binary workbook (XLSB). Save it as XLSX."))
    if "xl/workbook.xml" not in names:
        raise Unreadable(_("This archive is not an XLSX workbook. CSV and XLSX are read."))


def _check_sizes(parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    total = sum(part.file_size for part in parts)
    if total > limits.unpacked_bytes:
        raise too_large()
    for part in parts:
        if part.file_size > max(SMALL, part.compress_size * limits.ratio):
            raise Unreadable(_("The file is packed suspiciously tightly and is not opened."))
        if part.flag_bits & 1:
            raise Unreadable(_("The file is protected by a password. Save it without one."))


def _check_names(parts: list[zipfile.ZipInfo]) -> None:
    """Nothing is unpacked to disk, yet names that lead out of the archive betray an attack."""
    names = [part.filename for part in parts]
    if len(set(names)) != len(names):
        raise broken()
    if any(name.startswith(("/", "\\")) or ".." in name.split("/") for name in names):
        raise broken()


def _check_markup(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """A document type in a part could declare entities; no spreadsheet writes one."""
    for part in parts:
        if part.filename.casefold().endswith((".xml", ".rels")):
            with archive.open(part) as stream:
                head = stream.read(HEAD).replace(b"\x00", b"").upper()
            if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                raise Unreadable(_("The file holds a document type declaration and is not opened."))


def sheets(content: bytes, limits: Limits) -> Iterator[Sheet]:
    """Visible sheets that have rows, one by one, each read in a child process with limits."""
    for index in range(MOST_SHEETS):
        output = _run_child(content, index, limits)
        head, *rows = output.split(b"\n")
        facts = json.loads(head)
        if facts["rows"]:
            yield Sheet(facts["name"], facts["start"], [json.loads(row) for row in rows if row])
        if index + 1 >= facts["visible"]:
            return


def _run_child(content: bytes, index: int, limits: Limits) -> bytes:
    """Run the reader; a child that dies by its limits is a workbook too large."""
    try:
        status, output = run_child(
            CHILD,
            *(index, limits.rows, limits.columns),
            content=content,
            seconds=limits.seconds,
            memory_bytes=limits.memory_bytes,
        )
    except OutOfLimits:
        raise too_large() from None
    if status == ROWS_LIMIT_STATUS:
        raise Unreadable(
            _("The file has more than %(rows)s rows. Divide it.") % {"rows": limits.rows}
        )
    if status == CELLS_LIMIT_STATUS:
        raise Unreadable(
            _("The table has more than %(columns)s columns.") % {"columns": limits.columns}
        )
    if status:
        raise broken()
    return output


def broken() -> Unreadable:
    """The refusal of a workbook that cannot be opened."""
    return Unreadable(_("The file is damaged. Open it in an office program and save it again."))


def too_large() -> Unreadable:
    """The refusal of a workbook that takes too much."""
    return Unreadable(_("The file is too large when unpacked. Divide it."))
