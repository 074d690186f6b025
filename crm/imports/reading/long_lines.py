"""Rows of a long text: only where each begins is remembered, cells are made as they are asked for.

A list of half a million rows of cells takes hundreds of megabytes; the text itself and eight bytes
a row do not. The text is passed once to find the rows, and again, portion by portion, to use them.
"""

from __future__ import annotations

import csv
import io
from array import array
from collections.abc import Iterator, Sequence
from typing import overload

from django.utils.translation import gettext as _

from crm.imports.reading.headers import FIRST_ROWS
from crm.imports.reading.table import Limits, Line, Unreadable
from crm.imports.reading.text import (
    FIELD_LIMIT,
    MOST_LINES_IN_CELL,
    clean_cell,
    refuse_too_many_rows,
)

BATCH = 5_000


class LongLines(Sequence[Line]):
    """The rows below the header of a text in UTF-8, empty ones left out."""

    def __init__(self, rows: TextRows, header: int, width: int) -> None:
        self.rows = rows
        self.width = width
        self.numbers = array("L", rows.filled_below(header, width))

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, at: int) -> Line: ...

    @overload
    def __getitem__(self, at: slice) -> list[Line]: ...

    def __getitem__(self, at: int | slice) -> Line | list[Line]:
        if isinstance(at, int):
            number = self.numbers[at]
            return Line(number + 1, self._cells(self.rows.cells(number, number + 1)[0]))
        numbers = self.numbers[at]
        if not numbers:
            return []
        first = numbers[0]
        rows = self.rows.cells(first, numbers[-1] + 1)
        return [Line(number + 1, self._cells(rows[number - first])) for number in numbers]

    def __iter__(self) -> Iterator[Line]:
        for start in range(0, len(self), BATCH):
            yield from self[start : start + BATCH]

    def _cells(self, row: list[str]) -> list[str]:
        cells = [clean_cell(cell) for cell in row[: self.width]]
        return cells + [""] * (self.width - len(cells)) if len(cells) < self.width else cells


class TextRows:
    """Where the rows of a CSV text begin, its header and empty ones included."""

    def __init__(self, content: bytes, separator: str, limits: Limits) -> None:
        self.content, self.separator = content, separator
        self.starts = array("Q")
        self.doubtful = array("L")  # rows whose first cell is empty: perhaps nothing else either
        self.strict = True
        try:
            self._scan(limits)
        except csv.Error:  # its quotes are wrong: read without belief in them
            self.strict = False
            self._scan_loosely(limits)

    def head(self) -> list[list[str]]:
        """The first rows, among which the header is looked for."""
        rows = self.cells(0, min(FIRST_ROWS, len(self.starts)))
        return [[clean_cell(cell) for cell in row] for row in rows]

    def cells(self, first: int, end: int) -> list[list[str]]:
        """Rows from the first to before the end, as they stand in the file."""
        stop = self.starts[end] if end < len(self.starts) else len(self.content)
        text = self.content[self.starts[first] : stop].decode("utf-8", "ignore")
        return list(self._reader(io.StringIO(text, newline="")))

    def filled_below(self, header: int, width: int) -> Iterator[int]:
        """Rows below the header that have something in its columns."""
        doubtful = set(self.doubtful)
        for number in range(header + 1, len(self.starts)):
            if number not in doubtful or self._is_filled(number, width):
                yield number

    def _is_filled(self, number: int, width: int) -> bool:
        return any(clean_cell(cell) for cell in self.cells(number, number + 1)[0][:width])

    def _scan(self, limits: Limits) -> None:
        self.starts, self.doubtful = array("Q"), array("L")
        start = end = 0

        def lines() -> Iterator[str]:
            nonlocal end
            stream = io.TextIOWrapper(io.BytesIO(self.content), "utf-8", "ignore", newline="")
            for line in stream:
                end += len(line) if line.isascii() else len(line.encode())
                yield line

        for row in self._reader(lines()):
            if len(self.starts) > limits.long_rows + FIRST_ROWS:
                raise refuse_too_many_rows(limits.long_rows)
            if not self.strict and any(cell.count("\n") > MOST_LINES_IN_CELL for cell in row):
                raise Unreadable(
                    _("A quote that opens in row %(row)s is not closed.")
                    % {"row": len(self.starts) + 1}
                )
            if not row or not clean_cell(row[0]):
                self.doubtful.append(len(self.starts))
            self.starts.append(start)
            start = end

    def _scan_loosely(self, limits: Limits) -> None:
        try:
            self._scan(limits)
        except csv.Error:
            raise Unreadable(_("A cell is too long. A quote is probably not closed.")) from None

    def _reader(self, lines: Iterator[str] | io.StringIO) -> Iterator[list[str]]:
        csv.field_size_limit(FIELD_LIMIT)
        return csv.reader(lines, delimiter=self.separator, strict=self.strict)
