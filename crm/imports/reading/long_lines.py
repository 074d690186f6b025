"""Rows of a long text: only where each begins is remembered, cells are made as they are asked for.

A list of half a million rows of cells takes hundreds of megabytes; the text itself and eight bytes
a row do not. The text is passed once to find the rows, and again, portion by portion, to use them.
"""

from __future__ import annotations

import csv
import io
import re
from array import array
from collections.abc import Iterator, Sequence
from typing import overload

from crm.imports.reading.headers import FIRST_ROWS
from crm.imports.reading.table import Limits, Line, Unreadable
from crm.imports.reading.text import (
    FIELD_LIMIT,
    MOST_LINES_IN_CELL,
    clean_cell,
    refuse_too_many_rows,
)
from crm.said import gettext as _

BATCH = 5_000
_GUARDED = re.compile(r"(?:^|[^0-9A-Za-z])'", re.MULTILINE)  # perhaps the guard of a formula


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
            return Line(number + 1, self._cells(self.rows.cells(number, number + 1)[0], False))
        numbers = self.numbers[at]
        if not numbers:
            return []
        first = numbers[0]
        text = self.rows.text(first, numbers[-1] + 1)
        rows, plain = self.rows.split(text), text.isascii() and not _GUARDED.search(text)
        return [Line(number + 1, self._cells(rows[number - first], plain)) for number in numbers]

    def __iter__(self) -> Iterator[Line]:
        for start in range(0, len(self), BATCH):
            yield from self[start : start + BATCH]

    def columns(self, wanted: Sequence[int]) -> Iterator[list[str]]:
        """Cells of these columns, row by row: much quicker than whole lines."""
        for start in range(0, len(self), BATCH):
            numbers = self.numbers[start : start + BATCH]
            first = numbers[0]
            rows = self.rows.cells(first, numbers[-1] + 1)
            for number in numbers:
                row = rows[number - first]
                yield [clean_cell(row[at]) if at < len(row) else "" for at in wanted]

    def _cells(self, row: list[str], plain: bool) -> list[str]:
        if plain:
            cells = list(map(str.strip, row[: self.width]))
        else:
            cells = [clean_cell(cell) for cell in row[: self.width]]
        return cells + [""] * (self.width - len(cells)) if len(cells) < self.width else cells


def columns_of(lines: Sequence[Line], wanted: Sequence[int]) -> Iterator[list[str]]:
    """Cells of these columns of any lines."""
    if isinstance(lines, LongLines):
        yield from lines.columns(wanted)
    else:
        for line in lines:
            yield [line.cells[at] for at in wanted]


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
        return self.split(self.text(first, end))

    def text(self, first: int, end: int) -> str:
        """The text of these rows."""
        stop = self.starts[end] if end < len(self.starts) else len(self.content)
        return self.content[self.starts[first] : stop].decode("utf-8", "ignore")

    def split(self, text: str) -> list[list[str]]:
        """Rows of a text that begins and ends with a row."""
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
