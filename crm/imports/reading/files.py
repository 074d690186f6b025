"""One entrance: content of any kind becomes a table or is refused with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from crm.imports.reading import text, workbook
from crm.imports.reading.headers import Known, find_header
from crm.imports.reading.long_lines import LongLines, TextRows
from crm.imports.reading.packed import GZIP, unpack
from crm.imports.reading.table import Limits, Line, Table, Unreadable

Rows = Sequence[Sequence[str]]
ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # old XLS, and XLSX under a password
FOREIGN = (
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"%PDF", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"MZ", "EXE"),
    (b"\x7fELF", "ELF"),
    (b"BZh", "BZIP2"),
    (b"7z\xbc\xaf", "7Z"),
    (b"Rar!", "RAR"),
    (b"\xfd7zXZ", "XZ"),
    (b"SQLite format 3", "SQLite"),
)


def read_table(content: bytes, known: Known, limits: Limits) -> Table:
    """Read a CSV or XLSX file; raises Unreadable with the reason, never anything else.

    `known` tells which field a column name means: the header is found by it. A CSV file may be
    packed by GZIP.
    """
    refuse_by_size(content, limits)
    if content.startswith((ZIP, EMPTY_ZIP)):
        return _first_with_header(content, known, limits)
    content = _plain(content, limits)
    found = text.read(content, known, limits)
    return _table(found.rows, known, limits, encoding=found.encoding, separator=found.separator)


def read_long_table(content: bytes, known: Known, limits: Limits) -> Table:
    """The same for files of up to `limits.long_rows`: rows of a text are not kept in memory."""
    refuse_by_size(content, limits)
    if content.startswith((ZIP, EMPTY_ZIP)):
        return _first_with_header(content, known, limits)
    plain, encoding, separator = text.as_utf8(_plain(content, limits), known)
    rows = TextRows(plain, separator, limits)
    index, header, recognised = _header(rows.head(), known, limits)
    lines = LongLines(rows, index, len(header))
    if len(lines) > limits.long_rows:
        raise text.refuse_too_many_rows(limits.long_rows)
    if not lines:
        raise _no_rows()
    return Table(
        header, index + 1, lines, recognised=recognised, encoding=encoding, separator=separator
    )


def read_sheets(content: bytes, known: Known, limits: Limits) -> Iterator[workbook.Sheet]:
    """Rows of a CSV file or of each visible sheet as they stand: the caller finds the table."""
    refuse_by_size(content, limits)
    if content.startswith((ZIP, EMPTY_ZIP)):
        workbook.check(content, limits)
        yield from workbook.sheets(content, limits)
    else:
        yield workbook.Sheet("", 1, text.read(_plain(content, limits), known, limits).rows)


def _plain(content: bytes, limits: Limits) -> bytes:
    """The text of a CSV file, unpacked if need be; a known binary kind is refused."""
    if content.startswith(GZIP):
        content = unpack(content, limits)
        if not content.strip():
            raise Unreadable(_("The file is empty."))
        if content.startswith((ZIP, GZIP)):
            raise Unreadable(_("Only a CSV file may be packed by GZIP."))
    _refuse_foreign(content)
    return content


def refuse_by_size(content: bytes, limits: Limits) -> None:
    """Refuse what is empty or larger than allowed, before anything of it is read."""
    if not content.strip():
        raise Unreadable(_("The file is empty."))
    if len(content) > limits.file_bytes:
        size = limits.file_bytes // (1024 * 1024)
        raise Unreadable(_("The file is larger than %(size)s MB. Divide it.") % {"size": size})


def _refuse_foreign(content: bytes) -> None:
    if content.startswith(COMPOUND):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise Unreadable(_("The file is protected by a password. Save it without one."))
        raise Unreadable(_("This is a workbook of the old XLS format. Save it as XLSX."))
    for start, name in FOREIGN:
        if content.startswith(start):
            raise Unreadable(
                _("This is not a table but a file of the kind %(kind)s. CSV and XLSX are read.")
                % {"kind": name}
            )


def _first_with_header(content: bytes, known: Known, limits: Limits) -> Table:
    """The first visible sheet whose header is recognised, else the first one with rows."""
    workbook.check(content, limits)
    first: Table | None = None
    for sheet in workbook.sheets(content, limits):
        table = _table_or_none(sheet, known, limits)
        if table is not None and table.recognised:
            return table
        first = first or table
    if first is None:
        raise Unreadable(_("The workbook has no table: no sheet has a row with two filled cells."))
    return first


def _table_or_none(sheet: workbook.Sheet, known: Known, limits: Limits) -> Table | None:
    try:
        return _table(sheet.rows, known, limits, sheet=sheet.name, start=sheet.start)
    except _NoHeader:
        return None


class _NoHeader(Unreadable):
    """No row that could name the columns."""


def _table(rows: Rows, known: Known, limits: Limits, *, start: int = 1, **facts: Any) -> Table:
    index, header, recognised = _header(rows, known, limits)
    lines = list(_lines(rows[index + 1 :], start + index + 1, len(header)))
    if len(lines) > limits.rows:
        raise text.refuse_too_many_rows(limits.rows)
    if not lines:
        raise _no_rows()
    return Table(header, start + index, lines, recognised, **facts)


def _header(rows: Rows, known: Known, limits: Limits) -> tuple[int, list[str], bool]:
    """Index of the header, its names, and whether they were recognised."""
    index, recognised = find_header(rows, known)
    if index < 0:
        raise _NoHeader(
            _("No table was found: no row of the first twenty names at least two columns.")
        )
    header = _without_empty_tail(rows[index])
    if len(header) > limits.columns:
        raise Unreadable(
            _("The table has more than %(columns)s columns.") % {"columns": limits.columns}
        )
    return index, header, recognised


def _no_rows() -> Unreadable:
    return Unreadable(_("The file has a header and no rows below it."))


def _lines(rows: Iterable[Sequence[str]], number: int, width: int) -> Iterable[Line]:
    """Rows with their numbers, as wide as the header; empty ones are left out."""
    for at, cells in enumerate(rows, start=number):
        row = [*cells[:width], *[""] * (width - len(cells))]
        if any(row):
            yield Line(at, row)


def _without_empty_tail(cells: Sequence[str]) -> list[str]:
    header = list(cells)
    while header and not header[-1]:
        header.pop()
    return header
