"""Rows below the header of a statement: operations, balances and turnovers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from crm.errors import RuleViolation
from crm.imports import synonyms
from crm.imports.reading import Unreadable, header_key
from deals.comparing.columns import SIDES, Half, cell
from deals.comparing.grid import known
from deals.comparing.records import NOTHING, Line, Remark, Statement
from deals.importers.days import DateOrder, DayReader, date_order
from deals.importers.numbers import money

LONGEST = 500  # characters of a text that are kept
EPOCH = date(1899, 12, 30).toordinal()  # day 0 of a spreadsheet
_DAY = re.compile(r"(?<![\d.])(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2})(?!\d)")
_SERIAL = re.compile(r"([2-7]\d{4})(?:[.,]\d+)?")
_YEAR_TAIL = re.compile(synonyms.YEAR_TAIL)


@dataclass
class _Reader:
    """Collects what the rows of one half say."""

    half: Half
    first: Half  # text may stand in the first half only
    days: DayReader
    lines: list[Line] = field(default_factory=list)
    sums: dict[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    warnings: list[Remark] = field(default_factory=list)
    last_day: date | None = None
    keys: int = 0

    def row(self, row: Sequence[str], place: str) -> None:
        """One row: a sum of the statement, an operation, or neither."""
        if _is_header(row, self.half):
            return
        words = self.half.words(row) or self.first.words(row)
        kind = _sum_kind(words)
        if kind == "balance":
            kind = "closing" if self.lines or "opening" in self.sums else "opening"
        try:
            debit, credit = (_money(cell(row, at)) for at in self.half.sums)
        except ValidationError:
            if not kind and self._day(row, words):
                self.warnings.append(Remark("unread", {"place": place}))
            return
        if kind:
            self._sum(kind, debit, credit)
        elif words or cell(row, self.half.number):
            self._operation(row, words, debit, credit, place)

    def _sum(self, kind: str, debit: Decimal, credit: Decimal) -> None:
        if kind == "opening":
            self.sums.setdefault(kind, (debit, credit))
        elif kind == "closing" or (debit or credit):
            self.sums[kind] = debit, credit

    def _operation(
        self, row: Sequence[str], words: list[str], debit: Decimal, credit: Decimal, place: str
    ) -> None:
        """A line for each side that has an amount; usually one."""
        day = self._day(row, words)
        if not (debit or credit) or ("closing" in self.sums and not self._own_day(row)):
            return  # below the closing balance stands text, unless another table begins
        if day is None:
            self.warnings.append(Remark("no_day", {"place": place}))
            day = self.last_day
        self.last_day = day or self.last_day
        own = cell(row, self.half.text)
        text = own or " ".join(word for word in words if not _DAY.fullmatch(word))
        for one, other in ((debit, NOTHING), (NOTHING, credit)):
            if one or other:
                self.keys += 1
                number = cell(row, self.half.number)[:LONGEST]
                self.lines.append(
                    Line(self.keys, day or date.min, text[:LONGEST], number, one, other, place)
                )

    def _day(self, row: Sequence[str], words: list[str]) -> date | None:
        """The day of its column, else of a cell that is a day, else the first of the text."""
        if own := self._own_day(row):
            return own
        for word in words:
            if found := _DAY.search(word):
                return self._read_day(found[0])
        return None

    def _own_day(self, row: Sequence[str]) -> date | None:
        return self._read_day(cell(row, self.half.day))

    def _read_day(self, text: str) -> date | None:
        plain = _YEAR_TAIL.sub("", text.strip())
        if serial := _SERIAL.fullmatch(plain):
            return date.fromordinal(EPOCH + int(serial[1]))
        try:
            return self.days.read(plain)
        except ValidationError:
            return None


def operations(
    rows: Sequence[Sequence[str]],
    places: Sequence[str],
    half: Half,
    first: Half,
    warnings: Sequence[Remark],
) -> Statement:
    """The statement of one half; raises Unreadable when it has neither lines nor balances."""
    order, remarks = _order(rows, half)
    reader = _Reader(half, first, DayReader(order))
    for row, place in zip(rows, places, strict=True):
        reader.row(row, place)
    if not reader.lines and not reader.sums:
        raise Unreadable(_("The statement has no operations and no balances."))
    lines = _without_row_numbers(_with_days(reader.lines))
    opening, closing = (_balance(reader.sums.get(name)) for name in ("opening", "closing"))
    turnover = reader.sums.get("turnover", (None, None))
    made = Statement(tuple(lines), opening, closing, turnover[0], turnover[1], of=half.of)
    told = (*warnings, *remarks, *reader.warnings, *_checked(made))
    return replace(made, warnings=told)


def has_amounts(half: Half, rows: Sequence[Sequence[str]]) -> bool:
    """Whether anybody filled in the half."""
    return any(
        not _is_header(row, half) and any(_is_amount(cell(row, at)) for at in half.sums)
        for row in rows
    )


def _is_amount(text: str) -> bool:
    try:
        return bool(_money(text))
    except ValidationError:
        return False


def _is_header(row: Sequence[str], half: Half) -> bool:
    """The header once more on another page, or the numbers of columns below it."""
    if {known(cell(row, at)) for at in half.sums} & set(SIDES):
        return True
    filled = [text for text in row if text]
    first = int(filled[0]) if filled and filled[0].isdecimal() and len(filled[0]) < 3 else 0
    return len(filled) > 2 and filled == [str(first + at) for at in range(len(filled))]


def _order(rows: Sequence[Sequence[str]], half: Half) -> tuple[DateOrder, list[Remark]]:
    try:
        return date_order([cell(row, half.day) for row in rows], ""), []
    except RuleViolation:
        return DateOrder.DMY, [Remark("unclear_days")]


def _sum_kind(words: Sequence[str]) -> str:
    """Which sum of the statement the row is, "" for an operation."""
    keys = [header_key(word) for word in words]
    for kind, starts in synonyms.STATEMENT_ROWS.items():
        if any(key.startswith(starts) for key in keys):
            return kind
    return ""


def _money(text: str) -> Decimal:
    plain = text.strip()
    return NOTHING if plain.casefold() in synonyms.NO_AMOUNT else money(plain)


def _with_days(lines: list[Line]) -> list[Line]:
    """Lines above the first day get it; a statement without any day is refused."""
    first = next((line.on for line in lines if line.on != date.min), None)
    if lines and first is None:
        raise Unreadable(_("The statement has no days."))
    return [replace(line, on=first) if first and line.on == date.min else line for line in lines]


def _without_row_numbers(lines: list[Line]) -> list[Line]:
    """A column «№» that only counts the rows names no documents."""
    counted = [str(place) for place in range(1, len(lines) + 1)]
    if len(lines) < 2 or [line.number for line in lines] != counted:
        return lines
    return [replace(line, number="") for line in lines]


def _balance(sums: tuple[Decimal, Decimal] | None) -> Decimal | None:
    return None if sums is None else sums[0] - sums[1]


def _checked(statement: Statement) -> Iterator[Remark]:
    """What is missing or does not add up."""
    debit = sum((line.debit for line in statement.lines), NOTHING)
    credit = sum((line.credit for line in statement.lines), NOTHING)
    for counted, stated in ((debit, statement.turnover_debit), (credit, statement.turnover_credit)):
        if stated is not None and stated != counted:
            yield Remark("turnover_differs", {"counted": counted, "stated": stated})
    if statement.opening is None:
        yield Remark("no_opening")
    if statement.closing is None:
        yield Remark("no_closing")
    elif statement.opening is not None:
        counted = statement.opening + debit - credit
        if counted != statement.closing:
            yield Remark("closing_differs", {"counted": counted, "stated": statement.closing})
