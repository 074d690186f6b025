"""Rows of a file with their places, whatever kind of file it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from crm.imports import synonyms
from crm.imports.reading import Limits, header_key, read_sheets
from deals.comparing import pdf

_KNOWN = {
    name: field for field, names in synonyms.STATEMENT.items() for name in map(header_key, names)
}


@dataclass(frozen=True)
class Grid:
    """Rows of text cells; a place is what a person looks for in the file."""

    rows: Sequence[Sequence[str]]
    places: Sequence[str]


def known(cell: str) -> str:
    """Which column of a statement the cell names, else ""."""
    key = header_key(cell)
    for tail in synonyms.IN_ROUBLES:
        key = key.removesuffix(f" {tail}")
    return _KNOWN.get(key, "")


def grids(content: bytes, limits: Limits) -> Iterator[Grid]:
    """The tables of the file: its sheets, or the pages of a PDF as one; raises Unreadable."""
    if content.startswith(pdf.MAGIC):
        pages = pdf.read(content, known, limits)
        rows = [row for page in pages for row in page]
        places = [
            _("page %(page)s, line %(line)s") % {"page": page, "line": line}
            for page, found in enumerate(pages, start=1)
            for line in range(1, len(found) + 1)
        ]
        yield Grid(rows, places)
        return
    for sheet in read_sheets(content, known, limits):
        numbers = range(sheet.start, sheet.start + len(sheet.rows))
        yield Grid(sheet.rows, [_("row %(row)s") % {"row": number} for number in numbers])
