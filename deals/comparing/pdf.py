"""A PDF with text as rows and columns: what stands below «Дебет» and «Кредит» by its place.

A PDF has no table, only words and rules with places. The words that name the columns tell where
amounts stand. A line of text without an amount belongs to the amount between the same rules; where
there are no rules, to the nearest one.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from crm.imports import synonyms
from crm.imports.reading import Limits, Unreadable, refuse_by_size
from crm.imports.reading.child import OutOfLimits, run_child

MAGIC = b"%PDF-"
CHILD = Path(__file__).with_name("pdf_child.py")
PASSWORD, TOO_LONG, TOO_MUCH = 3, 4, 5
MOST_PAGES, WORDS_OF_ROW = 300, 60
SAME_ROW = 0.35  # of the size of the letters
FARTHEST = 3  # sizes between a line of text and the amount that it belongs to
SPACE = 0.35  # sizes between the words of a text
BESIDE = 0.6  # sizes between the parts of one number
_MONEY = re.compile(r"[-−–]?\d{1,3}(?: \d{3})*[.,]\d{2}|[-−–]?\d+[.,]\d{2}")
_PART = re.compile(r"[-−–]?\d{1,3}|\d{3}[.,]\d{2}")
_DAY = re.compile(r"\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2}")


class Word(NamedTuple):
    """A word, or an amount of several, with its place in points from the top left."""

    left: float
    right: float
    middle: float
    size: float
    text: str


class Half(NamedTuple):
    """Where the amounts of one half stand and how far it goes."""

    debit: Word
    credit: Word
    end: float


Row = list[Word]
Cells = list[str]


def read(content: bytes, known: Callable[[str], str], limits: Limits) -> list[list[Cells]]:
    """Rows of each page in columns day, text, debit, credit per half; raises Unreadable."""
    refuse_by_size(content, limits)
    halves: list[Half] = []
    found, has_text = [], False
    for page in _pages(content, limits):
        rows = _rows([Word(*word) for word in page["words"]])
        has_text |= bool(rows)
        at, named = _header(rows, known)
        halves = named or halves
        made = list(_heading(rows[: at + 1], halves)) if named else []
        for band in _bands(rows[at + 1 :], page["rules"]) if halves else ():
            made += _records(band, halves, FARTHEST if not page["rules"] else len(band) * FARTHEST)
        found.append(made)
    if not has_text:
        raise Unreadable(_("The PDF holds a picture, no text. Ask for the statement as XLSX."))
    return found


def _pages(content: bytes, limits: Limits) -> Iterator[dict[str, Any]]:
    try:
        status, output = run_child(
            CHILD,
            *(MOST_PAGES, limits.rows * WORDS_OF_ROW),
            content=content,
            seconds=limits.seconds,
            memory_bytes=limits.memory_bytes,
        )
    except OutOfLimits:
        status, output = TOO_MUCH, b""
    if status == TOO_MUCH:
        raise Unreadable(_("The file takes too much time or memory to be read."))
    if status == PASSWORD:
        raise Unreadable(_("The file is protected by a password. Save it without one."))
    if status == TOO_LONG:
        raise Unreadable(
            _("The file has more than %(rows)s rows. Divide it.") % {"rows": limits.rows}
        )
    if status:
        raise Unreadable(_("The file is damaged or is not what its name says."))
    for line in output.splitlines():
        yield json.loads(line)


def _rows(words: list[Word]) -> list[Row]:
    """Words on one height, from left to right, with the parts of an amount joined."""
    rows: list[Row] = []
    for word in sorted(words, key=lambda word: (word.middle, word.left)):
        if rows and abs(rows[-1][0].middle - word.middle) <= word.size * SAME_ROW:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [_glued(_joined(sorted(row))) for row in rows]


def _joined(row: Row) -> Row:
    """«1», «234,56» beside each other are one amount."""
    found: Row = []
    for word in row:
        last = found[-1] if found else None
        if (
            last is not None
            and _PART.fullmatch(word.text)
            and re.fullmatch(r"[-−–]?\d{1,3}(?: \d{3})*", last.text)
            and len(word.text.partition(",")[0].partition(".")[0]) == 3
            and word.left - last.right < word.size * BESIDE
        ):
            found[-1] = last._replace(right=word.right, text=f"{last.text} {word.text}")
        else:
            found.append(word)
    return found


def _glued(row: Row) -> Row:
    """An amount that goes on with the words beside it stands in a text, in no column."""
    found: Row = []
    for word in row:
        last = found[-1] if found else None
        amounts = [bool(_MONEY.fullmatch(one.text)) for one in (word, last) if one]
        close = last is not None and word.left - last.right < word.size * SPACE
        if last is not None and close and amounts.count(True) == 1:
            found[-1] = last._replace(right=word.right, text=f"{last.text} {word.text}")
        else:
            found.append(word)
    return found


def _header(rows: list[Row], known: Callable[[str], str]) -> tuple[int, list[Half]]:
    """The first row with debit and credit, and the halves that it begins; -1 without one."""
    for at, row in enumerate(rows):
        columns = [(name, word) for word in row if (name := known(word.text)) in SIDES]
        pairs = [
            (one[1], other[1])
            for one, other in pairwise(columns)
            if one[0] == SIDES[0] and other[0] == SIDES[1]
        ]
        if pairs:
            return at, [
                Half(debit, credit, credit.right + (credit.left - debit.right) / 2)
                for debit, credit in pairs
            ]
    return -1, []


SIDES = ("debit", "credit")
HEADER = tuple(synonyms.STATEMENT[name][1] for name in ("day", "text", "debit", "credit"))


def _heading(rows: list[Row], halves: list[Half]) -> Iterator[Cells]:
    """What stands above the table, for whose half is whose, and names of columns."""
    for row in rows[:-1]:
        yield [cell for part in _by_half(row, halves) for cell in ("", _text(part), "", "")]
    yield list(HEADER) * len(halves)


def _bands(rows: list[Row], rules: list[float]) -> Iterator[list[Row]]:
    """Rows that stand between the same two rules."""
    for _place, band in groupby(rows, key=lambda row: bisect_left(rules, row[0].middle)):
        yield list(band)


def _records(rows: Sequence[Row], halves: list[Half], farthest: int) -> Iterator[Cells]:
    """One row of cells per row that has an amount, with the lines of text around it."""
    anchors = [at for at, row in enumerate(rows) if any(_side(word, halves) for word in row)]
    around: dict[int, list[Row]] = {at: [] for at in anchors}
    for row in rows if anchors else ():
        nearest = min(anchors, key=lambda at: abs(rows[at][0].middle - row[0].middle))
        gap = abs(rows[nearest][0].middle - row[0].middle)
        if gap <= row[0].size * farthest:
            around[nearest].append(row)
    for at in anchors:
        parts = [_by_half(row, halves) for row in around[at]]
        own = _by_half(rows[at], halves)
        yield [
            cell
            for half in range(len(halves))
            for cell in _cells([part[half] for part in parts], own[half], halves)
        ]


def _cells(rows: list[Row], own: Row, halves: list[Half]) -> Cells:
    """Day, text, debit and credit of one half of a record."""
    sums = {side: word.text for word in own if (side := _side(word, halves))}
    words = [word for row in rows for word in row if not _side(word, halves)]
    day = next((word for word in own[:1] if _DAY.fullmatch(word.text)), None)
    if day is None and words and _DAY.fullmatch(words[0].text):
        day = words[0]
    text = _text([word for word in words if word is not day])
    return [day.text if day else "", text, sums.get(SIDES[0], ""), sums.get(SIDES[1], "")]


def _by_half(row: Row, halves: list[Half]) -> list[Row]:
    """The words of each half; what stands right of all belongs to the last."""
    found: list[Row] = [[] for _half in halves]
    for word in row:
        centre = (word.left + word.right) / 2
        place = next((at for at, half in enumerate(halves) if centre <= half.end), len(halves) - 1)
        found[place].append(word)
    return found


def _side(word: Word, halves: list[Half]) -> str:
    """The column of an amount: the one whose name it stands below; "" for any other word."""
    if not _MONEY.fullmatch(word.text):
        return ""
    columns = [(side, getattr(half, side)) for half in halves for side in SIDES]
    side, name = min(columns, key=lambda column: _apart(word, column[1]))
    width = min(half.credit.left - half.debit.left for half in halves)
    return side if _apart(word, name) <= width / 2 else ""


def _apart(word: Word, name: Word) -> float:
    """How far an amount is from being flush with a name, or centred below it."""
    centres = (word.left + word.right - name.left - name.right) / 2
    return min(abs(word.left - name.left), abs(word.right - name.right), abs(centres))


def _text(row: Row) -> str:
    return " ".join(word.text for word in row)
